/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <string.h>

#include "areas.h"
#include "otadata.h"
#include "record.h"
#include "settle.h"
#include "store.h"

/*
 * A call goes at most this much further, or by one sector where that is longer, for all managed threads wait: to erase it takes 16
 * sectors of a block some 45 ms each; to read it where it is blank already, a few milliseconds.
 */
#define TAIL_AT_ONCE 65536U

#define PIECE 256U

nota_result nota_slots_open(nota_slots *slots, nota_part part, uint32_t offset)
{
    const nota_area *area = nota_area_of(slots, part, true);
    if (slots->on_trial || nota_record_has_trial(&slots->record) || area == NULL) {
        return NOTA_SLOT_BUSY;
    }

    if (offset % NOTA_BLOCK_LENGTH != 0U || offset > area->size) {
        return NOTA_FLASH_FAILED;
    }

    /* The idle slot is idle by what the record says today: before it is given up, that must be what it says tomorrow. */
    if (!nota_store_firm(slots)) {
        return NOTA_FLASH_FAILED;
    }

    /* Had otadata named this slot since a trial began, the next power-up would boot what nobody activated. */
    if (part == NOTA_PART_FIRMWARE && nota_otadata_exists(slots) && !nota_settle(slots)) {
        return NOTA_FLASH_FAILED;
    }

    uint8_t other = nota_other(slots->running);
    if (part == NOTA_PART_DEPLOYMENT && slots->record.deploy_for[other] == nota_other(slots->active_deploy)) {
        /* The other firmware would start with what is about to be overwritten: never again, and this must be durable first. */
        slots->record.deploy_for[other] = (uint8_t)NOTA_NO_DEPLOY;
        if (!nota_store_save(slots)) {
            return NOTA_FLASH_FAILED;
        }
    }

    slots->fallback = NOTA_FALLBACK_UNKNOWN;
    slots->open_part = (uint8_t)part;
    slots->at = area->offset + offset;
    slots->end = area->offset + area->size;
    return NOTA_NONE;
}

/*
 * Whether these bytes can be programmed where no sector begins: over erased flash, or over what they were meant to become when the
 * power went. Of a cut program only bits that were to be cleared read as they please. Behind the image's end the block is blank.
 */
static nota_result can_program(const nota_slots *slots, const uint8_t *data, uint32_t count)
{
    uint8_t piece[PIECE];
    uint32_t missing = 0;
    for (uint32_t done = 0; done < NOTA_BLOCK_LENGTH; done += PIECE) {
        if (!slots->flash.read(slots->flash.context, slots->at + done, piece, PIECE)) {
            return NOTA_FLASH_FAILED;
        }

        for (uint32_t i = 0; i < PIECE; i++) {
            missing |= (done + i < count ? data[done + i] : 0xFFU) & ~(uint32_t)piece[i];
        }
    }

    return missing == 0U ? NOTA_NONE : NOTA_READ_BACK_MISMATCH;
}

nota_result nota_slots_write(nota_slots *slots, const void *data, uint32_t count)
{
    const nota_flash *flash = &slots->flash;
    if (slots->open_part == (uint8_t)NOTA_PART_NONE || count == 0U || count > NOTA_BLOCK_LENGTH || slots->at >= slots->end) {
        return NOTA_FLASH_FAILED;
    }

    if (flash->sector(flash->context, slots->at) == 0U) {
        nota_result possible = can_program(slots, data, count);
        if (possible != NOTA_NONE) {
            return possible;
        }
    } else if (!flash->erase(flash->context, slots->at)) {
        return NOTA_FLASH_FAILED;
    }

    if (!flash->program(flash->context, slots->at, data, count)) {
        return NOTA_FLASH_FAILED;
    }

    slots->at += NOTA_BLOCK_LENGTH;
    return NOTA_NONE;
}

/* Whether a range reads as erased; in doubt, it does not. */
static bool is_blank(const nota_slots *slots, uint32_t at, uint32_t count)
{
    uint8_t piece[PIECE];
    uint8_t all = 0xFF;
    for (uint32_t done = 0; done < count; done += PIECE) {
        if (!slots->flash.read(slots->flash.context, at + done, piece, PIECE)) {
            return false;
        }

        for (uint32_t i = 0; i < PIECE; i++) {
            all &= piece[i];
        }
    }

    return all == 0xFFU;
}

nota_result nota_slots_erase_tail(nota_slots *slots)
{
    const nota_flash *flash = &slots->flash;
    /* Behind a firmware image nothing is looked for. */
    bool deployment = slots->open_part == (uint8_t)NOTA_PART_DEPLOYMENT;
    uint32_t done = 0;
    while (deployment && done < TAIL_AT_ONCE && slots->at < slots->end) {
        uint32_t length = flash->sector(flash->context, slots->at);
        uint32_t step = length != 0U ? length : NOTA_BLOCK_LENGTH;
        if (!is_blank(slots, slots->at, step)) {
            if (length == 0U) {
                return NOTA_READ_BACK_MISMATCH; /* the image ends in this sector */
            }

            if (!flash->erase(flash->context, slots->at)) {
                return NOTA_FLASH_FAILED;
            }
        }

        slots->at += step;
        done += step;
    }

    slots->fallback = NOTA_FALLBACK_UNKNOWN;
    if (deployment && slots->at < slots->end) {
        return NOTA_PENDING;
    }

    slots->open_part = (uint8_t)NOTA_PART_NONE;
    return NOTA_NONE;
}

static bool is_within(const nota_area *area, uint32_t offset, uint32_t count)
{
    return area != NULL && count <= area->size && offset <= area->size - count;
}

nota_result nota_slots_read(const nota_slots *slots, nota_part part, bool idle, uint32_t offset, void *to, uint32_t count)
{
    const nota_area *area = nota_area_of(slots, part, idle);
    bool done = is_within(area, offset, count) && slots->flash.read(slots->flash.context, area->offset + offset, to, count);
    return done ? NOTA_NONE : NOTA_FLASH_FAILED;
}

nota_result nota_slots_hash(const nota_slots *slots, nota_part part, bool idle, uint32_t offset, uint32_t count, nota_sha256 *sha)
{
    const nota_area *area = nota_area_of(slots, part, idle);
    if (count > NOTA_HASH_LENGTH || !is_within(area, offset, count)) {
        return NOTA_FLASH_FAILED;
    }

    uint8_t piece[PIECE];
    for (uint32_t done = 0; done < count;) {
        uint32_t take = count - done < PIECE ? count - done : PIECE;
        if (!slots->flash.read(slots->flash.context, area->offset + offset + done, piece, take)) {
            return NOTA_FLASH_FAILED;
        }

        nota_sha256_append(sha, piece, take);
        done += take;
    }

    return NOTA_NONE;
}
