/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "nanoota_esp32.h"

/* Two sectors. */
#define RECORD_LENGTH (2U * NOTA_ESP32_SECTOR)

/* Takes a partition into the list of those that the core touches; false when it is not there. */
static bool take(nota_esp32 *port, nota_area *area, const esp_partition_t *partition)
{
    if (partition == NULL) {
        return false;
    }

    port->parts[port->part_count++] = partition;
    area->offset = partition->address;
    area->size = partition->size;
    return true;
}

static const esp_partition_t *find(esp_partition_type_t type, esp_partition_subtype_t subtype, const char *label)
{
    return __real_esp_partition_find_first(type, subtype, label);
}

bool nota_esp32_find_map(nota_esp32 *port, nota_map *map)
{
    *map = (nota_map){0};
    port->part_count = 0;
    const esp_partition_t *factory = find(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_FACTORY, NULL);
    port->firmware[0] = factory != NULL ? factory : find(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_0, NULL);
    port->firmware[1] = find(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_APP_OTA_1, NULL);
    if (!take(port, &map->firmware[0], port->firmware[0])
        || !take(port, &map->deploy[0], find(ESP_PARTITION_TYPE_DATA, NOTA_SUBTYPE_DEPLOY, "deploy_0"))
        || !take(port, &map->deploy[1], find(ESP_PARTITION_TYPE_DATA, NOTA_SUBTYPE_DEPLOY, "deploy_1"))
        || !take(port, &map->record, find(ESP_PARTITION_TYPE_DATA, NOTA_SUBTYPE_STATE, NULL))
        || map->record.size < RECORD_LENGTH) {
        return false;
    }

    /* ota_state: first the slot record, then the journal. */
    map->journal.offset = map->record.offset + RECORD_LENGTH;
    map->journal.size = map->record.size - RECORD_LENGTH;
    map->record.size = RECORD_LENGTH;

    /* One factory, or ota_0 and ota_1: with all three, otadata would not say all. */
    map->firmware_count = factory != NULL ? 1U : 2U;
    return factory != NULL ? port->firmware[1] == NULL
        : take(port, &map->firmware[1], port->firmware[1])
            && take(port, &map->ota_data, find(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_OTA, NULL));
}
