// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_UPDATES_H
#define NANOOTA_UPDATES_H

#include "agent.h"
#include "chip.h"

// Writes a version of these parts and activates them.
int32_t update(const Chip &chip, uint32_t parts, uint8_t version = 2);

#endif
