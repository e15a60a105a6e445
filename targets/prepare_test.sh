#!/usr/bin/env bash
# Tries prepare.sh on a likeness of nf-interpreter's tree: the files that it copies and edits, with the lines that matter to it, as they
# are at commit a3e8139a. Exit status 0 when every expectation holds.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

expect() {
    local what=$1; shift
    "$@" > /dev/null 2>&1 || { echo "prepare.sh: $what" >&2; failures=$((failures + 1)); }
}

refuses() { ! "$@"; }
prepare() { said=$("$here/prepare.sh" "$@" 2>&1); status=$?; }
says() { [[ $said == *"$1"* ]]; }
exits() { [ "$status" = "$1" ]; }

likeness() {
    rm -rf "$folder/nf"
    mkdir -p "$folder/nf" && cd "$folder/nf" || exit 1
    mkdir -p InteropAssemblies CMake config targets/ESP32/{_IDF,defconfig,ESP32_C3} targets/ChibiOS/_nanoCLR \
        targets/ChibiOS/DISCO/{common,nanoBooter,nanoCLR}
    touch InteropAssemblies/CLR_RT_InteropAssembliesTable.cpp.in
    echo 'nf_setup_target_build()' > targets/ESP32/ESP32_C3/CMakeLists.txt
    printf '%s\n' 'CONFIG_IDF_TARGET="esp32c3"' 'CONFIG_ESPTOOLPY_FLASHSIZE_4MB=y' > targets/ESP32/_IDF/sdkconfig.default_rev3.esp32c3
    # A line of the defconfigs ends as Windows ends it, others do not.
    printf '%s\n' 'CONFIG_RTOS_ESP32=y' $'CONFIG_SDK_CONFIG_FILE="sdkconfig.default_rev3.esp32c3"\r' 'CONFIG_TARGET_BOARD="ESP32_C3"' \
        'CONFIG_TARGET_SERIES="ESP32_C3"' > targets/ESP32/defconfig/ESP32_C3_defconfig
    printf '%s\n' 'CONFIG_RTOS_CHIBIOS=y' 'CONFIG_TARGET_BOARD="DISCO"' > targets/ChibiOS/DISCO/defconfig
    printf '%s\n' '    flash0       (rx) : org = 0x08010000, len = 2M - 32k - 32k - 1280k    /* space */' \
        '    flash1       (rx) : org = 0x00210000, len = 2M - 32k - 32k - 1280k' \
        '    deployment   (rx) : org = 0x080C0000, len = 1280k    /* space */' > targets/ChibiOS/DISCO/nanoCLR/STM32F76xx_CLR.ld
    printf '%s\n' 'if (CheckValidCLRImage((uint32_t)&__nanoConfig_end__))' '    LaunchCLR((uint32_t)&__nanoConfig_end__);' \
        > targets/ChibiOS/DISCO/nanoBooter/main.c
    printf '%s\n' 'list(APPEND S "Device_BlockStorage.c")' 'list(APPEND S "targetHAL_ConfigurationManager.cpp")' \
        > targets/ChibiOS/DISCO/common/CMakeLists.txt
    printf '%s\n' 'nf_setup_target_build(HAS_NANOBOOTER)' 'nf_generate_bin_package(' '    10000 ' ')' 'nf_generate_hex_package(a.bin 08010000 ' ')' \
        > targets/ChibiOS/DISCO/CMakeLists.txt
    printf '%s\n' '    ASSERT(stream.BaseAddress == (uint32_t)&__deployment_start__);' \
        '    ASSERT(stream.BaseAddress == (uint32_t)&__nanoImage_start__);' > targets/ChibiOS/_nanoCLR/CLR_Startup_Thread.c
}

# One thing after another is spoilt in a tree that is ready; --check has to name it.
notices() {
    local what=$1 board=$2; shift 2
    likeness
    prepare . "$board" --from "$([ "$board" = Washer ] && echo ESP32_C3 || echo DISCO)"
    expect "before '$what': ready" exits 0
    eval "$*"
    prepare . "$board" --check
    expect "--check notices: $what" exits 1
    expect "--check says what is missing: $what" says MISSING
}

likeness
prepare
expect "without arguments, the usage" exits 2
prepare "$folder" Washer --from ESP32_C3
expect "a folder that is no checkout is refused" exits 2
prepare . Washer
expect "without --from, wrong usage" exits 2
prepare . Washer --from ESP32_C9
expect "an unknown preset is refused" exits 2
prepare . ESP32_C3 --from ESP32_C3
expect "nf-interpreter's own board is left alone" exits 2
prepare . Washer --from ESP32_C3 --layout esp32-2mb
expect "an unknown layout is refused" exits 2
expect "nothing was written by any of these" refuses test -e InteropAssemblies/nanoOta.Native
prepare . Washer --check
expect "--check of a board that is not there fails" exits 1

