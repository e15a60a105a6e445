# For a board of nf-interpreter: behind nf_setup_target_build(), which has listed the native assemblies then, include this and call
#   nanoota_stm32(${NANOCLR_PROJECT_NAME}.elf)
#   nanoota_stm32_booter(${NANOBOOTER_PROJECT_NAME}.elf)
# in the same CMakeLists.txt. The interop assembly itself comes with NF_INTEROP_ASSEMBLIES (docs/stm32.md).
include(${CMAKE_CURRENT_LIST_DIR}/wraps.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/head.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/checks.cmake)

function(nanoota_stm32 target)
  nanoota_check_build_type()
  set(head ${CMAKE_CURRENT_BINARY_DIR}/nanoota_head.cpp)
  nanoota_write_head(${head} "${BUILD_VERSION}" ${NF_NativeAssemblies_VERSIONS})
  target_sources(${target} PUBLIC ${NANOOTA_STM32_SOURCES} ${head})
  target_include_directories(${target} PUBLIC
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../interop
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../native/include
  )
  target_link_options(${target} PUBLIC ${NANOOTA_STM32_LINK_OPTIONS})
  nanoota_stm32_keep_apart(
    ${CMAKE_CURRENT_SOURCE_DIR}/target_BlockStorage.c
    ${CMAKE_SOURCE_DIR}/targets/ChibiOS/_common/Target_BlockStorage_STM32FlashDriver.c
    ${CMAKE_SOURCE_DIR}/targets/ChibiOS/_nanoCLR/targetHAL_Watchdog.c
    ${CMAKE_SOURCE_DIR}/src/HAL/nanoHAL_Watchdog.c
  )
endfunction()

function(nanoota_stm32_booter target)
  target_sources(${target} PUBLIC ${NANOOTA_STM32_BOOTER_SOURCES})
  set_property(SOURCE ${NANOOTA_STM32_BOOTER_SOURCES} APPEND PROPERTY COMPILE_OPTIONS -ffunction-sections -fdata-sections)
  target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../native/include)
  target_link_options(${target} PUBLIC ${NANOOTA_STM32_BOOTER_LINK_OPTIONS})
  nanoota_stm32_keep_apart(${CMAKE_SOURCE_DIR}/targets/ChibiOS/_nf-overlay/os/hal/src/stm32_flash/hal_stm32_flash.c)
endfunction()
