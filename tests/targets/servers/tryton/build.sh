#!/bin/sh
# Into the current folder: Tryton, and `seed.dump`, a database with what seed.py puts there.
set -eu
servers=$1 python=$2 year=$3
"$python" -m venv .
bin/python -m pip install --quiet --no-deps --only-binary :all: -r "$servers/tryton/requirements.txt"
cat >fill.sh <<'FILL'
set -eu
createdb seed
export TRYTOND_DATABASE_URI="postgresql://$PGUSER@$PGHOST:$PGPORT/" DB_NAME=seed TRYTONPASSFILE=password
echo signalman-test-password >password
bin/python bin/trytond-admin -d seed --all --email signalman@example.org
bin/python bin/trytond-admin -d seed -u account_invoice sale_subscription --activate-dependencies
bin/python "$1/tryton/seed.py" "$2"
pg_dump --format=custom --file=seed.dump seed
rm password
FILL
sh "$servers/with-cluster.sh" "$python" sh fill.sh "$servers" "$year"
