/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_ESP32_H
#define NANOOTA_ESP32_H

#include <esp_ota_ops.h>
#include <esp_partition.h>
#include <freertos/FreeRTOS.h>
#include <freertos/semphr.h>

#include "nanoota_slots.h"

#ifdef __cplusplus
extern "C" {
#endif

/* nanoFramework's deployments, and our state. */
#define NOTA_SUBTYPE_DEPLOY ((esp_partition_subtype_t)0x84)
#define NOTA_SUBTYPE_STATE ((esp_partition_subtype_t)0x87)

/* Every sector of the flash. */
#define NOTA_ESP32_SECTOR 4096U

/* Right behind esp_app_desc: the table of natives (docs/images.md). */
#define NOTA_NATIVES_OFFSET 288U

/* All that the port keeps; a reset clears it. */
typedef struct {
    nota_slots slots;
    bool ready;                        /* whether slots may be used */
    const esp_partition_t *deploy;     /* the deployment that was chosen; null: none of ours */
    const esp_partition_t *firmware[2];
    const esp_partition_t *parts[6];   /* every partition that the core touches */
    size_t part_count;
    SemaphoreHandle_t lock;
    StaticSemaphore_t lock_storage;
    bool writing;                      /* whether an esp_ota handle is open */
    esp_ota_handle_t handle;
    const esp_partition_t *target;     /* what it writes to */
    esp_err_t refused;                 /* why its last write failed */
} nota_esp32;

extern nota_esp32 g_nota_esp32;

/* Before the CLR starts: finds the partitions, runs the core's hook, starts the watchdog. Does not return when the device resets. */
void nota_esp32_boot(void);

/* Finds the slots in the partition table; false when it is none of ours. */
bool nota_esp32_find_map(nota_esp32 *port, nota_map *map);

/* The partition API behind the core's vtable. */
nota_flash nota_esp32_flash(nota_esp32 *port);

/* What the core asks of images. */
nota_images nota_esp32_images(nota_esp32 *port);

/* Begins or goes on writing the idle firmware slot by app_update, which erases as it writes. */
nota_result nota_esp32_write_begin(nota_esp32 *port, const esp_partition_t *target, uint32_t offset);

/* Ends writing: ESP-IDF judges the image. Without a write that has begun nothing happens. */
nota_result nota_esp32_write_end(nota_esp32 *port);

/* Gives up writing, if any. */
void nota_esp32_write_abort(nota_esp32 *port);

/* What a refusal of ESP-IDF means to the agent. */
nota_result nota_esp32_result(esp_err_t error);

/* Resets the device after so many seconds, whatever the CLR does; 0: not any more. */
void nota_esp32_watchdog(uint32_t seconds);

/* esp_partition_find_first itself, past the wrap. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the name is the linker's. */
const esp_partition_t *__real_esp_partition_find_first(esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label);

#ifdef __cplusplus
}
#endif

#endif
