// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "board.h"

// The target's watchdog: the independent one.

extern "C" {

void Watchdog_Init(void);
void Watchdog_Reset(void);

void Watchdog_Init(void)
{
    Board::now->watchdog_on = true;
    Watchdog_Reset();
}

void Watchdog_Reset(void)
{
    Board::now->fed_at = Board::now->ticks;
}

} // extern "C"
