/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

/* As much of ESP-IDF's header as the port uses, for the host. */
#ifndef FAKE_ESP_SYSTEM_H
#define FAKE_ESP_SYSTEM_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ESP_RST_UNKNOWN,
    ESP_RST_POWERON,
    ESP_RST_EXT,
    ESP_RST_SW,
    ESP_RST_PANIC,
    ESP_RST_INT_WDT,
    ESP_RST_TASK_WDT,
    ESP_RST_WDT,
    ESP_RST_DEEPSLEEP,
    ESP_RST_BROWNOUT,
    ESP_RST_CPU_LOCKUP = 15,
} esp_reset_reason_t;

esp_reset_reason_t esp_reset_reason(void);
__attribute__((noreturn)) void esp_restart(void);

#ifdef __cplusplus
}
#endif

#endif
