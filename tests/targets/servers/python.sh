#!/bin/sh
# Prints a Python that runs, can make virtual environments and is as new as asked for: sh python.sh 3.12
# A name alone proves nothing: pyenv's shims are there for versions that are not switched on.
set -eu
for python in python3 python3.12 python3.13 python3.14 "$HOME"/.pyenv/versions/*/bin/python3; do
    "$python" -c "import sys, venv, ensurepip; sys.exit(not (${1%.*}, ${1#*.}) <= sys.version_info[:2] <= (3, 14))" 2>/dev/null &&
        "$python" -c 'import sys; print(sys.executable)' && exit 0
done
exit 1
