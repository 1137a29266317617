#!/bin/sh
# Makes sure that the named programs are there. What Debian packages is installed where we may;
# otherwise it says what to install.
set -eu

package() {
    case "$1" in
        cc) echo build-essential ;;
        chromium) echo chromium fonts-dejavu-core ;;
        node) echo nodejs ;;
        *) echo "$1" ;;
    esac
}

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
