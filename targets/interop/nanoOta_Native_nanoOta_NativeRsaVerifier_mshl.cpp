// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanoOta_Native.h"

#include "nanoota_arguments.h"
#include "nanoota_rs256.h"

using Natives = Library_nanoOta_Native_nanoOta_NativeRsaVerifier;

HRESULT Natives::NativeVerify___STATIC__BOOLEAN__SZARRAY_U1__U4__SZARRAY_U1__SZARRAY_U1__SZARRAY_U4(CLR_RT_StackFrame &stack)
{
    Arguments in(stack);
    Elements<unsigned char> modulus = in.bytes();
    uint32_t exponent = in.word();
    Elements<unsigned char> signature = in.bytes();
    const unsigned char *digest = in.bytes_of(NOTA_SHA256_DIGEST_LENGTH);
    Elements<unsigned int> work = in.words();
    in.require(work.count >= sizeof(nota_rsa_work) / sizeof work.data[0]);
    if (FAILED(in.result())) {
        return in.result();
    }

    nota_rsa_key key = {modulus.data, modulus.count, exponent};
    auto *room = reinterpret_cast<nota_rsa_work *>(work.data); // four arrays of such words, aligned as they are
    return answer_flag(stack, nota_rs256_verify(&key, digest, signature.data, signature.count, room));
}
