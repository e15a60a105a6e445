# The part of targets/prepare.sh for ESP32 (docs/esp32.md).
# shellcheck shell=bash disable=SC2154

prepare_esp32() {
    local from=targets/ESP32/defconfig/${preset}_defconfig
    local like sdk chip
    like=$(setting "$from" CONFIG_TARGET_BOARD)
    sdk=$(setting "$from" CONFIG_SDK_CONFIG_FILE)
    sdk=${sdk:-sdkconfig.default}
    [ -d "targets/ESP32/$like" ] || stop "$from names the board $like, and targets/ESP32/$like is not there."
    [ -f "targets/ESP32/_IDF/$sdk" ] || stop "$from names $sdk, and targets/ESP32/_IDF/$sdk is not there."

    # nf-interpreter looks for a board's files here only; what is there already may hold the user's changes.
    if [ ! -d "targets/ESP32/$board" ]; then
        cp -R "targets/ESP32/$like" "targets/ESP32/$board"
    fi
    local file=targets/ESP32/$board/CMakeLists.txt
    sed -i '/nanoota/d' "$file"
    # shellcheck disable=SC2016
    printf '%s\n' 'include(${CMAKE_SOURCE_DIR}/InteropAssemblies/nanoOta.Native/ESP32/cmake/nanoota.cmake)' \
        "nanoota_esp32(\${NANOCLR_PROJECT_NAME}.elf $layout)" >> "$file"
    echo "targets/ESP32/$board: a copy of $like, with nanoOta's lines in CMakeLists.txt."

    # Later lines count. ESP-IDF's own check of the size then goes by our table.
    chip=targets/ESP32/_IDF/sdkconfig.$board
    { cat "targets/ESP32/_IDF/$sdk"; echo; cat "$ours/ESP32/sdkconfig.nanoota"; flash_size; } > "$chip"
    echo "$chip: $sdk and nanoOta's lines."

    {
        grep -vE '^CONFIG_(TARGET_BOARD|SDK_CONFIG_FILE)=' "$from"
        printf 'CONFIG_TARGET_BOARD="%s"\nCONFIG_SDK_CONFIG_FILE="sdkconfig.%s"\n' "$board" "$board"
    } > "targets/ESP32/defconfig/${board}_defconfig"
    write_preset "targets/ESP32/defconfig/${board}_defconfig"

    # ESP-IDF keeps this file; it outlives the build folder and beats everything that is written above.
    if [ -f sdkconfig ]; then
        mv sdkconfig sdkconfig.before-nanoota
        echo "sdkconfig, which ESP-IDF had made for another board, is sdkconfig.before-nanoota now."
    fi
}

flash_size() {
    local size=${layout#esp32-}
    printf 'CONFIG_ESPTOOLPY_FLASHSIZE_%s=y\n' "${size^^}"
    printf 'CONFIG_PARTITION_TABLE_CUSTOM_FILENAME="InteropAssemblies/nanoOta.Native/ESP32/partitions/%s.csv"\n' "$layout"
}

check_esp32() {
    local defconfig=targets/ESP32/defconfig/${board}_defconfig sdk file=targets/ESP32/$board/CMakeLists.txt used
    check_common "$defconfig"
    has "$file" '^nanoota_esp32(' "nanoota_esp32(...) in $file: without it the firmware has no boot hook."
    used=$(sed -n 's/^nanoota_esp32(.* \(esp32-[0-9]*mb\))$/\1/p' "$file")
    sdk=targets/ESP32/_IDF/$(setting "$defconfig" CONFIG_SDK_CONFIG_FILE)
    if [ "$used" != esp32-4mb ]; then
        has "$sdk" '^CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y' \
            "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y in $sdk, which $defconfig names: without it the bootloader never goes back."
        if [ -f sdkconfig ]; then
            has sdkconfig '^CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y' \
                "sdkconfig in the root of nf-interpreter was made without rollback and beats all other settings: delete it and configure again."
        fi
    fi
    if grep -qs '^CONFIG_SDK_CONFIG_FILE=' config/user-kconfig.conf; then
        miss "config/user-kconfig.conf sets CONFIG_SDK_CONFIG_FILE, which overrides the board's: remove the line."
    fi
    echo "Layout: ${used:-none}. Flash the bootloader of this build together with the firmware."
}
