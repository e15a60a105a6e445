/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_rs256.h"

#include <string.h>

#include "bytes.h"

/* Numbers are words, the least significant first. Nothing here is secret: only public values are computed with. */

static void load(uint32_t *to, const uint8_t *bytes, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        to[i] = nota_get_be32(bytes + 4U * (words - 1U - i));
    }
}

/* Whether a >= b. */
static bool reaches(const uint32_t *a, const uint32_t *b, size_t words)
{
    for (size_t i = words; i-- > 0U;) {
        if (a[i] != b[i]) {
            return a[i] > b[i];
        }
    }

    return true;
}

/* a -= b, and what is borrowed beyond the highest word is lost. */
static void subtract(uint32_t *a, const uint32_t *b, size_t words)
{
    uint64_t borrow = 0;
    for (size_t i = 0; i < words; i++) {
        uint64_t difference = (uint64_t)a[i] - b[i] - borrow;
        a[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
}

/* a = 2 a mod m, for a < m. */
static void twice(uint32_t *a, const uint32_t *m, size_t words)
{
    uint32_t carry = 0;
    for (size_t i = 0; i < words; i++) {
        uint32_t high = a[i] >> 31;
        a[i] = (a[i] << 1) | carry;
        carry = high;
    }

    if (carry != 0U || reaches(a, m, words)) {
        subtract(a, m, words);
    }
}

/* -1 / m mod 2^32 for an odd m: each step doubles the number of right bits. */
static uint32_t inverse(uint32_t m)
{
    uint32_t x = m;
    for (int i = 0; i < 5; i++) {
        x *= 2U - m * x;
    }

    return 0U - x;
}

/* to = a b / 2^(32 words) mod m (Montgomery); to may be a or b. */
static void multiply(uint32_t *to, const uint32_t *a, const uint32_t *b, nota_rsa_work *work, size_t words)
{
    const uint32_t *m = work->modulus;
    uint32_t *t = work->product;
    uint32_t minus = inverse(m[0]);
    memset(t, 0, (words + 1U) * sizeof *t);
    for (size_t i = 0; i < words; i++) {
        /* A row of the product, and that multiple of the modulus which makes its lowest word zero, moved down by this word. Two words'
           product and two more words are less than 2^64. */
        uint32_t digit = b[i];
        uint64_t row = (uint64_t)a[0] * digit + t[0];
        uint32_t factor = (uint32_t)row * minus;
        uint64_t sum = (uint64_t)factor * m[0] + (uint32_t)row;
        for (size_t j = 1; j < words; j++) {
            row = (uint64_t)a[j] * digit + t[j] + (uint32_t)(row >> 32);
            sum = (uint64_t)factor * m[j] + (uint32_t)row + (uint32_t)(sum >> 32);
            t[j - 1U] = (uint32_t)sum;
        }

        sum = (row >> 32) + (sum >> 32) + t[words];
        t[words - 1U] = (uint32_t)sum;
        t[words] = (uint32_t)(sum >> 32);
    }

    if (t[words] != 0U || reaches(t, m, words)) {
        subtract(t, m, words);
    }

    memcpy(to, t, words * sizeof *t);
}

/*
 * 2^(64 words) mod m, which brings a number into Montgomery's form. 2^(32 words) is that form of 1, and is the modulus away from it, whose
 * highest bit is set; doubled once for each word it is that of 2^words, and five squarings make it that of 2^(32 words).
 */
static void square_of_radix(nota_rsa_work *work, size_t words)
{
    memset(work->power, 0, sizeof work->power);
    subtract(work->power, work->modulus, words);
    for (size_t i = 0; i < words; i++) {
        twice(work->power, work->modulus, words);
    }

    for (int i = 0; i < 5; i++) {
        multiply(work->power, work->power, work->power, work, words);
    }
}

/* work->power = base ^ exponent mod modulus; base < modulus, exponent > 1. */
static void raise(nota_rsa_work *work, uint32_t exponent, size_t words)
{
    square_of_radix(work, words);
    multiply(work->base, work->base, work->power, work, words);
    memcpy(work->power, work->base, words * sizeof *work->base);
    uint32_t bit = 0x80000000U;
    while ((exponent & bit) == 0U) {
        bit >>= 1;
    }

    for (bit >>= 1; bit != 0U; bit >>= 1) {
        multiply(work->power, work->power, work->power, work, words);
        if ((exponent & bit) != 0U) {
            multiply(work->power, work->power, work->base, work, words);
        }
    }

    /* And out of it. */
    memset(work->base, 0, sizeof work->base);
    work->base[0] = 1;
    multiply(work->power, work->power, work->base, work, words);
}

/* The byte of the encoded message (EMSA-PKCS1-v1_5) at an index. */
static uint8_t encoded(const uint8_t *digest, size_t index, size_t length)
{
    /* AlgorithmIdentifier of SHA-256, and the head of the digest's octet string. */
    static const uint8_t prefix[19] = {
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
    };
    size_t digest_at = length - NOTA_SHA256_DIGEST_LENGTH;
    size_t prefix_at = digest_at - sizeof prefix;
    if (index >= digest_at) {
        return digest[index - digest_at];
    }

    if (index >= prefix_at) {
        return prefix[index - prefix_at];
    }

    return index == 1U ? 0x01U : index == 0U || index == prefix_at - 1U ? 0x00U : 0xFFU;
}

bool nota_rs256_verify(const nota_rsa_key *key, const uint8_t digest[NOTA_SHA256_DIGEST_LENGTH], const uint8_t *signature,
                       size_t length, nota_rsa_work *work)
{
    size_t words = key->length / 4U;
    if ((key->length != 256U && key->length != 384U && key->length != 512U) || length != key->length
        || (key->modulus[0] & 0x80U) == 0U || (key->modulus[length - 1U] & 1U) == 0U
        || (key->exponent & 1U) == 0U || key->exponent < 3U) {
        return false;
    }

    load(work->modulus, key->modulus, words);
    load(work->base, signature, words);
    if (reaches(work->base, work->modulus, words)) {
        return false;
    }

    raise(work, key->exponent, words);
    uint32_t different = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t word = work->power[(length - 1U - i) / 4U];
        different |= ((word >> (8U * ((length - 1U - i) % 4U))) & 0xFFU) ^ encoded(digest, i, length);
    }

    return different == 0U;
}
