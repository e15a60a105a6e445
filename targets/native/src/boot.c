/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <string.h>

#include "otadata.h"
#include "areas.h"
#include "record.h"
#include "settle.h"
#include "store.h"

/* A version that crashes is given three boots; one whose power fails, more, because that may not be its fault. */
#define MAX_BOOTS_AFTER_CRASH 3U
#define MAX_BOOTS_AFTER_POWER_LOSS 10U

bool nota_slots_start(nota_slots *slots, const nota_flash *flash, const nota_images *images, const nota_map *map, uint8_t running)
{
    memset(slots, 0, sizeof *slots);
    if (!nota_map_is_sound(flash, map) || running >= map->firmware_count) {
        return false;
    }

    slots->flash = *flash;
    slots->images = *images;
    slots->map = *map;
    slots->running = running;
    nota_store_load(slots);
    return true;
}

static void end_trial(nota_slots *slots, uint32_t verdict)
{
    slots->record.verdict = verdict;
    (void)nota_store_save(slots); /* when it fails, the next boot judges anew; boots are counted */
}

/* The bootloader has gone back to another firmware, or never left it. */
static nota_result after_fallback(const nota_slots *slots, nota_reset cause)
{
    bool tried = nota_otadata_exists(slots)
        && nota_otadata_state_of(slots, slots->record.trial_firmware) == NOTA_OTA_ABORTED;
    if (tried && cause == NOTA_RESET_WATCHDOG) {
        return NOTA_TRIAL_HUNG;
    }

    return tried && cause == NOTA_RESET_PANIC ? NOTA_TRIAL_CRASHED : NOTA_TRIAL_INTERRUPTED;
}

/* A trial has been activated and not ended: is this boot one of it? */
static void judge_trial(nota_slots *slots, nota_reset cause, bool pending)
{
    bool with_firmware = (slots->record.trial_parts & (uint8_t)NOTA_PART_FIRMWARE) != 0U;
    uint32_t most = cause == NOTA_RESET_POWER_ON ? MAX_BOOTS_AFTER_POWER_LOSS : MAX_BOOTS_AFTER_CRASH;
    if (with_firmware && slots->running != slots->record.trial_firmware) {
        end_trial(slots, (uint32_t)after_fallback(slots, cause));
    } else if (cause == NOTA_RESET_WATCHDOG) {
        end_trial(slots, (uint32_t)NOTA_TRIAL_HUNG);
    } else if (slots->record.trial_boots >= most) {
        end_trial(slots, (uint32_t)(cause == NOTA_RESET_PANIC ? NOTA_TRIAL_CRASHED : NOTA_TRIAL_INTERRUPTED));
    } else {
        slots->on_trial = true;
        if (!pending) {
            /* With ESP-IDF's own trial the bootloader counts: to one. */
            slots->record.trial_boots++;
            (void)nota_store_save(slots); /* when it fails, this boot is not counted */
        }
    }
}

/*
 * What runs has been rejected: its entry had been confirmed, or the rejection was cut short. True when otadata now names the other
 * firmware, and a reset leads to it. Were that one damaged, or otadata past writing, this one has to do.
 */
static bool leave_rejected(nota_slots *slots)
{
    uint8_t other = nota_other(slots->running);
    if (!slots->images.is_whole(slots->images.context, other)) {
        return false;
    }

    if (nota_otadata_named(slots) == slots->running) {
        (void)nota_otadata_mark(slots, NOTA_OTA_INVALID); /* what came of it is read back below */
    }

    if (nota_otadata_named(slots) != other) {
        (void)nota_otadata_set_boot(slots, other);
    }

    return nota_otadata_named(slots) == other;
}

bool nota_slots_hook(nota_slots *slots, nota_reset cause)
{
    bool is_trial_firmware = (slots->record.trial_parts & (uint8_t)NOTA_PART_FIRMWARE) != 0U
        && slots->running == slots->record.trial_firmware;
    bool pending = nota_otadata_exists(slots) && nota_otadata_state_of(slots, slots->running) == NOTA_OTA_PENDING_VERIFY;
    if (nota_record_has_trial(&slots->record)) {
        judge_trial(slots, cause, pending);
    }

    if (is_trial_firmware && !slots->on_trial && nota_otadata_exists(slots) && leave_rejected(slots)) {
        return false;
    }

    if (!slots->on_trial && nota_otadata_exists(slots)) {
        (void)nota_settle(slots); /* when it fails, the next boot tries again */
    }

    uint8_t deploy = slots->on_trial ? slots->record.trial_deploy : slots->record.deploy_for[slots->running];
    slots->active_deploy = deploy != NOTA_NO_DEPLOY ? deploy : slots->record.deploy_for[nota_other(slots->running)] & 1U;
    return true;
}
