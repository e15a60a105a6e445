# Writes a source with what managed code reads of the firmware: its version, a.b.c.d, and the table of native assemblies.
include(${CMAKE_CURRENT_LIST_DIR}/../../interop/cmake/natives.cmake)

function(nanoota_write_head file version)
  string(LENGTH "${version}" length)
  if(length EQUAL 0 OR length GREATER 31)
    message(FATAL_ERROR "A firmware's version has 1 to 31 characters: '${version}'")
  endif()
  nanoota_write_natives(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/head.cpp.in ${file} ${ARGN})
endfunction()
