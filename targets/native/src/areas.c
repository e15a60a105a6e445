/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "areas.h"

/* How many sectors an area consists of; 0 when it does not end with one. */
static uint32_t sectors_of(const nota_flash *flash, const nota_area *area)
{
    uint32_t sectors = 0;
    for (uint32_t done = 0; done < area->size; sectors++) {
        uint32_t length = flash->sector(flash->context, area->offset + done);
        if (length == 0U || length % NOTA_BLOCK_LENGTH != 0U || length > area->size - done) {
            return 0;
        }

        done += length;
    }

    return sectors;
}

static bool is_sound(const nota_flash *flash, const nota_area *area, uint32_t sectors)
{
    return area->offset <= UINT32_MAX - area->size && sectors_of(flash, area) >= sectors;
}

static bool is_even(const nota_flash *flash, const nota_area *area)
{
    uint32_t length = flash->sector(flash->context, area->offset);
    return sectors_of(flash, area) * length == area->size;
}

bool nota_map_is_sound(const nota_flash *flash, const nota_map *map)
{
    const nota_area *only = &map->firmware[0];
    bool firmware = map->firmware_count == 1U
        ? map->ota_data.size == 0U && only->size != 0U && only->offset <= UINT32_MAX - only->size
        : map->firmware_count == 2U && is_sound(flash, &map->firmware[0], 1) && is_sound(flash, &map->firmware[1], 1)
            && is_sound(flash, &map->ota_data, 2);
    return firmware && is_sound(flash, &map->deploy[0], 1) && is_sound(flash, &map->deploy[1], 1)
        && is_sound(flash, &map->record, 2) && is_sound(flash, &map->journal, 1) && is_even(flash, &map->journal);
}

uint32_t nota_second_sector(const nota_flash *flash, const nota_area *area)
{
    return area->offset + flash->sector(flash->context, area->offset);
}

const nota_area *nota_area_of(const nota_slots *slots, nota_part part, bool idle)
{
    const nota_map *map = &slots->map;
    if (part == NOTA_PART_DEPLOYMENT) {
        return &map->deploy[idle ? nota_other(slots->active_deploy) : slots->active_deploy];
    }

    if (part != NOTA_PART_FIRMWARE || (idle && map->firmware_count == 1U)) {
        return NULL;
    }

    return &map->firmware[idle ? nota_other(slots->running) : slots->running];
}
