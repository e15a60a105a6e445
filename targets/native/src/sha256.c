/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_sha256.h"

#include <string.h>

#include "bytes.h"

#define BLOCK NOTA_SHA256_BLOCK_LENGTH

static const uint32_t k[64] = {
    0x428a2f98U, 0x71374491U, 0xb5c0fbcfU, 0xe9b5dba5U, 0x3956c25bU, 0x59f111f1U, 0x923f82a4U, 0xab1c5ed5U,
    0xd807aa98U, 0x12835b01U, 0x243185beU, 0x550c7dc3U, 0x72be5d74U, 0x80deb1feU, 0x9bdc06a7U, 0xc19bf174U,
    0xe49b69c1U, 0xefbe4786U, 0x0fc19dc6U, 0x240ca1ccU, 0x2de92c6fU, 0x4a7484aaU, 0x5cb0a9dcU, 0x76f988daU,
    0x983e5152U, 0xa831c66dU, 0xb00327c8U, 0xbf597fc7U, 0xc6e00bf3U, 0xd5a79147U, 0x06ca6351U, 0x14292967U,
    0x27b70a85U, 0x2e1b2138U, 0x4d2c6dfcU, 0x53380d13U, 0x650a7354U, 0x766a0abbU, 0x81c2c92eU, 0x92722c85U,
    0xa2bfe8a1U, 0xa81a664bU, 0xc24b8b70U, 0xc76c51a3U, 0xd192e819U, 0xd6990624U, 0xf40e3585U, 0x106aa070U,
    0x19a4c116U, 0x1e376c08U, 0x2748774cU, 0x34b0bcb5U, 0x391c0cb3U, 0x4ed8aa4aU, 0x5b9cca4fU, 0x682e6ff3U,
    0x748f82eeU, 0x78a5636fU, 0x84c87814U, 0x8cc70208U, 0x90befffaU, 0xa4506cebU, 0xbef9a3f7U, 0xc67178f2U,
};

static inline uint32_t rotate(uint32_t word, unsigned by)
{
    return (word >> by) | (word << (32U - by));
}

/* A macro and eight rounds in a row, so that no working word has to move: half the instructions of a loop over an array. */
#define ROUND(a, b, c, d, e, f, g, h, t)                                                                                  \
    do {                                                                                                                  \
        (h) += (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((g) ^ ((e) & ((f) ^ (g)))) + k[t] + w[(t) & 15U];        \
        (d) += (h);                                                                                                       \
        (h) += (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + (((a) & (b)) | ((c) & ((a) | (b))));                      \
    } while (0)

static void compress(uint32_t hash[8], const uint8_t *block)
{
    uint32_t w[16];
    uint32_t a = hash[0];
    uint32_t b = hash[1];
    uint32_t c = hash[2];
    uint32_t d = hash[3];
    uint32_t e = hash[4];
    uint32_t f = hash[5];
    uint32_t g = hash[6];
    uint32_t h = hash[7];
    for (uint32_t t = 0; t < 16U; t++) {
        w[t] = nota_get_be32(block + (size_t)t * 4U);
    }

    for (uint32_t t = 0; t < 64U; t += 8U) {
        for (uint32_t i = t; t >= 16U && i < t + 8U; i++) {
            uint32_t x = w[(i + 1U) & 15U];
            uint32_t y = w[(i + 14U) & 15U];
            w[i & 15U] += (rotate(x, 7) ^ rotate(x, 18) ^ (x >> 3)) + w[(i + 9U) & 15U] + (rotate(y, 17) ^ rotate(y, 19) ^ (y >> 10));
        }

        ROUND(a, b, c, d, e, f, g, h, t);
        ROUND(h, a, b, c, d, e, f, g, t + 1U);
        ROUND(g, h, a, b, c, d, e, f, t + 2U);
        ROUND(f, g, h, a, b, c, d, e, t + 3U);
        ROUND(e, f, g, h, a, b, c, d, t + 4U);
        ROUND(d, e, f, g, h, a, b, c, t + 5U);
        ROUND(c, d, e, f, g, h, a, b, t + 6U);
        ROUND(b, c, d, e, f, g, h, a, t + 7U);
    }

    hash[0] += a;
    hash[1] += b;
    hash[2] += c;
    hash[3] += d;
    hash[4] += e;
    hash[5] += f;
    hash[6] += g;
    hash[7] += h;
}

void nota_sha256_start(nota_sha256 *sha)
{
    static const uint32_t start[8] = {
        0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU, 0x510e527fU, 0x9b05688cU, 0x1f83d9abU, 0x5be0cd19U,
    };
    memset(sha, 0, sizeof *sha);
    memcpy(sha->hash, start, sizeof start);
}

void nota_sha256_append(nota_sha256 *sha, const void *data, size_t count)
{
    const uint8_t *from = data;
    size_t filled = (size_t)(sha->length & (BLOCK - 1U));
    sha->length += count;
    if (filled != 0U) {
        size_t take = count < BLOCK - filled ? count : BLOCK - filled;
        if (take != 0U) {
            memcpy(sha->block + filled, from, take);
            from += take;
            count -= take;
        }

        if (filled + take < BLOCK) {
            return;
        }

        compress(sha->hash, sha->block);
    }

    for (; count >= BLOCK; count -= BLOCK) {
        compress(sha->hash, from);
        from += BLOCK;
    }

    if (count != 0U) {
        memcpy(sha->block, from, count);
    }
}

void nota_sha256_finish(nota_sha256 *sha, uint8_t digest[NOTA_SHA256_DIGEST_LENGTH])
{
    uint64_t bits = sha->length << 3;
    size_t filled = (size_t)(sha->length & (BLOCK - 1U));
    sha->block[filled++] = 0x80;
    if (filled > BLOCK - 8U) {
        memset(sha->block + filled, 0, BLOCK - filled);
        compress(sha->hash, sha->block);
        filled = 0;
    }

    memset(sha->block + filled, 0, BLOCK - 8U - filled);
    nota_put_be32(sha->block + BLOCK - 8U, (uint32_t)(bits >> 32));
    nota_put_be32(sha->block + BLOCK - 4U, (uint32_t)bits);
    compress(sha->hash, sha->block);
    for (size_t i = 0; i < 8U; i++) {
        nota_put_be32(digest + 4U * i, sha->hash[i]);
    }

    nota_sha256_start(sha);
}

void nota_sha256_export(const nota_sha256 *sha, uint8_t state[NOTA_SHA256_STATE_LENGTH])
{
    if (sha->length == 0U) {
        memset(state, 0, NOTA_SHA256_STATE_LENGTH);
        return;
    }

    for (size_t i = 0; i < 8U; i++) {
        nota_put_be32(state + 4U * i, sha->hash[i]);
    }

    nota_put_be32(state + 32, (uint32_t)(sha->length >> 32));
    nota_put_be32(state + 36, (uint32_t)sha->length);
    size_t filled = (size_t)(sha->length & (BLOCK - 1U));
    memcpy(state + 40, sha->block, filled);
    memset(state + 40 + filled, 0, BLOCK - filled);
}

void nota_sha256_import(nota_sha256 *sha, const uint8_t state[NOTA_SHA256_STATE_LENGTH])
{
    sha->length = ((uint64_t)nota_get_be32(state + 32) << 32) | nota_get_be32(state + 36);
    if (sha->length == 0U) {
        nota_sha256_start(sha);
        return;
    }

    for (size_t i = 0; i < 8U; i++) {
        sha->hash[i] = nota_get_be32(state + 4U * i);
    }

    memcpy(sha->block, state + 40, BLOCK);
}