touch sdkconfig
prepare . Washer --from ESP32_C3 --layout esp32-16mb
expect "an ESP32 board is ready" exits 0
expect "it says how to build it" says "cmake --preset Washer"
expect "the defconfig names the board once" test "$(grep -c TARGET_BOARD targets/ESP32/defconfig/Washer_defconfig)" = 1
expect "the defconfig names its sdkconfig" grep -q '^CONFIG_SDK_CONFIG_FILE="sdkconfig.Washer"$' targets/ESP32/defconfig/Washer_defconfig
expect "the sdkconfig has rollback" grep -q '^CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y$' targets/ESP32/_IDF/sdkconfig.Washer
expect "the flash's size is the layout's" grep -q '^CONFIG_ESPTOOLPY_FLASHSIZE_16MB=y$' targets/ESP32/_IDF/sdkconfig.Washer
expect "a stale sdkconfig is put aside" test -f sdkconfig.before-nanoota -a ! -f sdkconfig
expect "the chip's own board is as it was" grep -qx 'nf_setup_target_build()' targets/ESP32/ESP32_C3/CMakeLists.txt
echo '# mine' >> targets/ESP32/Washer/CMakeLists.txt
prepare . Washer --from ESP32_C3 --layout esp32-8mb
expect "a second run succeeds" exits 0
expect "a second run takes the other layout, once" test "$(grep -c '^nanoota_esp32' targets/ESP32/Washer/CMakeLists.txt)" = 1
expect "and leaves what the user wrote" grep -q '^# mine$' targets/ESP32/Washer/CMakeLists.txt
prepare . Dryer --from ESP32_C3
expect "presets of the user's own are left to the user" exits 1
expect "and the text to put there is shown" says '"name": "Dryer"'

likeness
prepare . Board --from DISCO
expect "an STM32 board is ready" exits 0
expect "nanoCLR is packed where it lies" grep -q '^    20000' targets/ChibiOS/Board/CMakeLists.txt
expect "the package with the whole address, too" grep -q 08020000 targets/ChibiOS/Board/CMakeLists.txt
expect "other assertions stay" grep -q '^    ASSERT.*nanoImage_start' targets/ChibiOS/_nanoCLR/CLR_Startup_Thread.c

notices "a stale sdkconfig" Washer 'echo "CONFIG_X=y" > sdkconfig'
notices "no rollback" Washer 'sed -i /ROLLBACK/d targets/ESP32/_IDF/sdkconfig.Washer'
notices "a defconfig that names another sdkconfig" Washer 'sed -i s/sdkconfig.Washer/sdkconfig.default_rev3.esp32c3/ targets/ESP32/defconfig/Washer_defconfig'
notices "a defconfig that names another board" Washer 'sed -i s/TARGET_BOARD=.*/TARGET_BOARD=\"ESP32_C3\"/ targets/ESP32/defconfig/Washer_defconfig'
notices "no boot hook" Washer 'sed -i /nanoota_esp32/d targets/ESP32/Washer/CMakeLists.txt'
notices "an overlay of the user that names another sdkconfig" Washer 'echo "CONFIG_SDK_CONFIG_FILE=\"x\"" > config/user-kconfig.conf'
notices "no interop assembly" Washer 'sed -i /INTEROP/d CMakeUserPresets.json'
notices "no preset" Washer 'rm CMakeUserPresets.json'
notices "no find module" Washer 'rm CMake/Modules/FindINTEROP-nanoOta.Native.cmake'
notices "sources of another version" Washer 'echo >> InteropAssemblies/nanoOta.Native/native/src/boot.c'
notices "a linker script as it was" Board 'cp targets/ChibiOS/DISCO/nanoCLR/*.ld targets/ChibiOS/Board/nanoCLR/'
notices "a nanoBooter that looks elsewhere" Board 'cp targets/ChibiOS/DISCO/nanoBooter/main.c targets/ChibiOS/Board/nanoBooter/'
notices "the board's own block storage" Board 'cp targets/ChibiOS/DISCO/common/CMakeLists.txt targets/ChibiOS/Board/common/'
notices "a package at the old address" Board 'sed -i s/20000/10000/ targets/ChibiOS/Board/CMakeLists.txt'
notices "no hook in nanoBooter" Board 'sed -i /_booter/d targets/ChibiOS/Board/CMakeLists.txt'
notices "the assertion on the deployment" Board 'sed -i s://.ASSERT:ASSERT: targets/ChibiOS/_nanoCLR/CLR_Startup_Thread.c'
notices "another build type" Board 'sed -i s/MinSizeRel/Release/ CMakeUserPresets.json'
[ "$failures" = 0 ]
