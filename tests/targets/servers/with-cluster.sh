#!/bin/sh
# Runs a command with a PostgreSQL server of its own below the current folder, gone afterwards. The
# command finds it by PGHOST, PGPORT and PGUSER.
#
#     sh with-cluster.sh PYTHON COMMAND…
set -eu
folder=$(mktemp -d)
chmod 755 "$folder"
PGHOST=127.0.0.1 PGUSER=signalman
PGPORT=$("$1" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PGHOST PGPORT PGUSER
shift
sh "$(dirname "$0")/cluster.sh" "$folder" "$PGPORT" &
cluster=$!
trap 'kill -QUIT $cluster; wait $cluster || true; rm -rf "$folder"' EXIT
tries=0
until psql -Xqc '' postgres 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || exit 1
    sleep 0.1
done
"$@"
