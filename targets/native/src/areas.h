/* Copyright (c) 2026 the nanoOta authors
 * Licensed under the MIT license */

#ifndef NANOOTA_AREAS_H
#define NANOOTA_AREAS_H

#include "nanoota_slots.h"

/* What is known of a fallback. */
#define NOTA_FALLBACK_UNKNOWN 0U
#define NOTA_FALLBACK_MISSING 1U
#define NOTA_FALLBACK_THERE 2U

/* The other one of two slots. */
static inline uint8_t nota_other(uint8_t slot)
{
    return (uint8_t)(1U - slot);
}

/* Whether every area that is written consists of whole sectors, and what has to be there is there. */
bool nota_map_is_sound(const nota_flash *flash, const nota_map *map);

/* The second sector of an area of several. */
uint32_t nota_second_sector(const nota_flash *flash, const nota_area *area);

/* The slot of one part; null when there is none. */
const nota_area *nota_area_of(const nota_slots *slots, nota_part part, bool idle);

#endif
