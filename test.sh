#!/usr/bin/env bash
# Builds everything and runs every test, on a fresh machine as well. --quick: what needs the .NET SDK alone.
# The last line is "N passed, N failed, N skipped"; the exit status is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit
quick=false
case "${1:-}" in
    --quick) quick=true ;;
    '') ;;
    *) echo "usage: ./test.sh [--quick]" >&2; exit 2 ;;
esac
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
passed=0 failed=0 skipped=0
# One line for each failure, said once more at the end: there are thousands of lines between.
failures=()

fail() {
    failed=$((failed + 1)); failures+=("$1"); echo "FAILED: $1"
}

# Runs a command as one test.
check() {
    local name=$1; shift
    echo "== $name"
    if "$@"; then passed=$((passed + 1)); else fail "$name"; fi
}

# Runs a test project and adds its counts. One that breaks off counts as a failure.
suite() {
    echo "== $1"
    local log counts line
    log=$(mktemp)
    dotnet exec "tests/$1/bin/Release/net10.0/$1.dll" -noLogo -noColor "${@:2}" 2>&1 | tee "$log" | grep -vE '^ *(Discover|Starting|Finished|Ok, passed)'
    counts=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
    while read -r line; do failures+=("$1: $line"); done < <(sed -n 's/^ *\(.*\) \[FAIL\]$/\1/p' "$log")
    rm -f "$log"
    if [[ $counts =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
        local total=${BASH_REMATCH[1]} bad=$((BASH_REMATCH[2] + BASH_REMATCH[3])) left=${BASH_REMATCH[4]}
        passed=$((passed + total - BASH_REMATCH[3] - left)); failed=$((failed + bad)); skipped=$((skipped + left))
        [ "$total" -gt 0 ] && return
    fi
    fail "$1 ran no tests"
}

# The power-fail tests of all layouts but esp32-16mb, which has the slots of esp32-8mb at other addresses: that one is for
# ./nanoota powerfail, which takes two minutes more. Every line must stand in docs/reliability.txt; totals are those of a whole run there.
power_fail() {
    local log layout status=0
    log=$(mktemp)
    for layout in esp32-4mb esp32-8mb stm32f769-2mb stock-4mb; do
        ./nanoota powerfail --layout "$layout" | tee -a "$log"
        [ "${PIPESTATUS[0]}" = 0 ] || status=1
    done
    if grep -vE '^(Core: |[0-9]+ (scenarios|distinct) )' "$log" | grep -vxF -f docs/reliability.txt; then
        echo "docs/reliability.txt does not have these lines" >&2
        status=1
    fi
    rm -f "$log"
    return "$status"
}

# shellcheck source=targets/test.sh
source targets/test.sh

# Says that tests were not run, and counts that.
not_run() {
    echo "NOT RUN: $1"
    skipped=$((skipped + 1))
}

# The tool from its package, as somebody gets it who does not build it. Nothing is asked of a registry.
tool_package() {
    local folder
    folder=$(mktemp -d)
    dotnet pack src/nanoOta.Tool -c Release -v quiet -clp:ErrorsOnly -o "$folder" \
        && dotnet tool install nanoOta.Tool --tool-path "$folder/tool" --source "$folder" --version "$(version)" >/dev/null \
        && (cd "$folder" && tool/nanoota codes) | grep -q Applied
    local status=$?
    rm -rf "$folder"
    return $status
}

version() { sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props; }

pack_refuses() {
    local said
    said=$(./pack.sh no-such-command 2>&1) && return 1
    [ "$said" = "Nothing was packed: there is no command no-such-command." ]
}

# The servers of others: Azurite from npm, nginx from Debian.
servers() {
    local options=()
    if ! command -v npm >/dev/null; then
        not_run "nanoOta.Servers.Tests: Node.js with npm is needed for Azurite"
        return
    fi
    # What is installed already, from this very lock file, need not be fetched again.
    if ! cmp -s tests/servers/package-lock.json tests/servers/node_modules/installed.json; then
        if ! (cd tests/servers && npm ci) || ! cp tests/servers/package-lock.json tests/servers/node_modules/installed.json; then
            not_run "nanoOta.Servers.Tests: 'npm ci' in tests/servers failed"
            return
        fi
    fi
    if [ ! -x /usr/sbin/nginx ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        (apt-get update && apt-get install -y --no-install-recommends nginx-light) >/dev/null 2>&1
    fi
    if [ ! -x /usr/sbin/nginx ]; then
        not_run "nanoOta.Servers.Tests.NginxTests: nginx is not installed"
        options=(-class- nanoOta.Servers.Tests.NginxTests)
    fi
    suite nanoOta.Servers.Tests "${options[@]}"
}

# The local hub; its page in Debian's chromium.
hub() {
    local options=()
    if { [ ! -x /usr/bin/chromium ] || ! command -v shellcheck >/dev/null; } && [ "$quick" = false ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        (apt-get update && apt-get install -y --no-install-recommends chromium shellcheck) >/dev/null 2>&1
    fi
    if [ ! -x /usr/bin/chromium ]; then
        not_run "nanoOta.Hub.Tests.PageTests: chromium is not installed"
        options=(-class- nanoOta.Hub.Tests.PageTests)
    fi
    suite nanoOta.Hub.Tests "${options[@]}"
}

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dot.net" >&2; exit 1; }
check "build" dotnet build nanoOta.sln -c Release -v quiet
if [ "$failed" = 0 ]; then
    # A C compiler decides what the demo, the power-fail tests, soak and fuzzing run: the C core, or its model.
    if [ "$quick" = false ]; then native_tools; fi
    suite nanoOta.Profile.Tests
    suite nanoOta.Tests
    suite nanoOta.Mcu.Tests
    suite nanoOta.Samples.Tests
    suite nanoOta.Mutants.Tests
    hub
    if command -v shellcheck >/dev/null; then
        check "shellcheck" shellcheck -x -P SCRIPTDIR azure/setup.sh azure/clean.sh tests/azure/az test.sh tests/run-page.sh templates/*.sh targets/prepare.sh targets/prepare_test.sh
    else
        not_run "shellcheck: not installed"
    fi
    check "the demo" ./nanoota demo
    check "the pictures" dotnet run docs/pictures/make.cs -- --check
    check "the commands of the pages" tests/run-page.sh docs/getting-started.md docs/modules.md docs/external-mcu.md docs/encryption.md docs/bundles.md docs/signing.md docs/stock-firmware.md docs/delta.md docs/device-update.md
    check "a fleet: canary, a bad version that stops itself, rollback, everyone" timeout 600 ./nanoota demo --fleet 60
    check "the budgets" dotnet exec tests/nanoOta.Budgets/bin/Release/net10.0/nanoOta.Budgets.dll --docs docs/budgets.md
    check "the power-fail tests" power_fail
    check "soak" ./nanoota soak
    check "hostile bytes in the flash" ./nanoota fuzz --flash --seconds 20
    check "pack.sh without a metadata processor" pack_refuses
    if [ "$quick" = false ]; then
        check "the tool's package" tool_package
        check "an application from the template" templates/test.sh
        if [ -n "${METADATA_PROCESSOR:-}" ]; then check "the packages" ./pack.sh; fi
        before=$failed
        check "targets/prepare.sh" targets/prepare_test.sh
        check "the native code builds" native_build
        if [ "$failed" = "$before" ]; then
            native_suite native sanitized
            native_suite ESP32 esp32
            native_suite STM32 stm32
            suite nanoOta.Native.Tests
            if command -v clang-tidy >/dev/null; then
                check "clang-tidy" native_lint
            fi
        fi
        servers
    fi
fi
if [ -n "${NANOCLR:-}" ]; then check "the real client" tests/run-on-nanoclr.sh; else tests/run-on-nanoclr.sh; fi

[ "$failed" = 0 ] || printf 'FAILED: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
