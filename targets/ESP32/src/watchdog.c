/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <hal/wdt_hal.h>
#include <soc/rtc.h>

#include "nanoota_esp32.h"

/*
 * The trial's deadline: the watchdog of the RTC domain, fed by nobody. It counts without interrupts, tasks or the CLR, is paused in
 * deep sleep, and its reset has a cause of its own.
 */

void nota_esp32_watchdog(uint32_t seconds)
{
    wdt_hal_context_t watchdog = RWDT_HAL_CONTEXT_DEFAULT();
    if (seconds > 0U) {
        uint64_t ticks = (uint64_t)seconds * rtc_clk_slow_freq_get_hz();
        wdt_hal_init(&watchdog, WDT_RWDT, 0, false);
        wdt_hal_write_protect_disable(&watchdog);
        wdt_hal_config_stage(&watchdog, WDT_STAGE0, ticks < UINT32_MAX ? (uint32_t)ticks : UINT32_MAX, WDT_STAGE_ACTION_RESET_RTC);
        wdt_hal_enable(&watchdog);
    } else {
        wdt_hal_write_protect_disable(&watchdog);
        wdt_hal_disable(&watchdog);
    }

    wdt_hal_write_protect_enable(&watchdog);
}
