#!/bin/sh
# Installs the systems that the targets are proved against and says where each lies:
#
#     sh install.sh [SYSTEM…]        one line for each: its name, a tab, its folder
#
# A folder is named after a hash of the system's pins and scripts, so that a change of either makes a
# new one. It is built beside its place and renamed, and one process builds it while others wait. A
# system whose Python is not on this machine is left out: no line for it, and a word on stderr.
set -eu
cd "$(dirname "$0")"
here=$PWD
cache=${XDG_CACHE_HOME:-$HOME/.cache}/signalman/targets
mkdir -p "$cache"
[ $# -gt 0 ] || set -- tryton bottlecrm localstripe stripe-stateful-mock radicale pm4py aiosmtpd synapse telegram-test-api aiogram

for system in "$@"; do
    python=-
    case "$system" in
        stripe-stateful-mock | telegram-test-api) ;;
        bottlecrm) python=$(sh python.sh 3.12) || python="" ;;
        *) python=$(sh python.sh 3.11) || python="" ;;
    esac
    if [ -z "$python" ]; then
        echo "$system is left out: it needs a newer Python than there is here" >&2
        continue
    fi
    # Tryton's accounts are kept for years: this one and the next.
    year=-
    [ "$system" != tryton ] || year=$(date +%Y)
    version=$([ "$python" = - ] || "$python" -V)
    hash=$({ echo "$python $version $year"; cat "$system"/*; } | sha256sum | cut -c1-12)
    folder=$cache/$system-$hash
    if [ ! -d "$folder" ]; then
        (
            flock 9
            [ -d "$folder" ] && exit 0
            echo "installing $system into $folder" >&2
            rm -rf "$folder".half*
            half=$(mktemp -d "$folder.half.XXXXXX")
            chmod 755 "$half"
            if ! (cd "$half" && sh "$here/$system/build.sh" "$here" "$python" "$year") >"$folder.log" 2>&1; then
                tail -n 40 "$folder.log" >&2
                rm -rf "$half"
                exit 1
            fi
            mv "$half" "$folder"
        ) 9>"$cache/$system.lock"
    fi
    printf '%s\t%s\n' "$system" "$folder"
done
