/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <string.h>

#include "areas.h"

/* Of a large sector no more is used: every record is read at boot. */
#define MAX_RECORDS_PER_SECTOR 64U

#define PIECE 64U

static uint32_t sector_length(const nota_slots *slots)
{
    return slots->flash.sector(slots->flash.context, slots->map.journal.offset);
}

/* Several, so that a sector is erased once in so many writes, and only when the newest record lies in another one, if there is one. */
static uint32_t records_per_sector(const nota_slots *slots)
{
    uint32_t records = sector_length(slots) / NOTA_RECORD_LENGTH;
    return records < MAX_RECORDS_PER_SECTOR ? records : MAX_RECORDS_PER_SECTOR;
}

static uint32_t record_at(const nota_slots *slots, uint32_t index)
{
    uint32_t records = records_per_sector(slots);
    return slots->map.journal.offset + index / records * sector_length(slots) + index % records * NOTA_RECORD_LENGTH;
}

/* Whether an index reads as this record; null: as erased. */
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

uint32_t nota_journal_capacity(const nota_slots *slots)
{
    return slots->map.journal.size / sector_length(slots) * records_per_sector(slots);
}

bool nota_journal_read(const nota_slots *slots, uint32_t index, uint8_t record[NOTA_RECORD_LENGTH])
{
    return index < nota_journal_capacity(slots)
        && slots->flash.read(slots->flash.context, record_at(slots, index), record, NOTA_RECORD_LENGTH);
}

bool nota_journal_write(const nota_slots *slots, uint32_t index, const uint8_t record[NOTA_RECORD_LENGTH])
{
    if (index >= nota_journal_capacity(slots)) {
        return false;
    }

    uint32_t at = record_at(slots, index);
    bool ready = index % records_per_sector(slots) == 0U ? slots->flash.erase(slots->flash.context, at) : reads_as(slots, at, NULL);
    return ready && slots->flash.program(slots->flash.context, at, record, NOTA_RECORD_LENGTH) && reads_as(slots, at, record);
}
