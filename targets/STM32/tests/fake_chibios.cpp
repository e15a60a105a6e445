// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "board.h"
#include "hal.h"

// What the port calls of ChibiOS, and the registers that it looks at.

extern "C" {

FakeRcc fake_rcc;

systimestamp_t chVTGetTimeStamp(void)
{
    return Board::now->ticks;
}

void chMtxObjectInit(mutex_t *mutex)
{
    *mutex = {true, 0};
}

// One thread: a lock that is taken already would never be given.
void chMtxLock(mutex_t *mutex)
{
    if (!mutex->there || mutex->taken++ != 0) {
        throw "the port takes its lock twice";
    }
}

void chMtxUnlock(mutex_t *mutex)
{
    if (mutex->taken-- != 1) {
        throw "the port gives a lock that it has not";
    }
}

} // extern "C"
