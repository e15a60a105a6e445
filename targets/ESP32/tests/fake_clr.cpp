// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "esp_partition.h"

// nanoCLR as far as it looks for its deployment. Each look-up and the driver's erase lie in the object files that they lie in there:
// --wrap reaches calls from one file into another only.

extern "C" {

uint32_t g_clr_deployment_start;

extern const esp_partition_t *g_pFlashDriver_partition;
bool Esp32FlashDriver_InitializeDevice(void *context);
bool Esp32FlashDriver_EraseBlock(void *context, unsigned int address);
void FixUpBlockRegionInfo(void);
void nanoHAL_Initialize(void);
void app_main(void);
bool debugger_erase_memory(unsigned int address);

void FixUpBlockRegionInfo(void)
{
    const esp_partition_t *found = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, static_cast<esp_partition_subtype_t>(0x84), nullptr);
    g_clr_deployment_start = found != nullptr ? found->address : 0;
}

void nanoHAL_Initialize(void)
{
    FixUpBlockRegionInfo();
    Esp32FlashDriver_InitializeDevice(nullptr);
}

void app_main(void)
{
    nanoHAL_Initialize();
}

// The driver is called through a table of functions.
bool debugger_erase_memory(unsigned int address)
{
    static bool (*const erase_block)(void *, unsigned int) = Esp32FlashDriver_EraseBlock;
    return erase_block(nullptr, address);
}

} // extern "C"
