// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "nanobooter.h"

#include "fake_stm32_flash.h"
#include "hal.h"
#include "hal_nf_community.h"

extern "C" MEMORY_MAPPED_NOR_BLOCK_CONFIG Device_BlockStorageConfig;

FakeRange nanobooter_deployment()
{
    return find_usage(Device_BlockStorageConfig.BlockConfig.BlockDeviceInformation, BlockUsage_DEPLOYMENT);
}

bool nanobooter_erase(Silicon &silicon, uint32_t option_bits, uint32_t address)
{
    g_silicon = &silicon;
    fake_flash_registers.OPTCR = option_bits;
    return stm32FlashErase(address) != 0;
}

void nanobooter_deploy(Silicon &silicon, uint32_t option_bits, const std::vector<uint8_t> &image)
{
    FakeRange range = nanobooter_deployment();
    for (uint32_t done = 0; done < range.length; done += range.block) {
        (void)nanobooter_erase(silicon, option_bits, range.address + done);
    }

    (void)stm32FlashWrite(range.address, static_cast<uint32_t>(image.size()), image.data());
}
