// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "board.h"

#include <algorithm>

#include "fake_stm32_flash.h"
#include "nanobooter.h"
#include "nanoota_stm32.h"
extern "C" {
#include "bytes.h"
#include "crc32.h"
}

Board *Board::now;

namespace {

constexpr uint64_t watchdog_ticks = 10ULL * CH_CFG_ST_FREQUENCY;

// What the RAM holds after a reset.
const MEMORY_MAPPED_NOR_BLOCK_CONFIG initial_config = Device_BlockStorageConfig;

} // namespace

Board::Board()
{
    now = this;
    g_silicon = &silicon;
    fake_rcc.CSR = 0;
    fake_flash_registers.OPTCR = FLASH_OPTCR_nDBANK;
    install(NOTA_STM32_DEPLOY_0, deployment(1));
}

Board::~Board()
{
    now = nullptr;
    g_silicon = nullptr;
}

bool Board::boot(uint32_t flags)
{
    if (g_nota_stm32.lock.taken != 0) {
        throw "a call has kept the port's lock";
    }

    bool gathered = (flags & RCC_CSR_PORRSTF) == 0 && (fake_rcc.CSR & RCC_CSR_RMVF) == 0;
    fake_rcc.CSR = (gathered ? fake_rcc.CSR : 0) | flags | RCC_CSR_PINRSTF;
    resets++;
    ticks = 0;
    watchdog_on = false;
    silicon.reset();
    g_nota_stm32 = nota_stm32{};
    Device_BlockStorageConfig = initial_config;
    clr_start();
    clr_interpret();
    return !silicon.flash.is_off();
}

bool Board::power_up()
{
    silicon.flash.power_on();
    return boot(RCC_CSR_PORRSTF);
}

bool Board::wait(uint32_t seconds, bool alive)
{
    for (uint32_t i = 0; i < seconds; i++) {
        ticks += CH_CFG_ST_FREQUENCY;
        if (alive) {
            clr_interpret();
        }

        if (watchdog_on && ticks - fed_at >= watchdog_ticks) {
            return boot(RCC_CSR_IWDGRSTF);
        }
    }

    return true;
}

void Board::pass(uint32_t seconds)
{
    wait(seconds, true);
}

void Board::hang(uint32_t seconds)
{
    wait(seconds, false);
}

bool Board::debugger_deploys(uint8_t version)
{
    FakeRange range = debugger_deployment();
    for (uint32_t done = 0; done < range.length; done += range.block) {
        if (!debugger_erase(range.address + done)) {
            return false;
        }
    }

    install(range.address, deployment(version));
    return true;
}

bool Board::booter_deploys(uint8_t version)
{
    nanobooter_deploy(silicon, fake_flash_registers.OPTCR, deployment(version));
    return version_at(NOTA_STM32_DEPLOY_0) == version;
}

std::vector<uint8_t> Board::deployment(uint8_t version, uint32_t length) const
{
    std::vector<uint8_t> image(length, version);
    nota_put_le32(image.data(), 0x4B4D464EU);
    nota_put_le32(image.data() + 4, length);
    nota_put_le32(image.data() + length - 4, nota_crc32(0, image.data(), length - 4));
    return image;
}

uint8_t Board::version_at(uint32_t address) const
{
    const uint8_t *image = silicon.flash.bytes.data() + Silicon::at(address);
    uint32_t length = nota_get_le32(image + 4);
    bool whole = nota_get_le32(image) == 0x4B4D464EU && length > 16 && length <= slot_length
        && nota_get_le32(image + length - 4) == nota_crc32(0, image, length - 4)
        && std::all_of(image + length, image + slot_length, [](uint8_t byte) { return byte == 0xFF; });
    return whole ? image[8] : uint8_t{0};
}

uint8_t Board::running_deploy() const
{
    FakeRange clr = clr_deployment();
    FakeRange debugger = debugger_deployment();
    return clr.length == slot_length && debugger.address == clr.address && debugger.length == clr.length ? version_at(clr.address) : uint8_t{0};
}

void Board::install(uint32_t address, const std::vector<uint8_t> &image)
{
    std::copy(image.begin(), image.end(), silicon.flash.bytes.begin() + Silicon::at(address));
}
