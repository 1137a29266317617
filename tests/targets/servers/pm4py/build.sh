#!/bin/sh
# Into the current folder: PM4Py, which reads event logs and finds the process in them.
set -eu
servers=$1 python=$2
"$python" -m venv .
bin/python -m pip install --quiet --no-deps --only-binary :all: -r "$servers/pm4py/requirements.txt"
# What is read for the first time is compiled: not while a test waits.
bin/python -c 'import pm4py'
