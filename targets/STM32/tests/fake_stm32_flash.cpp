// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "fake_stm32_flash.h"
#include "hal.h"
#include "hal_nf_community.h"

// nanoFramework's flash driver: it reads as the processor does, and tells the data cache nothing.

Silicon *g_silicon;

extern "C" {

FakeFlashRegisters fake_flash_registers;

void stm32FlashReadBytes(uint32_t startAddress, uint32_t length, uint8_t *buffer)
{
    if (length == 0) {
        throw "the driver asserts that there is something to read";
    }

    g_silicon->read(startAddress, buffer, length);
}

int stm32FlashWrite(uint32_t startAddress, uint32_t length, const uint8_t *buffer)
{
    return g_silicon->program(startAddress, buffer, length) ? 1 : 0;
}

int stm32FlashErase(uint32_t address)
{
    return g_silicon->erase(address) ? 1 : 0;
}

// CMSIS takes the address as it is.
void SCB_InvalidateDCache_by_Addr(uint32_t *address, int32_t size)
{
    g_silicon->invalidate(static_cast<uint32_t>(reinterpret_cast<uintptr_t>(address)), size);
}

} // extern "C"
