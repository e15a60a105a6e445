# The slot core's sources: its own build and every port's take them from here.
set(NANOOTA_CORE_SOURCES)
foreach(name aes areas boot content crc32 forget journal natives otadata record rs256 settle sha256 state store trial)
  list(APPEND NANOOTA_CORE_SOURCES ${CMAKE_CURRENT_LIST_DIR}/src/${name}.c)
endforeach()
