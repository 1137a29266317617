#!/bin/sh
# Into the current folder: stripe-stateful-mock.
set -eu
cp "$1/stripe-stateful-mock/package.json" "$1/stripe-stateful-mock/package-lock.json" .
npm ci --no-audit --no-fund --ignore-scripts --cache "${XDG_CACHE_HOME:-$HOME/.cache}/signalman/npm"
