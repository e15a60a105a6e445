# Building and running the native code's tests: test.sh takes these functions from here; counts, failures and fail are its.
# shellcheck shell=bash disable=SC2034

# What the native code's tests need, installed where that is possible.
native_tools() {
    there() {
        command -v cmake >/dev/null && command -v make >/dev/null && command -v c++ >/dev/null \
            && echo '#include <gtest/gtest.h>' | c++ -std=c++17 -E -x c++ - >/dev/null 2>&1
    }
    there && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y cmake make g++ libgtest-dev; } >/dev/null
    fi
    there || { echo "The native code needs cmake, make, a C++ compiler and GoogleTest (on Debian: cmake make g++ libgtest-dev)." >&2; return 1; }
}

# Builds the slot core and the ports with sanitizers for their own suites, and the core as the shared library that
# nanoOta.Native.Tests drives.
native_build() {
    native_tools || return 1
    local build source folder sanitize target
    for build in native:sanitized:ON:nanoota_slots_tests native:shared:OFF:nanoota_native ESP32:esp32:ON:nanoota_esp32_tests STM32:stm32:ON:nanoota_stm32_tests; do
        IFS=: read -r source folder sanitize target <<<"$build"
        cmake -S "targets/$source" -B "artifacts/native/$folder" -DNANOOTA_SANITIZE="$sanitize" >/dev/null \
            && cmake --build "artifacts/native/$folder" --target "$target" --parallel "$(nproc)" >/dev/null || return 1
    done
}

# Runs a native suite - its folder under targets/ and the one it was built in - and adds its counts. One that breaks off counts as a
# failure.
native_suite() {
    echo "== targets/$1"
    local log line
    log=$(mktemp)
    (cd "artifacts/native/$2" && ctest --output-on-failure) 2>&1 | tee "$log" | grep -vE '^ *(Start|[0-9]+/[0-9]+ .* Passed)'
    while read -r line; do failures+=("targets/$1: $line"); done < <(sed -n 's/^ *[0-9]*\/[0-9]* .*: \(.*[^ .]\) \.*\*\*\*.*/\1/p' "$log")
    if [[ $(grep -E 'tests passed.* out of [0-9]+' "$log" | tail -n 1) =~ passed(,\ ([0-9]+)\ tests?\ failed)?\ out\ of\ ([0-9]+) ]]; then
        local bad=${BASH_REMATCH[2]:-0} total=${BASH_REMATCH[3]}
        rm -f "$log"
        passed=$((passed + total - bad)); failed=$((failed + bad))
        [ "$total" -gt 0 ] && return
    fi
    rm -f "$log"
    fail "targets/$1 ran no tests"
}

# What firmwares are made of, over the fakes that the ports' tests build it with. Findings are on the standard output; the other one
# counts what system headers would have.
native_lint() {
    clang-tidy --quiet -p artifacts/native/esp32 targets/native/src/*.c targets/ESP32/src/*.c targets/interop/*.c targets/interop/*.cpp 2>/dev/null \
        && clang-tidy --quiet -p artifacts/native/stm32 targets/STM32/src/*.c 2>/dev/null
}
