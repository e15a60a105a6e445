# Where the port is entered: the same flags link a firmware and the host's tests.
set(NANOOTA_ESP32_LINK_OPTIONS
  -Wl,--wrap=app_main
  -Wl,--wrap=esp_partition_find_first
  -Wl,--wrap=Esp32FlashDriver_EraseBlock
)

set(NANOOTA_ESP32_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../../interop/nanoota_port.c)
foreach(name boot flash images map port watchdog)
  list(APPEND NANOOTA_ESP32_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../src/${name}.c)
endforeach()
