// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanoOta_Native.h"

#include "nanoota_arguments.h"
#include "nanoota_sha256.h"

using Natives = Library_nanoOta_Native_nanoOta_NativeHasher;

HRESULT Natives::Append___VOID__SZARRAY_U1__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack, 1);
    unsigned char *state = in.part_of(NOTA_SHA256_STATE_LENGTH);
    Elements<unsigned char> data = in.bytes();
    uint32_t offset = in.number();
    uint32_t count = in.number();
    in.require(count <= data.count && offset <= data.count - count);
    if (FAILED(in.result())) {
        return in.result();
    }

    nota_sha256 sha;
    nota_sha256_import(&sha, state);
    nota_sha256_append(&sha, data.data + offset, count);
    nota_sha256_export(&sha, state);
    return S_OK;
}

HRESULT Natives::Finish___VOID__SZARRAY_U1__I4__SZARRAY_U1__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack, 1);
    unsigned char *state = in.part_of(NOTA_SHA256_STATE_LENGTH);
    unsigned char *digest = in.part_of(NOTA_SHA256_DIGEST_LENGTH);
    if (FAILED(in.result())) {
        return in.result();
    }

    nota_sha256 sha;
    nota_sha256_import(&sha, state);
    nota_sha256_finish(&sha, digest);
    nota_sha256_export(&sha, state);
    return S_OK;
}
