#!/usr/bin/env bash
# until-end.sh SECONDS LOG COMMAND...: runs a program until it has printed the line END, and ends it then: a nanoCLR exits only when
# no managed thread is left, and a library may leave one behind. LOG receives what it prints.
# Exits with 0 once END is there, 1 when the program ended without it, 124 when the time was up.
set -uo pipefail
seconds=$1 log=$2
shift 2
"$@" > "$log" 2>&1 < /dev/null &
program=$!
trap 'kill "$program" 2> /dev/null; wait "$program" 2> /dev/null' EXIT
has_ended() { grep -q $'^END\r*$' "$log"; }
until=$((SECONDS + seconds))
while kill -0 "$program" 2> /dev/null; do
    has_ended && exit 0
    [ "$SECONDS" -ge "$until" ] && exit 124
    sleep 0.1
done
has_ended || exit 1
