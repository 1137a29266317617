#!/bin/sh
# Into the current folder: aiosmtpd.
set -eu
servers=$1 python=$2
"$python" -m venv .
bin/python -m pip install --quiet --no-deps --only-binary :all: -r "$servers/aiosmtpd/requirements.txt"
