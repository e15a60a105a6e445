# For a board of nf-interpreter: behind nf_setup_target_build(), which has listed the native assemblies then, include this and call
#   nanoota_esp32(${NANOCLR_PROJECT_NAME}.elf)
# The interop assembly itself comes with NF_INTEROP_ASSEMBLIES (docs/esp32.md).
include(${CMAKE_CURRENT_LIST_DIR}/wraps.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/../../interop/cmake/natives.cmake)

function(nanoota_esp32 target)
  nanoota_write_natives(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/natives.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/nanoota_natives.cpp
    ${NF_NativeAssemblies_VERSIONS})
  target_sources(${target} PUBLIC ${NANOOTA_ESP32_SOURCES} ${CMAKE_CURRENT_BINARY_DIR}/nanoota_natives.cpp)
  target_include_directories(${target} PUBLIC
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../interop
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../native/include
  )
  target_link_libraries(${target} idf::app_update idf::bootloader_support idf::esp_partition)
  target_link_options(${target} PUBLIC ${NANOOTA_ESP32_LINK_OPTIONS} -Wl,-u,nanoota_natives)
endfunction()
