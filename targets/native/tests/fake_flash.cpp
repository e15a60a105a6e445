// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "fake_flash.h"

#include <algorithm>

FakeFlash::FakeFlash(uint32_t blocks) : FakeFlash(std::vector<uint32_t>(blocks, NOTA_BLOCK_LENGTH)) {}

FakeFlash::FakeFlash(const std::vector<uint32_t> &lengths)
{
    uint32_t end = 0;
    for (uint32_t length : lengths) {
        sectors[end] = length;
        end += length;
    }

    bytes.assign(end, 0xFF);
    weak.assign(end, 0);
}

nota_flash FakeFlash::table()
{
    nota_flash table{};
    table.context = this;
    table.read = [](void *self, uint32_t offset, void *to, uint32_t count) {
        return static_cast<FakeFlash *>(self)->read(offset, static_cast<uint8_t *>(to), count);
    };
    table.program = [](void *self, uint32_t offset, const void *from, uint32_t count) {
        return static_cast<FakeFlash *>(self)->program(offset, static_cast<const uint8_t *>(from), count);
    };
    table.erase = [](void *self, uint32_t offset) { return static_cast<FakeFlash *>(self)->erase(offset); };
    table.sector = [](void *self, uint32_t offset) { return static_cast<const FakeFlash *>(self)->sector(offset); };
    return table;
}

void FakeFlash::power_on()
{
    off = false;
    done = 0;
    cut = 0;
    fail = 0;
}

void FakeFlash::cut_at(int operation, Tear tear)
{
    cut = operation;
    kind = tear;
}

void FakeFlash::fail_at(int operation)
{
    fail = operation;
}

bool FakeFlash::read(uint32_t offset, uint8_t *to, uint32_t count)
{
    if (off || !check(offset <= bytes.size() && count <= bytes.size() - offset, "read beyond the chip")) {
        return false;
    }

    for (uint32_t i = 0; i < count; i++) {
        to[i] = static_cast<uint8_t>(bytes[offset + i] ^ (weak[offset + i] != 0 ? weak[offset + i] & noise() : 0U));
    }

    return true;
}

bool FakeFlash::program(uint32_t offset, const uint8_t *from, uint32_t count)
{
    auto next = sectors.upper_bound(offset);
    bool one_sector = count > 0 && (next == sectors.end() || offset + count <= next->first);
    bool torn = false;
    if (off || !check(one_sector && offset + count <= bytes.size(), "program beyond a sector") || !begin(torn)) {
        return false;
    }

    std::vector<uint8_t> after(count);
    for (uint32_t i = 0; i < count; i++) {
        if (!check((from[i] & ~(bytes[offset + i] | weak[offset + i])) == 0, "program would set bits")) {
            return false;
        }

        after[i] = bytes[offset + i] & from[i];
    }

    if (torn) {
        leave(offset, after);
        return false;
    }

    for (uint32_t i = 0; i < count; i++) {
        bytes[offset + i] = after[i];
        weak[offset + i] &= from[i]; // a bit that is to stay 1 is only mended by an erase
    }

    return true;
}

bool FakeFlash::erase(uint32_t offset)
{
    uint32_t length = sector(offset);
    bool torn = false;
    if (off || !check(length != 0, "erase of no sector") || !begin(torn)) {
        return false;
    }

    if (torn) {
        leave(offset, std::vector<uint8_t>(length, 0xFF));
        return false;
    }

    std::fill_n(bytes.begin() + offset, length, uint8_t{0xFF});
    std::fill_n(weak.begin() + offset, length, uint8_t{0});
    return true;
}

uint32_t FakeFlash::sector(uint32_t offset) const
{
    auto found = sectors.find(offset);
    return found != sectors.end() ? found->second : 0;
}

bool FakeFlash::begin(bool &torn)
{
    done++;
    torn = done == cut;
    return done != fail;
}

void FakeFlash::leave(uint32_t offset, const std::vector<uint8_t> &after)
{
    size_t reached = kind == Tear::nothing ? 0 : kind == Tear::half ? after.size() / 2 : after.size();
    for (size_t i = 0; i < reached; i++) {
        uint8_t &byte = bytes[offset + i];
        uint8_t &unstable = weak[offset + i];
        auto changing = static_cast<uint8_t>((byte ^ after[i]) | unstable);
        auto changed = static_cast<uint8_t>(kind == Tear::some_bits ? changing & noise() : changing);
        byte = static_cast<uint8_t>((byte & ~changed) | (after[i] & changed));
        unstable = static_cast<uint8_t>(kind == Tear::unstable ? changing : unstable & ~changed);
    }

    off = true;
}

bool FakeFlash::check(bool right, const char *what)
{
    if (!right) {
        wrong = what;
    }

    return right;
}
