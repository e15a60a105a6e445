/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_OTADATA_H
#define NANOOTA_OTADATA_H

#include "nanoota_slots.h"

/* The otadata partition as ESP-IDF 5.5 keeps it: two sectors with an entry each, rewritten by erase and program. */

/* ESP-IDF's sectors. */
#define NOTA_OTA_SECTOR 4096U

/* esp_ota_img_states_t. */
#define NOTA_OTA_NEW 0U
#define NOTA_OTA_PENDING_VERIFY 1U
#define NOTA_OTA_VALID 2U
#define NOTA_OTA_INVALID 3U
#define NOTA_OTA_ABORTED 4U
#define NOTA_OTA_UNDEFINED 0xFFFFFFFFU

/* No firmware slot: no entry counts. */
#define NOTA_OTA_NOBODY 0xFFU

/* Whether there is an otadata. */
bool nota_otadata_exists(const nota_slots *slots);

/* The firmware slot that the entry which counts names. */
uint8_t nota_otadata_named(const nota_slots *slots);

/* The state that otadata has for a firmware slot: of the entry that counts where it names this slot, or else of the newest that does. */
uint32_t nota_otadata_state_of(const nota_slots *slots, uint8_t firmware);

/* As esp_ota_set_boot_partition: the entry that does not count is rewritten. False when the flash fails. */
bool nota_otadata_set_boot(nota_slots *slots, uint8_t firmware);

/* Sets the state of the entry that counts, as esp_ota_mark_app_valid_cancel_rollback does. False when the flash fails. */
bool nota_otadata_mark(nota_slots *slots, uint32_t state);

#endif
