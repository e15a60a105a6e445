/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_esp32.h"

/*
 * The core's flash over the partition API, which knows of flash encryption and keeps off what no partition covers. A firmware slot
 * is the exception: it is written through app_update or not at all, and app_update erases each sector before it writes it.
 */

/* ESP-IDF itself refuses what goes beyond its end. */
static const esp_partition_t *partition_at(const nota_esp32 *port, uint32_t offset)
{
    for (size_t i = 0; i < port->part_count; i++) {
        const esp_partition_t *part = port->parts[i];
        if (offset >= part->address && offset - part->address < part->size) {
            return part;
        }
    }

    return NULL;
}

static bool read_flash(void *context, uint32_t offset, void *to, uint32_t count)
{
    const esp_partition_t *part = partition_at(context, offset);
    return part != NULL && esp_partition_read(part, offset - part->address, to, count) == ESP_OK;
}

static bool program_flash(void *context, uint32_t offset, const void *from, uint32_t count)
{
    nota_esp32 *port = context;
    const esp_partition_t *part = partition_at(port, offset);
    if (part == NULL) {
        return false;
    }

    if (part->type != ESP_PARTITION_TYPE_APP) {
        return esp_partition_write(part, offset - part->address, from, count) == ESP_OK;
    }

    port->refused = port->writing && part == port->target ? esp_ota_write(port->handle, from, count) : ESP_ERR_INVALID_STATE;
    return port->refused == ESP_OK;
}

static bool erase_flash(void *context, uint32_t offset)
{
    nota_esp32 *port = context;
    const esp_partition_t *part = partition_at(port, offset);
    if (part == NULL) {
        return false;
    }

    return part->type == ESP_PARTITION_TYPE_APP ? port->writing && part == port->target
        : esp_partition_erase_range(part, offset - part->address, NOTA_ESP32_SECTOR) == ESP_OK;
}

static uint32_t sector_length(void *context, uint32_t offset)
{
    (void)context;
    return offset % NOTA_ESP32_SECTOR == 0U ? NOTA_ESP32_SECTOR : 0U;
}

nota_flash nota_esp32_flash(nota_esp32 *port)
{
    return (nota_flash){
        .context = port, .read = read_flash, .program = program_flash, .erase = erase_flash, .sector = sector_length};
}

nota_result nota_esp32_write_begin(nota_esp32 *port, const esp_partition_t *target, uint32_t offset)
{
    nota_esp32_write_abort(port);
    port->refused = ESP_OK;
    esp_err_t error = offset == 0U ? esp_ota_begin(target, OTA_WITH_SEQUENTIAL_WRITES, &port->handle)
        : esp_ota_resume(target, OTA_WITH_SEQUENTIAL_WRITES, offset, &port->handle);
    port->writing = error == ESP_OK;
    port->target = target;
    return nota_esp32_result(error);
}

nota_result nota_esp32_write_end(nota_esp32 *port)
{
    if (!port->writing) {
        return NOTA_NONE;
    }

    port->writing = false;
    return nota_esp32_result(esp_ota_end(port->handle));
}

void nota_esp32_write_abort(nota_esp32 *port)
{
    if (port->writing) {
        port->writing = false;
        (void)esp_ota_abort(port->handle); /* it can only say that there was nothing to give up */
    }
}

nota_result nota_esp32_result(esp_err_t error)
{
    switch (error) {
    case ESP_OK:
        return NOTA_NONE;
    case ESP_ERR_OTA_PARTITION_CONFLICT:     /* the target runs */
    case ESP_ERR_OTA_ROLLBACK_INVALID_STATE: /* what runs is on trial */
        return NOTA_SLOT_BUSY;
    case ESP_ERR_OTA_VALIDATE_FAILED: /* no image, a damaged one, or with Secure Boot one that is not signed */
        return NOTA_IMAGE_MALFORMED;
    case ESP_ERR_OTA_SMALL_SEC_VER: /* anti-rollback */
    case ESP_ERR_OTA_SELECT_INFO_INVALID:
    case ESP_ERR_OTA_ROLLBACK_FAILED:
        return NOTA_ACTIVATION_FAILED;
    case ESP_ERR_INVALID_SIZE:
        return NOTA_TOO_LARGE;
    default:
        return NOTA_FLASH_FAILED;
    }
}
