// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "esp_partition.h"

// nanoCLR's flash driver: its own look-up, and the erase of the whole deployment.

extern "C" {

const esp_partition_t *g_pFlashDriver_partition;

bool Esp32FlashDriver_InitializeDevice(void *context);
bool Esp32FlashDriver_EraseBlock(void *context, unsigned int address);

bool Esp32FlashDriver_InitializeDevice(void *)
{
    g_pFlashDriver_partition = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, static_cast<esp_partition_subtype_t>(0x84), nullptr);
    return g_pFlashDriver_partition != nullptr;
}

bool Esp32FlashDriver_EraseBlock(void *, unsigned int)
{
    return esp_partition_erase_range(g_pFlashDriver_partition, 0, g_pFlashDriver_partition->size) == ESP_OK;
}

} // extern "C"
