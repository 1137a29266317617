#!/bin/sh
# Makes sure that the named programs are there. What Debian packages is installed where we may;
# otherwise it says what to install.
set -eu

package() {
    case "$1" in
        cc) echo build-essential ;;
        chromium) echo chromium fonts-dejavu-core ;;
        redis-cli) echo redis-tools ;;
        taskset) echo util-linux ;;
        *) echo "$1" ;;
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
    command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
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
