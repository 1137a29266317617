#!/bin/sh
# Runs a server below a folder of its own for as long as somebody holds our input, and not longer:
# however the tests end, the server ends and its folder goes.
#
#     sh keep.sh FOLDER COMMAND…
#
# Each line read starts the server and is answered by its process id. Who reads it may kill it and
# start it again.
set -u
folder=$1 server=""
shift
while read -r _; do
    wait
    "$@" </dev/null >>"$folder/log" 2>&1 &
    server=$!
    echo "$server"
done
[ -z "$server" ] || kill -KILL "$server" 2>/dev/null
wait
rm -rf "$folder"
