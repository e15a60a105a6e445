/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "crc32.h"

uint32_t nota_crc32(uint32_t seed, const uint8_t *data, uint32_t count)
{
    /* Bit by bit: it guards records of a few hundred bytes, and a table would take as much. */
    uint32_t crc = ~seed;
    for (uint32_t i = 0; i < count; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1U) * 0xEDB88320U);
        }
    }

    return ~crc;
}
