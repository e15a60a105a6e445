// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_FAKE_CLR_H
#define NANOOTA_FAKE_CLR_H

#include <cstdint>

#include "fake_blocks.h"

// nanoCLR, as far as it looks for its deployment, feeds the watchdog, and lets a debugger in.

// From the start of its main until it has its deployment.
void clr_start();

// It alone starts anew: its HAL is initialised once more.
void clr_restart();

// A turn of the interpreter, and of the debugger's messaging.
void clr_interpret();

// Where the CLR has found its deployment, and where its debugger finds it.
FakeRange clr_deployment();
FakeRange debugger_deployment();

// The debugger's command to erase a block; false when it is not permitted, or fails.
bool debugger_erase(uint32_t address);

// A configuration that is stored.
bool clr_erase_configuration();

#endif
