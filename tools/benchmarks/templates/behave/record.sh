# Not part of a measured run: makes the recordings and shop.json from the cassettes in the folder $1.
exec python features/record.py "$1"
