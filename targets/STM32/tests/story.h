// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_STORY_H
#define NANOOTA_STORY_H

#include "agent.h"
#include "board.h"
#include "nanoota_stm32.h"

// Writes version 2 and activates it.
int32_t update(const Board &board, uint32_t length = Board::image_length);

// Keeps a record in the agent's journal, at a place.
bool remember(uint32_t place, uint8_t value);

// What a place of the journal begins with; -1: it cannot be read.
int recall(uint32_t place);

#endif
