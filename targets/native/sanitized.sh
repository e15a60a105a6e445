#!/usr/bin/env bash
# Compiles the slot core as a shared library with sanitizers, for ./nanoota powerfail, soak, demo and fuzz. What it prints is for a
# shell to evaluate: NANOOTA_CORE, the library; or NANOOTA_NO_CORE, why there is none. With AddressSanitizer, which must be loaded
# before everything else, LD_PRELOAD and ASAN_OPTIONS besides.
# usage: sanitized.sh FOLDER
set -uo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1
cc=${CC:-cc}
library=$folder/libnanoota_native.so

none() {
    printf 'export NANOOTA_NO_CORE=%q\n' "$1"
    exit 0
}

[ "$(uname -s)" = Linux ] || none "it is compiled on Linux only"
command -v "$cc" >/dev/null || none "there is no C compiler"
mkdir -p "$folder"

# Compiles with these sanitizers, into this file, with these further options.
compile() {
    "$cc" -std=c11 -O2 -g -fPIC -shared -fno-omit-frame-pointer "-fsanitize=$1" -fno-sanitize-recover=all "-DNOTA_TEST_SANITIZERS=\"$1\"" \
        "${@:3}" -I "$source/include" "$source"/src/*.c "$source/tests/shim.c" -o "$2"
}

# Where AddressSanitizer's library lies, GCC's or Clang's; nothing when it cannot be loaded into another program, such as dotnet.
address() {
    local file
    for file in libasan.so "libclang_rt.asan-$(uname -m).so" libclang_rt.asan.so; do
        file=$("$cc" "-print-file-name=$file")
        if [[ $file == /* ]] && [ -z "$(env LD_PRELOAD="$file" ASAN_OPTIONS=detect_leaks=0 true 2>&1)" ]; then
            realpath "$file"
            return
        fi
    done
}

# Compiled anew when a source, this script or the compiler is another one than before.
stamp() {
    "$cc" --version
    cat "${BASH_SOURCE[0]}" "$source"/src/* "$source"/include/* "$source/tests/shim.c" | cksum
}

# Two at once would write the same file: each writes its own, and renames it.
if [ ! -f "$library" ] || [ "$(stamp)" != "$(cat "$folder/stamp" 2>/dev/null)" ]; then
    own=$folder/$$
    preload=$(address)
    if [ -z "$preload" ] || ! { compile address,undefined "$own.so" -shared-libasan || compile address,undefined "$own.so"; } 2>/dev/null; then
        preload=
        if ! compile undefined "$own.so" 2>"$own.log"; then
            cat "$own.log" >&2
            rm -f "$own".*
            echo "The C core does not compile with $cc." >&2
            exit 1
        fi
    fi
    printf '%s\n' "$preload" > "$own.preload"
    stamp > "$own.stamp"
    mv "$own.so" "$library" && mv "$own.preload" "$folder/preload" && mv "$own.stamp" "$folder/stamp"
    rm -f "$own".*
fi

printf 'export NANOOTA_CORE=%q\n' "$library"
preload=$(cat "$folder/preload")
if [ -n "$preload" ]; then
    # .NET has signal handlers of its own: a null reference is one. Leaks are what the runtime keeps until it ends.
    printf 'export LD_PRELOAD=%q ASAN_OPTIONS=%q\n' "$preload" "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:use_sigaltstack=0:exitcode=99:malloc_context_size=2:quarantine_size_mb=16"
fi
