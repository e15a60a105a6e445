// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_NANOBOOTER_H
#define NANOOTA_NANOBOOTER_H

#include <vector>

#include "fake_blocks.h"
#include "silicon.h"

// nanoBooter: an image of its own, linked as it is with the port's flags.

// The deployment that it names to a debugger.
__attribute__((visibility("default"))) FakeRange nanobooter_deployment();

// The debugger's command to erase a block, with the option bits as they are. nanoBooter permits everything.
__attribute__((visibility("default"))) bool nanobooter_erase(Silicon &silicon, uint32_t option_bits, uint32_t address);

// All commands of a deployment: each is answered as done, whatever the driver says, so the debugger goes on.
__attribute__((visibility("default"))) void nanobooter_deploy(Silicon &silicon, uint32_t option_bits, const std::vector<uint8_t> &image);

#endif
