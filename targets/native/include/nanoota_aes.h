/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_AES_H
#define NANOOTA_AES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Length of a block and of a counter in bytes. */
#define NOTA_AES_BLOCK_LENGTH 16U

/**
 * AES-128 and AES-256 (FIPS 197), for images that come encrypted. 244 bytes, which hold the key: keep them on the stack. Substitution is by
 * tables in flash, so how long a call takes may depend on the key where flash is cached.
 */
typedef struct {
    uint32_t schedule[60];
    uint32_t last; /* index of the last round's key */
} nota_aes;

/** Takes a key of 16 or 32 bytes. False for any other length; the object must not be used then. */
bool nota_aes_start(nota_aes *aes, const uint8_t *key, size_t length);

/**
 * AES in counter mode (NIST SP 800-38A, section 6.5): encrypts or decrypts bytes of a text in place, from any position on. The counter is that of
 * the text's first block, one big-endian number of 128 bits.
 */
void nota_aes_crypt(const nota_aes *aes, const uint8_t counter[NOTA_AES_BLOCK_LENGTH], uint32_t position, uint8_t *data, size_t count);

/** Decrypts one block in place. */
void nota_aes_decrypt(const nota_aes *aes, uint8_t block[NOTA_AES_BLOCK_LENGTH]);

#ifdef __cplusplus
}
#endif

#endif
