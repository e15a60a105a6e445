/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

/* As much of ESP-IDF's header as the port uses, for the host. */
#ifndef FAKE_SOC_RTC_H
#define FAKE_SOC_RTC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t rtc_clk_slow_freq_get_hz(void);

#ifdef __cplusplus
}
#endif

#endif
