#!/bin/sh
# Installs the peers: install.sh PYTHON FOLDER. Node comes with it, because cucumber-js needs a newer one than the report.
set -e
here=$(dirname "$0")
requirements=$here/../../../requirements
"$1" -m venv --clear "$2"
"$2/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r "$requirements/peers.txt" -r "$requirements/node.txt"
cp "$here/cucumber/package.json" "$here/cucumber/package-lock.json" "$2"
cd "$2"
PATH="$2/bin:$PATH" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --silent
