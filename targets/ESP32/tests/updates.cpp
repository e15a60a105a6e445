// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "updates.h"

int32_t update(const Chip &chip, uint32_t parts, uint8_t version)
{
    int32_t result = NOTA_NONE;
    if ((parts & NOTA_PART_FIRMWARE) != 0) {
        result = write_image(NOTA_PART_FIRMWARE, chip.firmware_image(version));
    }

    if (result == NOTA_NONE && (parts & NOTA_PART_DEPLOYMENT) != 0) {
        result = write_image(NOTA_PART_DEPLOYMENT, chip.deployment(version));
    }

    return result == NOTA_NONE ? activate(parts) : result;
}
