#!/bin/sh
# Into the current folder: aiogram, which knows what Telegram takes.
set -eu
servers=$1 python=$2
"$python" -m venv .
bin/python -m pip install --quiet --no-deps --only-binary :all: -r "$servers/aiogram/requirements.txt"
