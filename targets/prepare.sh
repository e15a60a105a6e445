#!/usr/bin/env bash
# Puts nanoOta into a checkout of nf-interpreter, as a board of its own beside those that are there, and checks what is easily wrong.
# Nothing is downloaded and nothing is built. What each step is for: docs/esp32.md and docs/stm32.md.
set -euo pipefail

usage='usage: targets/prepare.sh CHECKOUT BOARD --from PRESET [--layout LAYOUT]
       targets/prepare.sh CHECKOUT BOARD --check

CHECKOUT  folder of nf-interpreter
BOARD     the name of your board: letters, digits and underscores
--from    the preset of nf-interpreter that your board is a copy of: ESP32_REV3, ESP32_S3_QUAD, ESP32_C3, ST_STM32F769I_DISCOVERY, ...
--layout  for ESP32: esp32-4mb, esp32-8mb (the default) or esp32-16mb
--check   changes nothing; says what is missing

Run it again with the same arguments after an update of nanoOta or nf-interpreter. Exit status: 0 ready to build, 1 something is
missing, 2 wrong usage.'

ours=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout='' board='' preset='' layout=esp32-8mb check=false
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) echo "$usage"; exit 0 ;;
        --from | --layout)
            [ $# -gt 1 ] || { echo "$1 needs a value." >&2; exit 2; }
            if [ "$1" = --from ]; then preset=$2; else layout=$2; fi
            shift ;;
        --check) check=true ;;
        -*) echo "There is no option $1." >&2; echo "$usage" >&2; exit 2 ;;
        *)
            if [ -z "$checkout" ]; then checkout=$1
            elif [ -z "$board" ]; then board=$1
            else echo "$usage" >&2; exit 2
            fi ;;
    esac
    shift
done

stop() { echo "$1" >&2; exit "${2:-1}"; }

[ -n "$board" ] || { echo "$usage" >&2; exit 2; }
$check || [ -n "$preset" ] || stop "Say which preset of nf-interpreter the board is a copy of: --from ESP32_REV3" 2
[[ $board =~ ^[A-Za-z0-9_]+$ ]] || stop "$board is no name for a board: take letters, digits and underscores." 2
[ "$board" != "$preset" ] || stop "Give your board another name than $preset, so that nf-interpreter's own stays as it is." 2
[ -f "$ours/ESP32/partitions/$layout.csv" ] || stop "There is no layout $layout: take one of targets/ESP32/partitions." 2
[ -f "$checkout/InteropAssemblies/CLR_RT_InteropAssembliesTable.cpp.in" ] \
    || stop "$checkout is not a checkout of nf-interpreter: it has no InteropAssemblies/CLR_RT_InteropAssembliesTable.cpp.in." 2
cd "$checkout"

# The value of a setting in a defconfig; the last line counts.
setting() { sed -n "s/^$2=\"\\{0,1\\}\\([^\"]*\\)\"\\{0,1\\}\r\\{0,1\\}\$/\\1/p" "$1" | tail -n 1; }

# shellcheck source=ESP32/prepare.sh
source "$ours/ESP32/prepare.sh"
# shellcheck source=STM32/prepare.sh
source "$ours/STM32/prepare.sh"

copy_sources() {
    rm -rf InteropAssemblies/nanoOta.Native
    mkdir -p InteropAssemblies/nanoOta.Native CMake/Modules
    local folder
    for folder in native interop ESP32 STM32; do
        cp -R "$ours/$folder" InteropAssemblies/nanoOta.Native/
    done
    cp "$ours/interop/FindINTEROP-nanoOta.Native.cmake" CMake/Modules/
    echo "InteropAssemblies/nanoOta.Native, CMake/Modules: nanoOta's sources."
}

# A preset of its own, in the file that git and nf-interpreter leave to its user.
write_preset() {
    local file=CMakeUserPresets.json defconfig=$1
    local text="{
    \"version\": 4,
    \"configurePresets\": [
        {
            \"name\": \"$board\",
            \"inherits\": \"$preset\",
            \"cacheVariables\": {
                \"TARGET_NAME\": \"$board\",
                \"CMAKE_BUILD_TYPE\": \"MinSizeRel\",
                \"NF_TARGET_DEFCONFIG\": \"$defconfig\",
                \"NF_INTEROP_ASSEMBLIES\": \"nanoOta.Native\"
            }
        }
    ],
    \"buildPresets\": [
        { \"name\": \"$board\", \"configurePreset\": \"$board\" }
    ]
}"
    if [ -f "$file" ] && ! grep -q "\"name\": \"$board\"" "$file"; then
        echo "$file is yours already. Put these two presets into it:"
        echo "$text"
    elif [ ! -f "$file" ]; then
        echo "$text" > "$file"
        echo "$file: the preset $board."
    fi
}

missing=0
# Says what is wrong, and goes on to the next check.
miss() { missing=$((missing + 1)); echo "MISSING: $1"; }
has() { grep -qs "$2" "$1" || miss "$3"; }

check_common() {
    local defconfig=$1 folder
    # The sources that tell one version of nanoOta from another; a linked folder is the same by itself.
    for folder in native interop ESP32 STM32; do
        diff -rq "$ours/$folder" "InteropAssemblies/nanoOta.Native/$folder" > /dev/null 2>&1 \
            || miss "InteropAssemblies/nanoOta.Native/$folder is not there, or not this version of nanoOta. Run this script with --from."
    done
    [ -f CMake/Modules/FindINTEROP-nanoOta.Native.cmake ] || miss "CMake/Modules/FindINTEROP-nanoOta.Native.cmake. Run this script with --from."
    has CMakeUserPresets.json "\"name\": \"$board\"" "a preset $board in CMakeUserPresets.json."
    has CMakeUserPresets.json "$defconfig" "\"NF_TARGET_DEFCONFIG\": \"$defconfig\" in the preset: without it another board is built."
    has CMakeUserPresets.json 'nanoOta\.Native' '"NF_INTEROP_ASSEMBLIES": "nanoOta.Native" in the preset: without it managed code finds no slots.'
    [ "$(setting "$defconfig" CONFIG_TARGET_BOARD 2> /dev/null)" = "$board" ] || miss "CONFIG_TARGET_BOARD=\"$board\" in $defconfig."
}

if $check; then
    if [ -f "targets/ESP32/defconfig/${board}_defconfig" ]; then family=esp32
    elif [ -f "targets/ChibiOS/$board/defconfig" ]; then family=stm32
    else stop "There is no board $board here: neither targets/ESP32/defconfig/${board}_defconfig nor targets/ChibiOS/$board/defconfig. Run this script with --from."
    fi
elif [ -f "targets/ESP32/defconfig/${preset}_defconfig" ]; then family=esp32
elif [ -f "targets/ChibiOS/$preset/defconfig" ]; then family=stm32
else stop "nf-interpreter has no $preset: neither targets/ESP32/defconfig/${preset}_defconfig nor targets/ChibiOS/$preset/defconfig." 2
fi

if ! $check; then
    copy_sources
    "prepare_$family"
fi
"check_$family"
[ "$missing" = 0 ] || stop "$missing things are missing."
echo "Ready. Next: cmake --preset $board && cmake --build --preset $board"
echo "Updates for this board are packed with --target $board."
