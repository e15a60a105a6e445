/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_platform.h"
#include "nanoota_stm32.h"

/*
 * There are no slots either when the wraps do not reach nanoCLR, as in a firmware that was linked without them, or with its driver
 * inlined by link-time optimisation: when the CLR has another block map than the one that was chosen, then the slot believed idle
 * might be the one that runs, and when it feeds the watchdog past us, no deadline would end a trial.
 */
nota_slots *nota_platform_enter(void)
{
    nota_stm32 *port = &g_nota_stm32;
    if (!port->ready || !port->fed || Device_BlockStorageConfig.BlockConfig.BlockDeviceInformation != port->blocks) {
        return NULL;
    }

    chMtxLock(&port->lock);
    return &port->slots;
}

void nota_platform_leave(void)
{
    chMtxUnlock(&g_nota_stm32.lock);
}

void nota_platform_unwatch(void)
{
    nota_stm32_watchdog(0);
}

/* The core writes the flash itself, and nobody else has a say. */
nota_result nota_platform_begin(nota_part part, uint32_t offset)
{
    (void)part;
    (void)offset;
    return NOTA_NONE;
}

nota_result nota_platform_refusal(nota_result result)
{
    return result;
}

nota_result nota_platform_end(void)
{
    return NOTA_NONE;
}

void nota_platform_abort(void)
{
}
