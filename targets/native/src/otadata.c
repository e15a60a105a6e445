/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "otadata.h"

#include <string.h>

#include "bytes.h"
#include "crc32.h"

#define ENTRY_LENGTH 32U
#define AT_STATE 24U
#define AT_CRC 28U
#define NO_SEQUENCE 0xFFFFFFFFU

typedef struct {
    uint32_t sequence;
    uint32_t state;
    bool whole; /* its checksum, which covers the sequence number only, is right */
} entry;

static uint32_t crc_of(const uint8_t sequence[4])
{
    return nota_crc32(0xFFFFFFFFU, sequence, 4);
}

/* Both at once: a decision must not rest on two readings of what may read differently each time. */
static void read_entries(const nota_slots *slots, entry entries[2])
{
    for (uint32_t i = 0; i < 2U; i++) {
        uint8_t bytes[ENTRY_LENGTH];
        bool read = slots->flash.read(slots->flash.context, slots->map.ota_data.offset + i * NOTA_OTA_SECTOR, bytes, sizeof bytes);
        entries[i].sequence = read ? nota_get_le32(bytes) : NO_SEQUENCE;
        entries[i].state = read ? nota_get_le32(bytes + AT_STATE) : NOTA_OTA_UNDEFINED;
        entries[i].whole = read && entries[i].sequence != NO_SEQUENCE && nota_get_le32(bytes + AT_CRC) == crc_of(bytes);
    }
}

static bool is_usable(const entry *e)
{
    return e->whole && e->state != NOTA_OTA_INVALID && e->state != NOTA_OTA_ABORTED;
}

/* The usable entry with the higher number, the first where they are equal, as the bootloader takes it; -1: none. */
static int active_of(const entry entries[2])
{
    bool first = is_usable(&entries[0]);
    bool second = is_usable(&entries[1]);
    if (first && second) {
        return entries[0].sequence >= entries[1].sequence ? 0 : 1;
    }

    return first ? 0 : second ? 1 : -1;
}

static uint8_t slot_of(const entry *e)
{
    return (uint8_t)((e->sequence - 1U) & 1U);
}

static bool write_entry(nota_slots *slots, uint32_t index, uint32_t sequence, uint32_t state)
{
    uint32_t at = slots->map.ota_data.offset + index * NOTA_OTA_SECTOR;
    uint8_t bytes[ENTRY_LENGTH];
    memset(bytes, 0xFF, sizeof bytes);
    nota_put_le32(bytes, sequence);
    nota_put_le32(bytes + AT_STATE, state);
    nota_put_le32(bytes + AT_CRC, crc_of(bytes));
    return slots->flash.erase(slots->flash.context, at) && slots->flash.program(slots->flash.context, at, bytes, sizeof bytes);
}

bool nota_otadata_exists(const nota_slots *slots)
{
    return slots->map.ota_data.size != 0U;
}

uint8_t nota_otadata_named(const nota_slots *slots)
{
    entry entries[2];
    read_entries(slots, entries);
    int active = active_of(entries);
    return active < 0 ? (uint8_t)NOTA_OTA_NOBODY : slot_of(&entries[active]);
}

uint32_t nota_otadata_state_of(const nota_slots *slots, uint8_t firmware)
{
    entry entries[2];
    read_entries(slots, entries);
    int active = active_of(entries);
    if (active >= 0 && slot_of(&entries[active]) == firmware) {
        return entries[active].state;
    }

    /* Of those that do not count the newest. */
    uint32_t newest = 0;
    uint32_t state = NOTA_OTA_UNDEFINED;
    for (int i = 0; i < 2; i++) {
        if (entries[i].whole && slot_of(&entries[i]) == firmware && entries[i].sequence > newest) {
            newest = entries[i].sequence;
            state = entries[i].state;
        }
    }

    return state;
}

bool nota_otadata_set_boot(nota_slots *slots, uint8_t firmware)
{
    entry entries[2];
    read_entries(slots, entries);
    int active = active_of(entries);
    if (active < 0) {
        return write_entry(slots, 0, firmware + 1U, NOTA_OTA_NEW);
    }

    /* The next number, from the active one on, that stands for this slot. */
    uint32_t sequence = entries[active].sequence;
    uint32_t parity = (firmware + 1U) & 1U;
    sequence += (sequence & 1U) != parity ? 1U : 0U;
    return write_entry(slots, 1U - (uint32_t)active, sequence, NOTA_OTA_NEW);
}

bool nota_otadata_mark(nota_slots *slots, uint32_t state)
{
    entry entries[2];
    read_entries(slots, entries);
    int active = active_of(entries);
    if (active < 0 || entries[active].state == state) {
        return true;
    }

    return write_entry(slots, (uint32_t)active, entries[active].sequence, state);
}
