// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_FAKE_STM32_FLASH_H
#define NANOOTA_FAKE_STM32_FLASH_H

#include "silicon.h"

// The chip that an image's driver works on: nanoCLR and nanoBooter have one each.
extern Silicon *g_silicon;

#endif
