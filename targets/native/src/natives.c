/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_natives.h"

#include <string.h>

#include "bytes.h"
#include "crc32.h"

/* A table of natives. */
#define TABLE_HEADER 8U
#define TABLE_ENTRY 8U
#define TABLE_FORMAT 1U

/* An assembly of nanoFramework 1.x. */
#define HEADER_LENGTH 124U
#define AT_NATIVES 20U
#define AT_NAME 36U
#define AT_STRINGS 84U
#define AT_TOTAL 100U
#define MAX_ASSEMBLIES 128U
#define MAX_NAME 64U

/* Names that the CLR has built in have numbers from the first on; of assemblies' names, only mscorlib is among them. */
#define FIRST_BUILT_IN (0xFFFFU - 0x35CU)
#define MSCORLIB 0xFCD2U

static const uint8_t marker[8] = {'N', 'F', 'M', 'R', 'K', '1', 0, 0};

static bool read(const nota_flash *flash, uint32_t at, void *to, uint32_t count)
{
    return flash->read(flash->context, at, to, count);
}

static uint32_t get_le16(const uint8_t *from)
{
    return (uint32_t)from[0] | ((uint32_t)from[1] << 8U);
}

/* The checksum that a firmware has for an assembly of this name; 0, as of one without native code, when it has none. */
static uint32_t find_native(const nota_flash *flash, uint32_t table, uint32_t name)
{
    uint8_t bytes[TABLE_ENTRY];
    if (!read(flash, table, bytes, TABLE_HEADER) || memcmp(bytes, "nOtN", 4) != 0 || get_le16(bytes + 4) != TABLE_FORMAT) {
        return 0;
    }

    uint32_t count = get_le16(bytes + 6);
    for (uint32_t i = 0; i < count && count <= NOTA_MAX_NATIVES; i++) {
        if (read(flash, table + TABLE_HEADER + i * TABLE_ENTRY, bytes, TABLE_ENTRY) && nota_get_le32(bytes) == name) {
            return nota_get_le32(bytes + 4);
        }
    }

    return 0;
}

/* The CRC of an assembly's name; false when it has none that can be read. */
static bool name_of(const nota_flash *flash, uint32_t at, const uint8_t *header, uint32_t *crc)
{
    uint32_t index = get_le16(header + AT_NAME);
    if (index >= FIRST_BUILT_IN) {
        *crc = nota_crc32(0, (const uint8_t *)"mscorlib", 8);
        return index == MSCORLIB;
    }

    uint8_t name[MAX_NAME];
    uint32_t strings = nota_get_le32(header + AT_STRINGS);
    uint32_t end = nota_get_le32(header + AT_TOTAL);
    if (strings > end || index >= end - strings) {
        return false;
    }

    uint32_t room = end - strings - index;
    room = room < MAX_NAME ? room : MAX_NAME;
    if (!read(flash, at + strings + index, name, room)) {
        return false;
    }

    uint32_t length = 0;
    while (length < room && name[length] != 0U) {
        length++;
    }

    *crc = nota_crc32(0, name, length);
    return length < room;
}

bool nota_natives_fit(const nota_flash *flash, uint32_t table, const nota_area *deploy)
{
    uint32_t at = 0;
    uint32_t found = 0;
    for (; found < MAX_ASSEMBLIES && deploy->size - at >= HEADER_LENGTH; found++) {
        uint8_t header[HEADER_LENGTH];
        if (!read(flash, deploy->offset + at, header, sizeof header)) {
            return false;
        }

        uint32_t total = nota_get_le32(header + AT_TOTAL);
        if (memcmp(header, marker, sizeof marker) != 0 || total < HEADER_LENGTH || total > deploy->size - at) {
            break; /* behind the last one there is blank flash */
        }

        uint32_t name = 0;
        bool named = name_of(flash, deploy->offset + at, header, &name);
        if (nota_get_le32(header + AT_NATIVES) != (named ? find_native(flash, table, name) : 0U)) {
            return false;
        }

        /* A slot is whole sectors, so the padding stays within it. */
        at += (total + 3U) & ~3U;
    }

    return found > 0U;
}
