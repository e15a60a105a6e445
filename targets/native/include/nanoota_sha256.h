/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_SHA256_H
#define NANOOTA_SHA256_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Length of a digest in bytes. */
#define NOTA_SHA256_DIGEST_LENGTH 32U

/** Bytes that are compressed at once. */
#define NOTA_SHA256_BLOCK_LENGTH 64U

/** Length of a saved state in bytes: eight words, the length so far (both big-endian), and the unfinished block. */
#define NOTA_SHA256_STATE_LENGTH (32U + 8U + NOTA_SHA256_BLOCK_LENGTH)

/**
 * SHA-256 (FIPS 180-4) over a stream of any length. Its state can be saved and restored; the layout is that of the managed
 * Sha256, so that a hash begun in one language ends in the other.
 */
typedef struct {
    uint32_t hash[8];
    uint64_t length;
    uint8_t block[NOTA_SHA256_BLOCK_LENGTH];
} nota_sha256;

/** Starts with an empty message. */
void nota_sha256_start(nota_sha256 *sha);

/** Takes in the next bytes of the message; none is allowed, and then data may be null. */
void nota_sha256_append(nota_sha256 *sha, const void *data, size_t count);

/** Ends the message and writes its digest; the object starts again with an empty message. */
void nota_sha256_finish(nota_sha256 *sha, uint8_t digest[NOTA_SHA256_DIGEST_LENGTH]);

/** Saves the state after the bytes taken in so far, however they came: zeros behind the unfinished block's, and all zeros where there are none. */
void nota_sha256_export(const nota_sha256 *sha, uint8_t state[NOTA_SHA256_STATE_LENGTH]);

/** Goes on from a saved state; one whose length is 0 is that of an empty message. Any content is a state: guard it by a checksum. */
void nota_sha256_import(nota_sha256 *sha, const uint8_t state[NOTA_SHA256_STATE_LENGTH]);

#ifdef __cplusplus
}
#endif

#endif
