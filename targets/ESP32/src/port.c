/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_port.h"

#include <string.h>

#include "nanoota_esp32.h"

/* The flash driver's own variable: the deployment that the CLR has mapped. */
extern const esp_partition_t *g_pFlashDriver_partition;

/*
 * The slots, locked; null when there are none. Nor are there any when the CLR runs another deployment than the one that was chosen,
 * as it would in a firmware that was linked without our --wrap flags: then the slot believed idle might be the one that runs.
 */
static nota_slots *enter(void)
{
    nota_esp32 *port = &g_nota_esp32;
    if (!port->ready || g_pFlashDriver_partition != port->deploy) {
        return NULL;
    }

    (void)xSemaphoreTake(port->lock, portMAX_DELAY);
    return &port->slots;
}

static void leave(void)
{
    (void)xSemaphoreGive(g_nota_esp32.lock);
}

uint32_t nota_port_state(uint8_t record[NOTA_RECORD_LENGTH])
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        memset(record, 0, NOTA_RECORD_LENGTH);
        return 0;
    }

    uint32_t state = nota_slots_state(slots);
    nota_slots_record(slots, record);
    leave();
    return state;
}

uint32_t nota_port_capacity(nota_part part)
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return 0;
    }

    uint32_t capacity = nota_slots_capacity(slots, part);
    leave();
    return capacity;
}

nota_result nota_port_open(nota_part part, uint32_t offset)
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_open(slots, part, offset);
    nota_esp32_write_abort(&g_nota_esp32);
    if (result == NOTA_NONE && part == NOTA_PART_FIRMWARE) {
        result = nota_esp32_write_begin(&g_nota_esp32, g_nota_esp32.firmware[1U - slots->running], offset);
    }

    leave();
    return result;
}

nota_result nota_port_write(const void *data, uint32_t count)
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_write(slots, data, count);
    if (result != NOTA_NONE && g_nota_esp32.writing && g_nota_esp32.refused != ESP_OK) {
        result = nota_esp32_result(g_nota_esp32.refused);
    }

    leave();
    return result;
}

nota_result nota_port_erase_tail(void)
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_erase_tail(slots);
    result = result == NOTA_NONE ? nota_esp32_write_end(&g_nota_esp32) : result;
    leave();
    return result;
}

nota_result nota_port_read(nota_part part, bool idle, uint32_t offset, void *to, uint32_t count)
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_read(slots, part, idle, offset, to, count);
    leave();
    return result;
}

nota_result nota_port_activate(uint8_t parts, const nota_set *set, uint32_t trial_seconds)
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_esp32_write_abort(&g_nota_esp32);
    nota_result result = nota_slots_activate(slots, parts, set, trial_seconds);
    leave();
    return result;
}

/* A trial that has come to a good end is watched no longer. */
static nota_result leave_watched(const nota_slots *slots, nota_result result)
{
    if (result == NOTA_NONE && nota_slots_watchdog_seconds(slots) == 0U) {
        nota_esp32_watchdog(0);
    }

    leave();
    return result;
}

nota_result nota_port_confirm(void)
{
    nota_slots *slots = enter();
    return slots == NULL ? NOTA_SLOT_BUSY : leave_watched(slots, nota_slots_confirm(slots));
}

nota_result nota_port_reject(uint32_t reason)
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return NOTA_SLOT_BUSY;
    }

    nota_result result = nota_slots_reject(slots, reason);
    leave();
    return result;
}

nota_result nota_port_disown(void)
{
    nota_slots *slots = enter();
    return slots == NULL ? NOTA_SLOT_BUSY : leave_watched(slots, nota_slots_disown(slots));
}

uint32_t nota_port_journal_places(void)
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return 0;
    }

    uint32_t places = nota_journal_places(slots);
    leave();
    return places;
}

bool nota_port_journal_read(uint32_t place, uint8_t record[NOTA_RECORD_LENGTH])
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return false;
    }

    bool done = nota_journal_read(slots, place, record);
    leave();
    return done;
}

bool nota_port_journal_write(uint32_t place, const uint8_t record[NOTA_RECORD_LENGTH])
{
    nota_slots *slots = enter();
    if (slots == NULL) {
        return false;
    }

    bool done = nota_journal_write(slots, place, record);
    leave();
    return done;
}
