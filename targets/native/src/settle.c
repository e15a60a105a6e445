/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "settle.h"

#include "otadata.h"

bool nota_settle(nota_slots *slots)
{
    uint8_t named = nota_otadata_named(slots);
    if (named != NOTA_OTA_NOBODY && named != slots->running && !nota_otadata_set_boot(slots, slots->running)) {
        return false;
    }

    uint32_t state = nota_otadata_state_of(slots, slots->running);
    return (state != NOTA_OTA_NEW && state != NOTA_OTA_PENDING_VERIFY) || nota_otadata_mark(slots, NOTA_OTA_VALID);
}
