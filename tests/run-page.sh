#!/usr/bin/env bash
# Runs the commands of a page as its reader would, in an empty folder: those of the blocks behind "<!-- run -->". Behind the colon in
# "<!-- run: 0, 3 -->" stand the exit statuses of the block's lines, 0 where none is given. Of several pages, each has its own folder.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(mktemp -d)
background=()
trap 'kill "${background[@]}" 2> /dev/null || true; rm -rf "$folder"' EXIT
ran=0

# A port that is free now, in place of the page's.
port=$((20000 + RANDOM % 20000))

run() {
    local line=$1 expected=$2 status=0
    line=${line//8080/$port}
    echo "$ $line"
    if [[ $line == *'&' ]]; then
        bash -c "exec ${line%&}" > server.log 2>&1 &
        background+=($!)
        for _ in $(seq 300); do grep -q http server.log && break; sleep 0.1; done
    else
        bash -c "$line" > output.log 2>&1 || status=$?
        if [ "$status" != "$expected" ]; then
            cat output.log >&2
            echo "$page: '$line' ended with $status instead of $expected." >&2
            exit 1
        fi
    fi
    ran=$((ran + 1))
}

for page; do
    mkdir "$folder/$(basename "$page")"
    cd "$folder/$(basename "$page")"
    ln -s "$root"/{nanoota,samples,templates,targets,tests} .
    # One line for each command: its expected status, a space, the command.
    awk '/^<!-- run/ { pending = 1; split("", codes); if (match($0, /: [0-9, ]+/)) split(substr($0, RSTART + 2, RLENGTH - 2), codes, /, */) ; next }
         /^```/ { if (inside) { inside = 0 } else { inside = pending; n = 0 } pending = 0; next }
         inside && NF { n++; print (n in codes ? codes[n] + 0 : 0), $0 }
         !/^$/ { pending = 0 }' "$root/$page" > commands
    while read -r expected line <&3; do run "$line" "$expected"; done 3< commands
    if [ ${#background[@]} -gt 0 ]; then
        kill "${background[@]}" 2> /dev/null || true
        wait "${background[@]}" 2> /dev/null || true
        background=()
    fi
done
[ "$ran" -gt 0 ] || { echo "There was no command to run." >&2; exit 1; }
echo "$ran commands."
