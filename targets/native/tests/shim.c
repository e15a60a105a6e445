/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_rs256.h"
#include "nanoota_slots.h"

/* What a caller that sees no C header has to know of the structures it keeps for the core. */

size_t nota_test_size_of_slots(void);
size_t nota_test_size_of_sha256(void);
size_t nota_test_size_of_rsa_work(void);

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
