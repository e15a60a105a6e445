/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <string.h>

#include "places.h"

/* Eight records to a sector, so that a sector is erased once in eight writes, and only when the newest lies in another one. */
#define PLACES_PER_SECTOR (NOTA_SECTOR_SIZE / NOTA_RECORD_LENGTH)

#define PIECE 64U

static uint32_t place_at(const nota_slots *slots, uint32_t place)
{
    return slots->map.state.offset + NOTA_RECORD_SECTORS * NOTA_SECTOR_SIZE + place * NOTA_RECORD_LENGTH;
}

/* Whether a place reads as this record; null: as erased. */
static bool reads_as(const nota_slots *slots, uint32_t at, const uint8_t *record)
{
    uint8_t blank[PIECE];
    uint8_t piece[PIECE];
    bool same = true;
    memset(blank, 0xFF, sizeof blank);
    for (uint32_t done = 0; done < NOTA_RECORD_LENGTH; done += PIECE) {
        same = slots->flash.read(slots->flash.context, at + done, piece, PIECE)
            && memcmp(piece, record != NULL ? record + done : blank, PIECE) == 0 && same;
    }

    return same;
}

uint32_t nota_journal_places(const nota_slots *slots)
{
    return (slots->map.state.size / NOTA_SECTOR_SIZE - NOTA_RECORD_SECTORS) * PLACES_PER_SECTOR;
}

bool nota_journal_read(const nota_slots *slots, uint32_t place, uint8_t record[NOTA_RECORD_LENGTH])
{
    return place < nota_journal_places(slots)
        && slots->flash.read(slots->flash.context, place_at(slots, place), record, NOTA_RECORD_LENGTH);
}

bool nota_journal_write(const nota_slots *slots, uint32_t place, const uint8_t record[NOTA_RECORD_LENGTH])
{
    if (place >= nota_journal_places(slots)) {
        return false;
    }

    uint32_t at = place_at(slots, place);
    bool ready = place % PLACES_PER_SECTOR == 0U ? slots->flash.erase(slots->flash.context, at) : reads_as(slots, at, NULL);
    return ready && slots->flash.program(slots->flash.context, at, record, NOTA_RECORD_LENGTH) && reads_as(slots, at, record);
}
