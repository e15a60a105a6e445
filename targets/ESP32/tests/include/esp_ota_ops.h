/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

/* As much of ESP-IDF's header as the port uses, for the host. */
#ifndef FAKE_ESP_OTA_OPS_H
#define FAKE_ESP_OTA_OPS_H

#include "esp_partition.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OTA_SIZE_UNKNOWN 0xFFFFFFFFU
#define OTA_WITH_SEQUENTIAL_WRITES 0xFFFFFFFEU

#define ESP_ERR_OTA_PARTITION_CONFLICT 0x1501
#define ESP_ERR_OTA_SELECT_INFO_INVALID 0x1502
#define ESP_ERR_OTA_VALIDATE_FAILED 0x1503
#define ESP_ERR_OTA_SMALL_SEC_VER 0x1504
#define ESP_ERR_OTA_ROLLBACK_FAILED 0x1505
#define ESP_ERR_OTA_ROLLBACK_INVALID_STATE 0x1506

typedef uint32_t esp_ota_handle_t;

const esp_partition_t *esp_ota_get_running_partition(void);
esp_err_t esp_ota_begin(const esp_partition_t *partition, size_t size, esp_ota_handle_t *handle);
esp_err_t esp_ota_resume(const esp_partition_t *partition, size_t erase_size, size_t offset, esp_ota_handle_t *handle);
esp_err_t esp_ota_write(esp_ota_handle_t handle, const void *data, size_t size);
esp_err_t esp_ota_end(esp_ota_handle_t handle);
esp_err_t esp_ota_abort(esp_ota_handle_t handle);

#ifdef __cplusplus
}
#endif

#endif
