/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "areas.h"
#include "record.h"

uint8_t nota_slots_active_deploy(const nota_slots *slots)
{
    return slots->active_deploy;
}

uint16_t nota_slots_watchdog_seconds(const nota_slots *slots)
{
    return slots->on_trial ? slots->record.trial_seconds : 0U;
}

void nota_slots_record(const nota_slots *slots, uint8_t bytes[NOTA_RECORD_LENGTH])
{
    nota_record_encode(&slots->record, bytes);
}

uint32_t nota_slots_capacity(const nota_slots *slots, nota_part part)
{
    const nota_area *area = nota_area_of(slots, part, true);
    return area != NULL ? area->size : 0U;
}

/* Whether the firmware in the other slot could run the device, were the active one to fail. */
static bool find_fallback(const nota_slots *slots)
{
    uint8_t other = nota_other(slots->running);
    if (slots->map.firmware_count == 1U || !slots->images.is_whole(slots->images.context, other)) {
        return false;
    }

    uint8_t deploy = slots->record.deploy_for[other];
    return slots->images.can_run(slots->images.context, other, deploy == NOTA_NO_DEPLOY ? slots->active_deploy : deploy);
}

uint32_t nota_slots_state(nota_slots *slots)
{
    if (slots->fallback == NOTA_FALLBACK_UNKNOWN) {
        slots->fallback = find_fallback(slots) ? NOTA_FALLBACK_THERE : NOTA_FALLBACK_MISSING;
    }

    uint32_t state = 0;
    state |= slots->running == 1U ? (uint32_t)NOTA_STATE_SECOND_FIRMWARE : 0U;
    state |= slots->active_deploy == 1U ? (uint32_t)NOTA_STATE_SECOND_DEPLOY : 0U;
    state |= slots->on_trial ? (uint32_t)NOTA_STATE_ON_TRIAL : 0U;
    state |= slots->fallback == NOTA_FALLBACK_THERE ? (uint32_t)NOTA_STATE_FALLBACK : 0U;
    state |= slots->map.firmware_count == 2U ? (uint32_t)NOTA_STATE_TWO_FIRMWARES : 0U;
    return state;
}
