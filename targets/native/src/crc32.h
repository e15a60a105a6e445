/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_CRC32_H
#define NANOOTA_CRC32_H

#include <stdint.h>

/* CRC-32 of IEEE 802.3 with seed 0; ESP-IDF's crc32_le(seed, ...) with another one. */
uint32_t nota_crc32(uint32_t seed, const uint8_t *data, uint32_t count);

#endif
