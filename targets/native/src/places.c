/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#include "places.h"

static bool is_sound(const nota_area *area, uint32_t sectors)
{
    return area->offset % NOTA_SECTOR_SIZE == 0U && area->size % NOTA_SECTOR_SIZE == 0U
        && area->size / NOTA_SECTOR_SIZE >= sectors && area->offset <= UINT32_MAX - area->size;
}

bool nota_map_is_sound(const nota_map *map)
{
    bool firmware = map->firmware_count == 1U ? map->ota_data.size == 0U
        : map->firmware_count == 2U && is_sound(&map->firmware[1], 1) && is_sound(&map->ota_data, 2);
    return firmware && is_sound(&map->firmware[0], 1) && is_sound(&map->deploy[0], 1) && is_sound(&map->deploy[1], 1)
        && is_sound(&map->state, NOTA_RECORD_SECTORS + 1U);
}

const nota_area *nota_place_of(const nota_slots *slots, nota_part part, bool idle)
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
