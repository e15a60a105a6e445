/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

/* As much of ESP-IDF's header as the port uses, for the host. */
#ifndef FAKE_WDT_HAL_H
#define FAKE_WDT_HAL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    WDT_RWDT = 0,
} wdt_inst_t;

typedef enum {
    WDT_STAGE0 = 0,
} wdt_stage_t;

typedef enum {
    WDT_STAGE_ACTION_RESET_SYSTEM = 3,
    WDT_STAGE_ACTION_RESET_RTC = 4,
} wdt_stage_action_t;

typedef struct {
    wdt_inst_t inst;
} wdt_hal_context_t;

#define RWDT_HAL_CONTEXT_DEFAULT() {.inst = WDT_RWDT}

void wdt_hal_init(wdt_hal_context_t *hal, wdt_inst_t inst, uint32_t prescaler, bool enable_interrupt);
void wdt_hal_config_stage(wdt_hal_context_t *hal, wdt_stage_t stage, uint32_t ticks, wdt_stage_action_t action);
void wdt_hal_enable(wdt_hal_context_t *hal);
void wdt_hal_disable(wdt_hal_context_t *hal);
void wdt_hal_write_protect_disable(wdt_hal_context_t *hal);
void wdt_hal_write_protect_enable(wdt_hal_context_t *hal);

#ifdef __cplusplus
}
#endif

#endif
