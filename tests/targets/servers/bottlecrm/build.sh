#!/bin/sh
# Into the current folder: BottleCRM, and `seed.dump`, a database with what seed.py puts there.
set -eu
servers=$1 python=$2
"$python" -m venv .
bin/python -m pip install --quiet --no-deps --only-binary :all: -r "$servers/bottlecrm/requirements.txt"
cat >fill.sh <<'FILL'
set -eu
createdb seed
export DBHOST="$PGHOST" DBPORT="$PGPORT" DBUSER="$PGUSER" DBPASSWORD= DBNAME=seed
export DJANGO_SETTINGS_MODULE=crm.settings SECRET_KEY=signalman-test-secret-of-32-bytes-or-more
bin/python -m django migrate
bin/python "$1/bottlecrm/seed.py"
pg_dump --format=custom --file=seed.dump seed
FILL
sh "$servers/with-cluster.sh" "$python" sh fill.sh "$servers"
