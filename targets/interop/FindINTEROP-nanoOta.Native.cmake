# The interop assembly nanoOta.Native with the slot core, for nf-interpreter: copy or link this file into its CMake/Modules and this
# repository's targets/ as its InteropAssemblies/nanoOta.Native, and add nanoOta.Native to NF_INTEROP_ASSEMBLIES (docs/porting.md).
if(NOT NANOOTA_TARGETS_DIR)
  set(NANOOTA_TARGETS_DIR ${PROJECT_SOURCE_DIR}/InteropAssemblies/nanoOta.Native)
endif()

list(APPEND nanoOta.Native_INCLUDE_DIRS
  ${PROJECT_SOURCE_DIR}/src/CLR/Core
  ${PROJECT_SOURCE_DIR}/src/CLR/Include
  ${PROJECT_SOURCE_DIR}/src/HAL/Include
  ${PROJECT_SOURCE_DIR}/src/PAL/Include
  ${NANOOTA_TARGETS_DIR}/interop
  ${NANOOTA_TARGETS_DIR}/native/include
)

# First the file that holds the checksum, where nf-interpreter looks for it.
set(nanoOta.Native_SOURCES
  ${NANOOTA_TARGETS_DIR}/interop/nanoOta_Native.cpp
  ${NANOOTA_TARGETS_DIR}/interop/nanoOta_Native_nanoOta_NativeAes_mshl.cpp
  ${NANOOTA_TARGETS_DIR}/interop/nanoOta_Native_nanoOta_NativeHasher_mshl.cpp
  ${NANOOTA_TARGETS_DIR}/interop/nanoOta_Native_nanoOta_NativeRsaVerifier_mshl.cpp
  ${NANOOTA_TARGETS_DIR}/interop/nanoOta_Native_nanoOta_NativeSlots_mshl.cpp
)

# The core's own list of sources.
include(${NANOOTA_TARGETS_DIR}/native/sources.cmake)
list(APPEND nanoOta.Native_SOURCES ${NANOOTA_CORE_SOURCES})

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(INTEROP-nanoOta.Native DEFAULT_MSG nanoOta.Native_INCLUDE_DIRS nanoOta.Native_SOURCES)
