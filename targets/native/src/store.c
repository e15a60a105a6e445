/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "store.h"

#include <string.h>

#include "areas.h"
#include "record.h"

/*
 * The record lies in two sectors, each write goes into the one that does not hold the newest, so that a cut at any point leaves a
 * whole one. A record that was being written when the power went may read whole today and not tomorrow: so before anything is
 * built on it, the newest record is programmed once more over itself, which makes its bits firm.
 */

static uint32_t sector_at(const nota_slots *slots, uint8_t sector)
{
    return sector == 0U ? slots->map.record.offset : nota_second_sector(&slots->flash, &slots->map.record);
}

/* Whether the newer of two records is this one: numbers wrap, and it is the one less than half the range ahead. */
static bool is_newer(uint32_t sequence, uint32_t than)
{
    uint32_t ahead = sequence - than;
    return ahead != 0U && ahead < 0x80000000U;
}

void nota_store_load(nota_slots *slots)
{
    /* The one buffer: a record is unpacked in place, and only when it counts. */
    uint8_t bytes[NOTA_RECORD_LENGTH];
    bool found = false;
    for (uint8_t sector = 0; sector < 2U; sector++) {
        if (slots->flash.read(slots->flash.context, sector_at(slots, sector), bytes, sizeof bytes) && nota_record_is_whole(bytes)
            && (!found || is_newer(nota_record_sequence(bytes), slots->record.sequence))) {
            found = true;
            nota_record_decode(&slots->record, bytes);
            slots->sector = sector;
            memcpy(slots->loaded, bytes, sizeof bytes);
        }
    }

    slots->firm = !found;
    if (!found) {
        nota_record_clear(&slots->record);
    }
}

bool nota_store_firm(nota_slots *slots)
{
    if (!slots->firm) {
        slots->firm = slots->flash.program(slots->flash.context, sector_at(slots, slots->sector), slots->loaded, NOTA_RECORD_LENGTH);
    }

    return slots->firm;
}

static bool reads_as(const nota_slots *slots, uint32_t at, const uint8_t *bytes)
{
    uint8_t piece[64];
    bool same = true;
    for (uint32_t done = 0; done < NOTA_RECORD_LENGTH; done += sizeof piece) {
        same = slots->flash.read(slots->flash.context, at + done, piece, sizeof piece)
            && memcmp(piece, bytes + done, sizeof piece) == 0 && same;
    }

    return same;
}

/* Into the place of the newest record in memory: when it comes to nothing, that one is read again. */
static bool write_record(nota_slots *slots)
{
    uint8_t other = (uint8_t)(1U - slots->sector);
    slots->record.sequence++;
    nota_record_encode(&slots->record, slots->loaded);
    return slots->flash.erase(slots->flash.context, sector_at(slots, other))
        && slots->flash.program(slots->flash.context, sector_at(slots, other), slots->loaded, NOTA_RECORD_LENGTH)
        && reads_as(slots, sector_at(slots, other), slots->loaded);
}

bool nota_store_save(nota_slots *slots)
{
    if (nota_store_firm(slots) && write_record(slots)) {
        slots->sector = (uint8_t)(1U - slots->sector);
        return true;
    }

    /* What was not written did not happen. */
    nota_store_load(slots);
    return false;
}
