#!/bin/sh
# Into the current folder: telegram-test-api.
set -eu
cp "$1/telegram-test-api/package.json" "$1/telegram-test-api/package-lock.json" .
npm ci --no-audit --no-fund --ignore-scripts --cache "${XDG_CACHE_HOME:-$HOME/.cache}/signalman/npm"
