# For a board of nf-interpreter: behind nf_setup_target_build(), which has listed the native assemblies then, include this and call
#   nanoota_esp32(${NANOCLR_PROJECT_NAME}.elf esp32-8mb)
# with the partition table that the devices have (targets/ESP32/partitions). The interop assembly itself comes with
# NF_INTEROP_ASSEMBLIES (docs/esp32.md).
include(${CMAKE_CURRENT_LIST_DIR}/wraps.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/checks.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/../../interop/cmake/natives.cmake)

function(nanoota_esp32 target layout)
  nanoota_check_rollback(${layout} ${CMAKE_SOURCE_DIR}/sdkconfig)
  nanoota_write_natives(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/natives.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/nanoota_natives.cpp
    ${NF_NativeAssemblies_VERSIONS})
  target_sources(${target} PUBLIC ${NANOOTA_ESP32_SOURCES} ${CMAKE_CURRENT_BINARY_DIR}/nanoota_natives.cpp)
  target_include_directories(${target} PUBLIC
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../interop
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../native/include
  )
  target_link_libraries(${target} idf::app_update idf::bootloader_support idf::esp_partition)
  target_link_options(${target} PUBLIC ${NANOOTA_ESP32_LINK_OPTIONS} -Wl,-u,nanoota_natives)

  # ESP-IDF's own check of the size is by its own partition table.
  idf_build_get_property(folder BUILD_DIR)
  idf_build_get_property(image PROJECT_BIN)
  add_custom_target(nanoota_size ALL
    COMMAND ${CMAKE_COMMAND} -D layout=${layout} -D image=${folder}/${image} -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/checks.cmake
    VERBATIM)
  add_dependencies(nanoota_size gen_project_binary)
endfunction()
