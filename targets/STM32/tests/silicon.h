// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_SILICON_H
#define NANOOTA_SILICON_H

#include "fake_flash.h"

// An STM32F769's flash at its addresses, and the processor's data cache before it: it keeps all it has read until software has it drop
// it, and the flash controller does not tell it.
class Silicon {
public:
    Silicon();

    // As the processor reads.
    void read(uint32_t address, uint8_t *to, uint32_t count);

    // As the flash controller works, past the cache; it erases the sector that holds the address.
    bool program(uint32_t address, const uint8_t *from, uint32_t count);
    bool erase(uint32_t address);

    // Drops one line after the other, the first of which begins at the address.
    void invalidate(uint32_t address, int32_t size);

    // A reset drops all.
    void reset();

    // Where an address lies in the flash's bytes.
    static uint32_t at(uint32_t address) { return address - base; }

    FakeFlash flash;

private:
    static constexpr uint32_t base = 0x08000000;
    static constexpr uint32_t line = 32;

    std::vector<uint8_t> cache;
    std::vector<bool> kept;
};

#endif
