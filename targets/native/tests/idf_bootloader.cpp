// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "idf_bootloader.h"

extern "C" {
#include "crc32.h"
}

namespace {

struct Entry {
    uint32_t sequence;
    uint8_t label[20];
    uint32_t state;
    uint32_t crc;

    bool usable() const
    {
        return sequence != UINT32_MAX && state != 3 && state != 4
            && crc == nota_crc32(UINT32_MAX, reinterpret_cast<const uint8_t *>(&sequence), 4);
    }
};

} // namespace

int idf_choose(FakeFlash &flash, uint32_t ota_data, const std::function<bool(uint8_t)> &is_whole)
{
    Entry entries[2];
    for (uint32_t i = 0; i < 2; i++) {
        flash.read(ota_data + i * NOTA_BLOCK_LENGTH, reinterpret_cast<uint8_t *>(&entries[i]), sizeof entries[i]);
    }

    auto rewrite = [&](uint32_t index, uint32_t state) {
        entries[index].state = state;
        uint32_t at = ota_data + index * NOTA_BLOCK_LENGTH;
        return flash.erase(at) && flash.program(at, reinterpret_cast<uint8_t *>(&entries[index]), sizeof entries[index]);
    };
    for (uint32_t i = 0; i < 2; i++) {
        if (entries[i].state == 1) {
            rewrite(i, 4);
        }
    }

    bool a = entries[0].usable();
    bool b = entries[1].usable();
    int active = a && b ? (entries[0].sequence > entries[1].sequence ? 0 : 1) : a ? 0 : b ? 1 : -1;
    if (active >= 0 && entries[active].state == 0) {
        rewrite(static_cast<uint32_t>(active), 1);
    }

    auto slot = static_cast<uint8_t>(active >= 0 ? (entries[active].sequence - 1) % 2 : 0);
    auto other = static_cast<uint8_t>(1 - slot);
    return is_whole(slot) ? slot : is_whole(other) ? other : -1;
}
