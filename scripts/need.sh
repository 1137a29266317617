#!/bin/sh
# Makes sure that the named programs are there. What Debian packages is installed where we may;
# otherwise it says what to install.
set -eu

package() {
    case "$1" in
        cc) echo build-essential ;;
        chromium) echo chromium fonts-dejavu-core ;;
        pango) echo libpango-1.0-0 libpangoft2-1.0-0 ;;
        postgres) echo postgresql ;;
        python3) echo python3 python3-venv ;;
        redis-cli) echo redis-tools ;;
        taskset) echo util-linux ;;
        *) echo "$1" ;;
    esac
}

# Most are where the shell finds them. Debian keeps PostgreSQL's own out of the path, its Python may
# lack what makes virtual environments, and a library is no program.
there() {
    case "$1" in
        pango) ldconfig -p | grep -q libpangoft2 ;;
        postgres) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
        python3) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# Debian 12's own Node is too old for Vite, so it is not installed for anybody.
if command -v node >/dev/null 2>&1; then
    major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    if [ "$major" -lt 20 ]; then
        echo "Node $(node --version) is too old: 20 or newer is needed, see https://nodejs.org" >&2
        exit 1
    fi
fi

missing=""
for program in "$@"; do
    there "$program" || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

packages=""
for program in $missing; do
    case "$program" in
        cargo)
            echo "Rust is needed: install it with rustup, see https://rustup.rs" >&2
            exit 1
            ;;
        node | npm)
            echo "Node 20 or newer is needed, with npm: see https://nodejs.org" >&2
            exit 1
            ;;
        *) packages="$packages $(package "$program")" ;;
    esac
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
else
    echo "Please install:$packages" >&2
    exit 1
fi
