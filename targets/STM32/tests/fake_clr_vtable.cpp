// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanoPAL_BlockStorage.h"

// The table through which nanoCLR calls its flash driver.

extern "C" {

DeviceBlockInfo *STM32FlashDriver_GetDeviceInfo(void *context);
bool STM32FlashDriver_EraseBlock(void *context, unsigned int address);
extern const IBlockStorageDevice g_fake_driver;

const IBlockStorageDevice g_fake_driver = {STM32FlashDriver_GetDeviceInfo, STM32FlashDriver_EraseBlock};

} // extern "C"
