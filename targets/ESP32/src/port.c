/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_esp32.h"
#include "nanoota_platform.h"

/* The flash driver's own variable: the deployment that the CLR has mapped. */
extern const esp_partition_t *g_pFlashDriver_partition;

/*
 * There are no slots either when the CLR runs another deployment than the one that was chosen, as it would in a firmware that was
 * linked without our --wrap flags: then the slot believed idle might be the one that runs.
 */
nota_slots *nota_platform_enter(void)
{
    nota_esp32 *port = &g_nota_esp32;
    if (!port->ready || g_pFlashDriver_partition != port->deploy) {
        return NULL;
    }

    (void)xSemaphoreTake(port->lock, portMAX_DELAY);
    return &port->slots;
}

void nota_platform_leave(void)
{
    (void)xSemaphoreGive(g_nota_esp32.lock);
}

void nota_platform_unwatch(void)
{
    nota_esp32_watchdog(0);
}

/* A firmware is written by app_update, and ESP-IDF has its say; the rest is the core's alone. */
nota_result nota_platform_begin(nota_part part, uint32_t offset)
{
    nota_esp32 *port = &g_nota_esp32;
    return part == NOTA_PART_FIRMWARE ? nota_esp32_write_begin(port, port->firmware[1U - port->slots.running], offset) : NOTA_NONE;
}

nota_result nota_platform_refusal(nota_result result)
{
    const nota_esp32 *port = &g_nota_esp32;
    return port->writing && port->refused != ESP_OK ? nota_esp32_result(port->refused) : result;
}

nota_result nota_platform_end(void)
{
    return nota_esp32_write_end(&g_nota_esp32);
}

void nota_platform_abort(void)
{
    nota_esp32_write_abort(&g_nota_esp32);
}
