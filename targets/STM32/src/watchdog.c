/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_stm32.h"

#if HAL_USE_WDG != TRUE
#error "Only the watchdog ends a trial that hangs: build nanoCLR with HAL_USE_WDG."
#endif

/*
 * nanoCLR starts the independent watchdog and feeds it while it interprets, waits or talks to a debugger. After a trial's deadline it
 * gets no more food, and strikes within its own time; a hang below the CLR gives it none at any time. It counts by a clock of its own.
 */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): these names are the linker's. */
void __real_Watchdog_Reset(void);
void __wrap_Watchdog_Reset(void);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

void nota_stm32_watchdog(uint32_t seconds)
{
    g_nota_stm32.deadline = seconds == 0U ? 0U : chVTGetTimeStamp() + (systimestamp_t)seconds * CH_CFG_ST_FREQUENCY;
}

/* Two threads come here, and the deadline has two words: one that is read while it changes costs one feed, or grants one. */
void __wrap_Watchdog_Reset(void)
{
    systimestamp_t deadline = g_nota_stm32.deadline;
    g_nota_stm32.fed = true;
    if (deadline == 0U || chVTGetTimeStamp() < deadline) {
        __real_Watchdog_Reset();
    }
}
