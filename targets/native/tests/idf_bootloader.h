// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_IDF_BOOTLOADER_H
#define NANOOTA_IDF_BOOTLOADER_H

#include <functional>

#include "fake_flash.h"

// As bootloader_utility.c of ESP-IDF 5.5 chooses between two firmwares, rollback enabled: the slot, or -1 when none is whole.
int idf_choose(FakeFlash &flash, uint32_t ota_data, const std::function<bool(uint8_t)> &is_whole);

#endif
