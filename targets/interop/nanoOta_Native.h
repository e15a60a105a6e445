// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_NATIVE_INTEROP_H
#define NANOOTA_NATIVE_INTEROP_H

#include <nanoCLR_Interop.h>
#include <nanoCLR_Runtime.h>

// The native methods of each class, by the names that the metadata processor gives them.
struct Library_nanoOta_Native_nanoOta_NativeAes
{
    NANOCLR_NATIVE_DECLARE(Crypt___BOOLEAN__SZARRAY_U1__SZARRAY_U1__I4__SZARRAY_U1__I4__I4);
    NANOCLR_NATIVE_DECLARE(DecryptBlock___BOOLEAN__SZARRAY_U1__SZARRAY_U1);
};

struct Library_nanoOta_Native_nanoOta_NativeHasher
{
    NANOCLR_NATIVE_DECLARE(Append___VOID__SZARRAY_U1__I4__SZARRAY_U1__I4__I4);
    NANOCLR_NATIVE_DECLARE(Finish___VOID__SZARRAY_U1__I4__SZARRAY_U1__I4);
};

struct Library_nanoOta_Native_nanoOta_NativeRsaVerifier
{
    NANOCLR_NATIVE_DECLARE(NativeVerify___STATIC__BOOLEAN__SZARRAY_U1__U4__SZARRAY_U1__SZARRAY_U1__SZARRAY_U4);
};

struct Library_nanoOta_Native_nanoOta_NativeSlots
{
    NANOCLR_NATIVE_DECLARE(NativeGetState___STATIC__I4__SZARRAY_U1);
    NANOCLR_NATIVE_DECLARE(NativeCapacity___STATIC__I4__I4);
    NANOCLR_NATIVE_DECLARE(NativeOpen___STATIC__I4__I4__I4);
    NANOCLR_NATIVE_DECLARE(NativeWrite___STATIC__I4__SZARRAY_U1__I4);
    NANOCLR_NATIVE_DECLARE(NativeEraseTail___STATIC__I4);
    NANOCLR_NATIVE_DECLARE(NativeRead___STATIC__I4__I4__BOOLEAN__I4__SZARRAY_U1__I4);
    NANOCLR_NATIVE_DECLARE(NativeHash___STATIC__I4__I4__BOOLEAN__I4__I4__SZARRAY_U1__I4);
    NANOCLR_NATIVE_DECLARE(NativeActivate___STATIC__I4__I4__SZARRAY_U1__SZARRAY_U1__SZARRAY_U1__I4);
    NANOCLR_NATIVE_DECLARE(NativeConfirm___STATIC__I4);
    NANOCLR_NATIVE_DECLARE(NativeRevert___STATIC__I4__I4);
    NANOCLR_NATIVE_DECLARE(NativeJournalCapacity___STATIC__I4);
    NANOCLR_NATIVE_DECLARE(NativeJournalRead___STATIC__BOOLEAN__I4__SZARRAY_U1);
    NANOCLR_NATIVE_DECLARE(NativeJournalWrite___STATIC__BOOLEAN__I4__SZARRAY_U1);
};

#endif
