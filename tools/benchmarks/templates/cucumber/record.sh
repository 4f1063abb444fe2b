# Not part of a measured run: makes the recordings from the cassettes in the folder $1.
cp ../behave/shop.json . || exit
POLLY_MODE=record RECORD_FROM="$1" exec node node_modules/@cucumber/cucumber/bin/cucumber.js \
    --import record.mjs --format summary
