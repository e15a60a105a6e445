/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_aes.h"
#include "nanoota_rs256.h"
#include "nanoota_slots.h"

/* What a caller that sees no C header has to know of the structures it keeps for the core, and of how the core was compiled. */

/* The build's own: the names of the sanitizers that it compiles with. */
#ifndef NOTA_TEST_SANITIZERS
#define NOTA_TEST_SANITIZERS ""
#endif

size_t nota_test_size_of_slots(void);
size_t nota_test_size_of_sha256(void);
size_t nota_test_size_of_rsa_work(void);
size_t nota_test_size_of_aes(void);
const char *nota_test_sanitizers(void);
bool nota_test_is_on_trial(const nota_slots *slots);
void nota_test_touch(const volatile uint8_t *from, size_t count);

size_t nota_test_size_of_slots(void)
{
    return sizeof(nota_slots);
}

size_t nota_test_size_of_sha256(void)
{
    return sizeof(nota_sha256);
}

size_t nota_test_size_of_rsa_work(void)
{
    return sizeof(nota_rsa_work);
}

size_t nota_test_size_of_aes(void)
{
    return sizeof(nota_aes);
}

const char *nota_test_sanitizers(void)
{
    return NOTA_TEST_SANITIZERS;
}

bool nota_test_is_on_trial(const nota_slots *slots)
{
    return slots->on_trial;
}

/* A flash outside of C writes where no sanitizer looks: this reads the range for it. Its first and last byte, and one in each granule
 * of 8 bytes, which is how finely AddressSanitizer knows memory. */
void nota_test_touch(const volatile uint8_t *from, size_t count)
{
    enum { GRANULE = 8 };
    for (size_t at = 0; at < count; at += GRANULE) {
        (void)from[at];
    }
    if (count > 0) {
        (void)from[count - 1];
    }
}
