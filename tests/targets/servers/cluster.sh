#!/bin/sh
# A PostgreSQL server on loopback with its data in FOLDER/data, as the process that we are:
#
#     sh cluster.sh FOLDER PORT
#
# Everybody on this machine may log in as `signalman`. Debian keeps the programs out of the path, and
# PostgreSQL runs for nobody who is root.
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
data=$1/data
as=""
if [ "$(id -u)" = 0 ]; then
    as="setpriv --reuid=nobody --regid=nogroup --clear-groups"
    # From a folder of root's it could not even look where it is.
    cd /
fi
if [ ! -d "$data" ]; then
    mkdir "$data"
    [ -z "$as" ] || chown nobody:nogroup "$data"
    $as "$bin/initdb" -D "$data" -U signalman -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
fi
# What is committed is with the kernel, and so outlives a kill; nobody pulls the plug here.
exec $as "$bin/postgres" -D "$data" -p "$2" -h 127.0.0.1 -k "" -c fsync=off -c max_connections=200
