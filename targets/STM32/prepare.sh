# The part of targets/prepare.sh for boards with an STM32F769 (docs/stm32.md).
# shellcheck shell=bash disable=SC2154

prepare_stm32() {
    local like=targets/ChibiOS/$preset folder=targets/ChibiOS/$board file
    [ -f "$like/nanoCLR/STM32F76xx_CLR.ld" ] || stop "$preset has no nanoCLR/STM32F76xx_CLR.ld: the port is for boards with an STM32F769 (docs/stm32.md)." 2
    [ -d "$folder" ] || cp -R "$like" "$folder"
    sed -i "s/^CONFIG_TARGET_BOARD=.*/CONFIG_TARGET_BOARD=\"$board\"/" "$folder/defconfig"
    # The board's presets were those of the one it is a copy of; it gets its own from CMakeUserPresets.json.
    rm -f "$folder/CMakePresets.json"

    sed -i -E 's/^( *flash0 .*org = )0x08010000, len = [^/]*/\10x08020000, len = 640k /
               s/^( *flash1 .*org = )0x00210000, len = .*/\10x00220000, len = 640k/
               s/^( *deployment .*len = )1280k/\1512k/' "$folder/nanoCLR/STM32F76xx_CLR.ld"
    sed -i 's/(uint32_t)&__nanoConfig_end__/0x08020000/' "$folder/nanoBooter/main.c"
    sed -i '/Device_BlockStorage/d' "$folder/common/CMakeLists.txt"

    file=$folder/CMakeLists.txt
    sed -i -E '/nanoota/d; s/^( *)10000([[:space:]]*)$/\120000\2/; s/\b08010000\b/08020000/' "$file"
    # shellcheck disable=SC2016
    printf '%s\n' 'include(${CMAKE_SOURCE_DIR}/InteropAssemblies/nanoOta.Native/STM32/cmake/nanoota.cmake)' \
        'nanoota_stm32(${NANOCLR_PROJECT_NAME}.elf)' 'nanoota_stm32_booter(${NANOBOOTER_PROJECT_NAME}.elf)' >> "$file"
    echo "$folder: a copy of $preset with nanoCLR at 0x08020000, and nanoOta's lines in CMakeLists.txt."

    # Of all boards: while deploy_1 is active, the deployment does not begin where the linker script has it.
    file=targets/ChibiOS/_nanoCLR/CLR_Startup_Thread.c
    sed -i 's:^\( *\)ASSERT(stream.BaseAddress == (uint32_t)&__deployment_start__);:\1// ASSERT(stream.BaseAddress == (uint32_t)\&__deployment_start__);:' "$file"
    echo "$file: without the assertion on the deployment's address. It concerns every board of this checkout."
    write_preset "$folder/defconfig"
}

check_stm32() {
    local folder=targets/ChibiOS/$board
    check_common "$folder/defconfig"
    has "$folder/nanoCLR/STM32F76xx_CLR.ld" '^ *flash0 .*0x08020000, len = 640k' "flash0 at 0x08020000 with 640k in $folder/nanoCLR/STM32F76xx_CLR.ld."
    has "$folder/nanoCLR/STM32F76xx_CLR.ld" '^ *flash1 .*0x00220000, len = 640k' "flash1 at 0x00220000 with 640k in $folder/nanoCLR/STM32F76xx_CLR.ld."
    has "$folder/nanoCLR/STM32F76xx_CLR.ld" '^ *deployment .*0x080C0000, len = 512k' "deployment with 512k in $folder/nanoCLR/STM32F76xx_CLR.ld."
    has "$folder/nanoBooter/main.c" 'CheckValidCLRImage(0x08020000)' "CheckValidCLRImage(0x08020000) in $folder/nanoBooter/main.c: nanoBooter would look for nanoCLR in the slot record."
    has "$folder/nanoBooter/main.c" 'LaunchCLR(0x08020000)' "LaunchCLR(0x08020000) in $folder/nanoBooter/main.c."
    if grep -qs Device_BlockStorage "$folder/common/CMakeLists.txt"; then
        miss "$folder/common/CMakeLists.txt still lists Device_BlockStorage.c: the port brings its own."
    fi
    has "$folder/CMakeLists.txt" '^nanoota_stm32(' "nanoota_stm32(...) in $folder/CMakeLists.txt: without it the firmware has no boot hook."
    has "$folder/CMakeLists.txt" '^nanoota_stm32_booter(' "nanoota_stm32_booter(...) in $folder/CMakeLists.txt."
    if grep -qsE '\b(10000|08010000)\b' "$folder/CMakeLists.txt"; then
        miss "$folder/CMakeLists.txt packs nanoCLR at its old address; it is 20000, or 08020000 where the whole address stands."
    fi
    if grep -qs '^ *ASSERT(stream.BaseAddress == (uint32_t)&__deployment_start__)' targets/ChibiOS/_nanoCLR/CLR_Startup_Thread.c; then
        miss "targets/ChibiOS/_nanoCLR/CLR_Startup_Thread.c asserts where the deployment begins: it stops a device whose deploy_1 is active."
    fi
    has CMakeUserPresets.json MinSizeRel '"CMAKE_BUILD_TYPE": "MinSizeRel" in the preset: other builds are too large.'
}
