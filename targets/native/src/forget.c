/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <string.h>

#include "record.h"
#include "store.h"

nota_result nota_slots_forget(nota_slots *slots)
{
    nota_record *record = &slots->record;
    bool has_trial = nota_record_has_trial(record);
    if (!has_trial && record->deploy_for[0] == 0U && record->sets[0].version[0] == 0U) {
        return nota_store_firm(slots) ? NOTA_NONE : NOTA_FLASH_FAILED; /* so it is already, and must be tomorrow */
    }

    if (has_trial) {
        record->trial_parts = (uint8_t)NOTA_PART_NONE;
    }

    record->deploy_for[0] = 0;
    memset(&record->sets[0], 0, sizeof record->sets[0]);
    return nota_store_save(slots) ? NOTA_NONE : NOTA_FLASH_FAILED;
}
