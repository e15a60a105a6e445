/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include <esp_image_format.h>

#include "nanoota_esp32.h"
#include "nanoota_natives.h"

/* Segments, checksum and SHA-256, and the signature where Secure Boot asks for one: as the bootloader will judge. */
static bool is_whole(void *context, uint8_t firmware)
{
    const nota_esp32 *port = context;
    esp_image_metadata_t found;
    esp_partition_pos_t place = {.offset = port->firmware[firmware]->address, .size = port->firmware[firmware]->size};
    return esp_image_verify(ESP_IMAGE_VERIFY_SILENT, &place, &found) == ESP_OK;
}

static bool can_run(void *context, uint8_t firmware, uint8_t deploy)
{
    const nota_esp32 *port = context;
    const nota_map *map = &port->slots.map;
    return nota_natives_fit(&port->slots.flash, map->firmware[firmware].offset + NOTA_NATIVES_OFFSET, &map->deploy[deploy]);
}

nota_images nota_esp32_images(nota_esp32 *port)
{
    return (nota_images){.context = port, .is_whole = is_whole, .can_run = can_run};
}
