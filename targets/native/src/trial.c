/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <string.h>

#include "otadata.h"
#include "areas.h"
#include "record.h"
#include "settle.h"
#include "store.h"

static bool has_firmware(uint8_t parts)
{
    return (parts & (uint8_t)NOTA_PART_FIRMWARE) != 0U;
}

nota_result nota_slots_activate(nota_slots *slots, uint8_t parts, const nota_set *set, uint32_t trial_seconds)
{
    nota_record *record = &slots->record;
    bool with_firmware = has_firmware(parts);
    uint8_t firmware = with_firmware ? nota_other(slots->running) : slots->running;
    if (slots->on_trial || nota_record_has_trial(record) || parts == (uint8_t)NOTA_PART_NONE || parts > 3U
        || trial_seconds == 0U || trial_seconds > UINT16_MAX
        || (with_firmware && (!nota_otadata_exists(slots) || !slots->images.is_whole(slots->images.context, firmware)))) {
        return NOTA_ACTIVATION_FAILED;
    }

    slots->open_part = (uint8_t)NOTA_PART_NONE;
    slots->fallback = NOTA_FALLBACK_UNKNOWN;
    record->trial_parts = parts;
    record->trial_firmware = firmware;
    record->trial_deploy = (parts & (uint8_t)NOTA_PART_DEPLOYMENT) != 0U ? nota_other(slots->active_deploy) : slots->active_deploy;
    record->trial_boots = 0;
    record->trial_seconds = (uint16_t)trial_seconds;
    record->trial_id++;
    record->verdict = (uint32_t)NOTA_NONE;
    record->trial = *set;
    /* What runs must run again when the trial fails. It may be bound to no deployment of its own, having taken over that of a
       firmware which is damaged: an entry that is about to change. */
    record->deploy_for[slots->running] = slots->active_deploy;
    if (with_firmware) {
        record->deploy_for[firmware] = record->trial_deploy;
    }

    /* Of a firmware, the second write is the commit: before it the old one boots and finds that the trial never began. */
    bool done = nota_store_save(slots) && (!with_firmware || nota_otadata_set_boot(slots, firmware));
    return done ? NOTA_NONE : NOTA_ACTIVATION_FAILED;
}

nota_result nota_slots_confirm(nota_slots *slots)
{
    nota_record *record = &slots->record;
    if (!slots->on_trial || !nota_record_has_trial(record)) {
        return NOTA_NONE;
    }

    /* First the bootloader's entry: cut in between, the trial is simply run once more. */
    if (has_firmware(record->trial_parts) && !nota_otadata_mark(slots, NOTA_OTA_VALID)) {
        return NOTA_FLASH_FAILED;
    }

    record->deploy_for[slots->running] = record->trial_deploy;
    record->sets[slots->running] = record->trial;
    record->trial_parts = (uint8_t)NOTA_PART_NONE;
    if (!nota_store_save(slots)) {
        return NOTA_FLASH_FAILED;
    }

    slots->on_trial = false;
    return NOTA_NONE;
}

nota_result nota_slots_revert(nota_slots *slots, uint32_t reason)
{
    nota_record *record = &slots->record;
    if (!nota_record_has_trial(record)) {
        return NOTA_NONE;
    }

    record->verdict = reason;
    if (!nota_store_save(slots)) {
        return NOTA_FLASH_FAILED;
    }

    if (!has_firmware(record->trial_parts)) {
        return NOTA_NONE;
    }

    /* Not booted yet: what runs is chosen again, and must not become a trial itself. */
    bool done = slots->on_trial ? nota_otadata_mark(slots, NOTA_OTA_INVALID) : nota_settle(slots);
    return done ? NOTA_NONE : NOTA_FLASH_FAILED;
}

nota_result nota_slots_disown(nota_slots *slots)
{
    nota_record *record = &slots->record;
    if (nota_record_has_trial(record) && !slots->on_trial) {
        nota_result result = nota_slots_revert(slots, (uint32_t)NOTA_CANCELLED);
        if (result != NOTA_NONE) {
            return result;
        }
    }

    /* First the bootloader's entry, as when confirming. */
    if (slots->on_trial && has_firmware(record->trial_parts) && !nota_otadata_mark(slots, NOTA_OTA_VALID)) {
        return NOTA_FLASH_FAILED;
    }

    nota_set *set = &record->sets[slots->running];
    if (!slots->on_trial && set->version[0] == 0U) {
        return nota_store_firm(slots) ? NOTA_NONE : NOTA_FLASH_FAILED; /* nothing was known, nor must it be tomorrow */
    }

    if (slots->on_trial) {
        record->deploy_for[slots->running] = slots->active_deploy;
        record->trial_parts = (uint8_t)NOTA_PART_NONE;
    }

    memset(set, 0, sizeof *set);
    slots->fallback = NOTA_FALLBACK_UNKNOWN;
    if (!nota_store_save(slots)) {
        return NOTA_FLASH_FAILED;
    }

    slots->on_trial = false;
    return NOTA_NONE;
}
