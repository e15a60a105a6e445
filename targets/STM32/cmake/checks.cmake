# What a firmware needs that is otherwise found out at the linker, far from its cause: 640 KB hold nanoCLR as MinSizeRel only. As Release it
# was 194,944 bytes too large, measured for STM32F769I-DISCOVERY.
function(nanoota_check_build_type)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "MinSizeRel")
    message(FATAL_ERROR "nanoOta's layout for STM32F769 has 640 KB for nanoCLR, which fits as MinSizeRel only; CMAKE_BUILD_TYPE is '${CMAKE_BUILD_TYPE}' (docs/stm32.md).")
  endif()
endfunction()
