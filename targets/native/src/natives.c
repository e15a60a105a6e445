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

/*
 * A name from this index on is one of the 860 strings that the CLR has built in, which count down from 0xFFFF. Their texts are not here:
 * mscorlib, System.Threading, and whatever else an assembly is called, are known by their checksum.
 */
#define FIRST_BUILT_IN (0xFFFFU - 0x35BU)

/* Columns of an entry. */
#define AT_ENTRY_NAME 0U
#define AT_ENTRY_CHECKSUM 4U

static const uint8_t marker[8] = {'N', 'F', 'M', 'R', 'K', '1', 0, 0};

static bool read(const nota_flash *flash, uint32_t at, void *to, uint32_t count)
{
    return flash->read(flash->context, at, to, count);
}

static uint32_t get_le16(const uint8_t *from)
{
    return (uint32_t)from[0] | ((uint32_t)from[1] << 8U);
}

/* The checksum in the entry with this value in a column; 0, as of an assembly without native code, when there is none. */
static uint32_t find_native(const nota_flash *flash, uint32_t table, uint32_t column, uint32_t value)
{
    uint8_t bytes[TABLE_ENTRY];
    if (!read(flash, table, bytes, TABLE_HEADER) || memcmp(bytes, "nOtN", 4) != 0 || get_le16(bytes + 4) != TABLE_FORMAT) {
        return 0;
    }

    uint32_t count = get_le16(bytes + 6);
    for (uint32_t i = 0; i < count && count <= NOTA_MAX_NATIVES; i++) {
        if (read(flash, table + TABLE_HEADER + i * TABLE_ENTRY, bytes, TABLE_ENTRY) && nota_get_le32(bytes + column) == value) {
            return nota_get_le32(bytes + AT_ENTRY_CHECKSUM);
        }
    }

    return 0;
}

/* The CRC of an assembly's name; false when it has none that can be read. */
static bool name_of(const nota_flash *flash, uint32_t at, const uint8_t *header, uint32_t *crc)
{
    uint32_t index = get_le16(header + AT_NAME);
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

/* The CLR refuses an assembly whose native code it lacks, and one that lacks the native code it has. */
static bool fits(const nota_flash *flash, uint32_t table, uint32_t at, const uint8_t *header)
{
    uint32_t checksum = nota_get_le32(header + AT_NATIVES);
    if (get_le16(header + AT_NAME) >= FIRST_BUILT_IN) {
        return find_native(flash, table, AT_ENTRY_CHECKSUM, checksum) == checksum;
    }

    uint32_t name = 0;
    bool named = name_of(flash, at, header, &name);
    return (named ? find_native(flash, table, AT_ENTRY_NAME, name) : 0U) == checksum;
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

        if (!fits(flash, table, deploy->offset + at, header)) {
            return false;
        }

        /* A slot is whole sectors, so the padding stays within it. */
        at += (total + 3U) & ~3U;
    }

    return found > 0U;
}
