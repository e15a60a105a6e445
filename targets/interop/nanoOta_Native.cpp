// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanoOta_Native.h"

// One entry for each method of the assembly, in the metadata processor's order, nulls for managed ones. A test derives this table
// and the checksum from the compiled assembly and compares (tests/nanoOta.Tests/Targets); so do firmware and assembly when the CLR
// starts. nf-interpreter's CMake code reads checksum and version out of this file, so the form matters.
static const CLR_RT_MethodHandler method_lookup[] =
{
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeGetState___STATIC__I4__SZARRAY_U1,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeCapacity___STATIC__I4__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeOpen___STATIC__I4__I4__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeWrite___STATIC__I4__SZARRAY_U1__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeEraseTail___STATIC__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeRead___STATIC__I4__I4__BOOLEAN__I4__SZARRAY_U1__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeActivate___STATIC__I4__I4__SZARRAY_U1__SZARRAY_U1__SZARRAY_U1__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeConfirm___STATIC__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeRevert___STATIC__I4__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeJournalPlaces___STATIC__I4,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeJournalRead___STATIC__BOOLEAN__I4__SZARRAY_U1,
    Library_nanoOta_Native_nanoOta_NativeSlots::NativeJournalWrite___STATIC__BOOLEAN__I4__SZARRAY_U1,
    NULL,
    NULL,
};

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_nanoOta_Native;

const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_nanoOta_Native =
{
    "nanoOta.Native",
    0xEC1EC0DA,
    method_lookup,
    { 100, 0, 0, 1 }
};
