// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_NATIVES_TABLE_H
#define NANOOTA_NATIVES_TABLE_H

#include <cstddef>
#include <cstdint>

// The table of natives as it lies in a firmware (docs/images.md), for the sources that natives.cmake writes.

// The CRC-32 of IEEE 802.3, of a text.
constexpr uint32_t crc_of(const char *text)
{
    uint32_t crc = 0xFFFFFFFFU;
    for (; *text != '\0'; text++) {
        crc ^= static_cast<unsigned char>(*text);
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }

    return ~crc;
}

struct Native {
    uint32_t name;
    uint32_t checksum;
};

template <size_t room> struct Natives {
    char magic[4];
    uint16_t format;
    uint16_t count;
    Native assemblies[room];
};

#endif
