// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_AGENT_H
#define NANOOTA_AGENT_H

#include "managed.h"
#include "nanoota_slots.h"

// What the agent does in managed code, call by call.

// Opens an idle slot and writes an image into it, from an offset on: NOTA_NONE, or the first failure.
int32_t write_image(nota_part part, const std::vector<uint8_t> &image, uint32_t from = 0);

// Activates parts as version "2" with a trial of 660 seconds.
int32_t activate(uint32_t parts);

// The bits of nota_slots_state, and the verdict in the record that comes with them.
int32_t state();
int32_t verdict();

#endif
