// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "fake_clr.h"

// What is called here lies in other object files, as it does in nanoCLR. All of them are compiled with link-time optimisation, but for
// those that the port's CMake code keeps apart.

extern "C" {
void BlockStorage_AddDevices(void);
void Watchdog_Init(void);
void Watchdog_Reset(void);
extern BlockStorageDevice *g_fake_device;
}

namespace {

FakeRange deployment;

const DeviceBlockInfo *blocks()
{
    return g_fake_device->m_BSD->GetDeviceInfo(g_fake_device->m_context);
}

bool erase_block(uint32_t address)
{
    return g_fake_device->m_BSD->EraseBlock(g_fake_device->m_context, address);
}

} // namespace

void clr_start()
{
    Watchdog_Init();
    clr_restart();
}

void clr_restart()
{
    g_fake_device = nullptr;
    BlockStorage_AddDevices();
    deployment = find_usage(blocks(), BlockUsage_DEPLOYMENT);
}

void clr_interpret()
{
    Watchdog_Reset();
}

FakeRange clr_deployment()
{
    return deployment;
}

FakeRange debugger_deployment()
{
    return find_usage(blocks(), BlockUsage_DEPLOYMENT);
}

bool debugger_erase(uint32_t address)
{
    unsigned int type = find_address(blocks(), address).type;
    return (type == BlockRange_BLOCKTYPE_DEPLOYMENT || type == BlockRange_BLOCKTYPE_CONFIG) && erase_block(address);
}

bool clr_erase_configuration()
{
    return erase_block(find_usage(blocks(), BlockUsage_CONFIG).address);
}
