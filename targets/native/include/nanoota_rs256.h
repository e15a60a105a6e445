/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_RS256_H
#define NANOOTA_RS256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nanoota_sha256.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The longest modulus in bytes: RSA-4096. */
#define NOTA_RSA_MAX_LENGTH 512U

/** A public key. */
typedef struct {
    const uint8_t *modulus; /**< Big-endian, no leading zero. */
    size_t length;          /**< 256, 384 or 512 bytes, with the highest bit of the first one set. */
    uint32_t exponent;      /**< Odd, at least 3; 65537 nearly always. */
} nota_rsa_key;

/** What a verification computes in: some 2 KiB, which the caller keeps where there is room. Needs no initial value. */
typedef struct {
    uint32_t modulus[NOTA_RSA_MAX_LENGTH / 4U];
    uint32_t base[NOTA_RSA_MAX_LENGTH / 4U];
    uint32_t power[NOTA_RSA_MAX_LENGTH / 4U];
    uint32_t product[NOTA_RSA_MAX_LENGTH / 4U + 1U];
} nota_rsa_work;

/**
 * Verifies RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.2). The encoded message is made anew and compared as a
 * whole, so nothing of what a signature holds is interpreted.
 *
 * @param key The public key.
 * @param digest SHA-256 of the message.
 * @param signature The signature, big-endian.
 * @param length Its length in bytes.
 * @param work Room to compute in.
 * @return True when the signature is that of this message by this key. False for any other, for a key that is none of those
 *         above, and for a signature that is not as long as the modulus or not less than it.
 */
bool nota_rs256_verify(const nota_rsa_key *key, const uint8_t digest[NOTA_SHA256_DIGEST_LENGTH], const uint8_t *signature,
                       size_t length, nota_rsa_work *work);

#ifdef __cplusplus
}
#endif

#endif
