// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "idf_bootloader.h"

#include <cstring>

extern "C" {
#include "crc32.h"
}

namespace {

struct Entry {
    uint32_t sequence;
    uint8_t label[20];
    uint32_t state;
    uint32_t crc;

    bool passed_over() const
    {
        return sequence == UINT32_MAX || state == 3 || state == 4;
    }

    bool has_crc() const
    {
        return crc == nota_crc32(UINT32_MAX, reinterpret_cast<const uint8_t *>(&sequence), 4);
    }

    bool usable() const
    {
        return !passed_over() && has_crc();
    }
};

} // namespace

// bootloader_utility.c and bootloader_common_loader.c of 5.5.4, without a factory image.
int idf_choose(FakeFlash &flash, uint32_t ota_data, const std::function<bool(uint8_t)> &is_whole)
{
    Entry entries[2];
    for (uint32_t i = 0; i < 2; i++) {
        flash.read(ota_data + i * NOTA_BLOCK_LENGTH, reinterpret_cast<uint8_t *>(&entries[i]), sizeof entries[i]);
    }

    auto write = [&](uint32_t index, const Entry &entry) {
        uint32_t at = ota_data + index * NOTA_BLOCK_LENGTH;
        return flash.erase(at) && flash.program(at, reinterpret_cast<const uint8_t *>(&entry), sizeof entry);
    };
    for (uint32_t i = 0; i < 2; i++) {
        if (entries[i].state == 1) {
            entries[i].state = 4;
            write(i, entries[i]);
        }
    }

    bool initial = false;
    int active = -1;
    if (entries[0].passed_over() && entries[1].passed_over()) {
        auto is_empty = [](const Entry &entry) { return entry.sequence == UINT32_MAX || !entry.has_crc(); };
        initial = is_empty(entries[0]) && is_empty(entries[1]);
    } else {
        bool a = entries[0].usable();
        bool b = entries[1].usable();
        active = a && b ? (entries[0].sequence >= entries[1].sequence ? 0 : 1) : a ? 0 : b ? 1 : -1;
        if (active >= 0 && entries[active].state == 0) {
            entries[active].state = 1;
            write(static_cast<uint32_t>(active), entries[active]);
        }
    }

    auto slot = static_cast<uint8_t>(active >= 0 ? (entries[active].sequence - 1) % 2 : 0);
    auto other = static_cast<uint8_t>(1 - slot);
    int chosen = is_whole(slot) ? slot : is_whole(other) ? other : -1;
    if (initial && chosen >= 0) { // set_actual_ota_seq
        Entry first;
        memset(&first, 0xFF, sizeof first);
        first.sequence = static_cast<uint32_t>(chosen) + 1;
        first.state = 2;
        first.crc = nota_crc32(UINT32_MAX, reinterpret_cast<const uint8_t *>(&first.sequence), 4);
        write(0, first);
    }

    return chosen;
}
