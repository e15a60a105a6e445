// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanoPAL_BlockStorage.h"

// The board's file that adds the devices.

extern "C" {

BlockStorageDevice *g_fake_device;

extern BlockStorageDevice Device_BlockStorage;
extern MEMORY_MAPPED_NOR_BLOCK_CONFIG Device_BlockStorageConfig;
extern const IBlockStorageDevice g_fake_driver;
void BlockStorage_AddDevices(void);

void BlockStorage_AddDevices(void)
{
    g_fake_device = &Device_BlockStorage;
    g_fake_device->m_BSD = &g_fake_driver;
    g_fake_device->m_context = &Device_BlockStorageConfig;
}

} // extern "C"
