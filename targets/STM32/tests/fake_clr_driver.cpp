// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "hal.h"
#include "hal_nf_community.h"
#include "nanoPAL_BlockStorage.h"

// nanoCLR's flash driver.

extern "C" {

DeviceBlockInfo *STM32FlashDriver_GetDeviceInfo(void *context);
bool STM32FlashDriver_EraseBlock(void *context, unsigned int address);

DeviceBlockInfo *STM32FlashDriver_GetDeviceInfo(void *context)
{
    return static_cast<MEMORY_MAPPED_NOR_BLOCK_CONFIG *>(context)->BlockConfig.BlockDeviceInformation;
}

bool STM32FlashDriver_EraseBlock(void *, unsigned int address)
{
    return stm32FlashErase(address) != 0;
}

} // extern "C"
