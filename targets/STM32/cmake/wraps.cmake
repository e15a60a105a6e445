# Where the port is entered: the same flags link a firmware and the host's tests.
set(NANOOTA_STM32_LINK_OPTIONS
  -Wl,--wrap=BlockStorage_AddDevices
  -Wl,--wrap=STM32FlashDriver_EraseBlock
  -Wl,--wrap=Watchdog_Reset
)
set(NANOOTA_STM32_BOOTER_LINK_OPTIONS -Wl,--wrap=stm32FlashErase -Wl,--wrap=stm32FlashWrite)

set(NANOOTA_STM32_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../../interop/nanoota_port.c)
foreach(name blocks boot flash port watchdog)
  list(APPEND NANOOTA_STM32_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../src/${name}.c)
endforeach()

# nanoBooter takes of the slot core what keeps the record; the linker leaves the rest out.
include(${CMAKE_CURRENT_LIST_DIR}/../../native/sources.cmake)
set(NANOOTA_STM32_BOOTER_SOURCES ${NANOOTA_CORE_SOURCES})
foreach(name blocks booter flash)
  list(APPEND NANOOTA_STM32_BOOTER_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../src/${name}.c)
endforeach()

# Link-time optimisation joins a call with the function it calls before --wrap can come between. So a file that defines a wrapped
# function, be it a weak one, is compiled without.
function(nanoota_stm32_keep_apart)
  foreach(file ${ARGN})
    if(NOT EXISTS ${file})
      message(FATAL_ERROR "nanoOta wraps a function of ${file}, which is not there.")
    endif()
    set_property(SOURCE ${file} APPEND PROPERTY COMPILE_OPTIONS -fno-lto)
  endforeach()
endfunction()
