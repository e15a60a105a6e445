// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanoOta_Native.h"

#include "nanoota_aes.h"
#include "nanoota_arguments.h"

using Natives = Library_nanoOta_Native_nanoOta_NativeAes;

HRESULT Natives::Crypt___BOOLEAN__SZARRAY_U1__SZARRAY_U1__I4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack, 1);
    Elements<unsigned char> key = in.bytes();
    const unsigned char *counter = in.bytes_of(NOTA_AES_BLOCK_LENGTH);
    uint32_t position = in.number();
    Elements<unsigned char> data = in.bytes();
    uint32_t offset = in.number();
    uint32_t count = in.number();
    in.require(count <= data.count && offset <= data.count - count);
    if (FAILED(in.result())) {
        return in.result();
    }

    nota_aes aes;
    bool can = nota_aes_start(&aes, key.data, key.count);
    if (can) {
        nota_aes_crypt(&aes, counter, position, data.data + offset, count);
    }

    return answer_flag(stack, can);
}

HRESULT Natives::DecryptBlock___BOOLEAN__SZARRAY_U1__SZARRAY_U1(CLR_RT_StackFrame &stack)
{
    Arguments in(stack, 1);
    Elements<unsigned char> key = in.bytes();
    unsigned char *block = in.bytes_of(NOTA_AES_BLOCK_LENGTH);
    if (FAILED(in.result())) {
        return in.result();
    }

    nota_aes aes;
    bool can = nota_aes_start(&aes, key.data, key.count);
    if (can) {
        nota_aes_decrypt(&aes, block);
    }

    return answer_flag(stack, can);
}
