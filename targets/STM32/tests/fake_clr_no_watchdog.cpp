// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

// nanoCLR's own, for targets that have none: weak.

extern "C" {

__attribute__((weak)) void Watchdog_Init(void);
__attribute__((weak)) void Watchdog_Reset(void);

void Watchdog_Init(void)
{
}

void Watchdog_Reset(void)
{
}

} // extern "C"
