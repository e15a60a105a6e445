/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_port.h"

#include <string.h>

#include "nanoota_platform.h"

/* What is alike in every port: each call takes the lock, asks the core, and lets the platform have its say. */

uint32_t nota_port_state(uint8_t record[NOTA_RECORD_LENGTH])
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        memset(record, 0, NOTA_RECORD_LENGTH);
        return 0;
    }

    uint32_t state = nota_slots_state(slots);
    nota_slots_record(slots, record);
    nota_platform_leave();
    return state;
}

uint32_t nota_port_capacity(nota_part part)
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return 0;
    }

    uint32_t capacity = nota_slots_capacity(slots, part);
    nota_platform_leave();
    return capacity;
}

nota_result nota_port_open(nota_part part, uint32_t offset)
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_open(slots, part, offset);
    nota_platform_abort();
    result = result == NOTA_NONE ? nota_platform_begin(part, offset) : result;
    nota_platform_leave();
    return result;
}

nota_result nota_port_write(const void *data, uint32_t count)
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_write(slots, data, count);
    result = result == NOTA_NONE ? result : nota_platform_refusal(result);
    nota_platform_leave();
    return result;
}

nota_result nota_port_erase_tail(void)
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_erase_tail(slots);
    result = result == NOTA_NONE ? nota_platform_end() : result;
    nota_platform_leave();
    return result;
}

nota_result nota_port_read(nota_part part, bool idle, uint32_t offset, void *to, uint32_t count)
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_read(slots, part, idle, offset, to, count);
    nota_platform_leave();
    return result;
}

nota_result nota_port_hash(nota_part part, bool idle, uint32_t offset, uint32_t count, uint8_t state[NOTA_SHA256_STATE_LENGTH])
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_sha256 sha;
    nota_sha256_import(&sha, state);
    nota_result result = nota_slots_hash(slots, part, idle, offset, count, &sha);
    if (result == NOTA_NONE) {
        nota_sha256_export(&sha, state);
    }

    nota_platform_leave();
    return result;
}

nota_result nota_port_activate(uint8_t parts, const nota_set *set, uint32_t trial_seconds)
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_platform_abort();
    nota_result result = nota_slots_activate(slots, parts, set, trial_seconds);
    nota_platform_leave();
    return result;
}

/* A trial that has come to a good end is watched no longer. */
static nota_result leave_watched(const nota_slots *slots, nota_result result)
{
    if (result == NOTA_NONE && nota_slots_watchdog_seconds(slots) == 0U) {
        nota_platform_unwatch();
    }

    nota_platform_leave();
    return result;
}

nota_result nota_port_confirm(void)
{
    nota_slots *slots = nota_platform_enter();
    return slots == NULL ? NOTA_SLOT_BUSY : leave_watched(slots, nota_slots_confirm(slots));
}

nota_result nota_port_revert(uint32_t reason)
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_revert(slots, reason);
    nota_platform_leave();
    return result;
}

nota_result nota_port_disown(void)
{
    nota_slots *slots = nota_platform_enter();
    return slots == NULL ? NOTA_SLOT_BUSY : leave_watched(slots, nota_slots_disown(slots));
}

uint32_t nota_port_journal_capacity(void)
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return 0;
    }

    uint32_t capacity = nota_journal_capacity(slots);
    nota_platform_leave();
    return capacity;
}

bool nota_port_journal_read(uint32_t index, uint8_t record[NOTA_RECORD_LENGTH])
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return false;
    }

    bool done = nota_journal_read(slots, index, record);
    nota_platform_leave();
    return done;
}

bool nota_port_journal_write(uint32_t index, const uint8_t record[NOTA_RECORD_LENGTH])
{
    nota_slots *slots = nota_platform_enter();
    if (slots == NULL) {
        return false;
    }

    bool done = nota_journal_write(slots, index, record);
    nota_platform_leave();
    return done;
}
