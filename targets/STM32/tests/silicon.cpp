// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "silicon.h"

#include <algorithm>

namespace {

std::vector<uint32_t> sectors()
{
    constexpr uint32_t kilo = 1024;
    std::vector<uint32_t> lengths(4, 32 * kilo);
    lengths.push_back(128 * kilo);
    lengths.insert(lengths.end(), 7, 256 * kilo);
    return lengths;
}

} // namespace

Silicon::Silicon() : flash(sectors()), cache(flash.bytes.size()), kept(flash.bytes.size() / line)
{
}

void Silicon::read(uint32_t address, uint8_t *to, uint32_t count)
{
    for (uint32_t i = at(address) / line; count > 0 && i <= (at(address) + count - 1) / line; i++) {
        if (!kept.at(i)) {
            kept[i] = flash.read(i * line, cache.data() + i * line, line);
        }
    }

    std::copy_n(cache.begin() + at(address), count, to);
}

bool Silicon::program(uint32_t address, const uint8_t *from, uint32_t count)
{
    return flash.program(at(address), from, count);
}

bool Silicon::erase(uint32_t address)
{
    uint32_t sector = at(address);
    while (flash.sector(sector) == 0) {
        sector--;
    }

    return flash.erase(sector);
}

void Silicon::invalidate(uint32_t address, int32_t size)
{
    for (uint32_t i = at(address) / line; size > 0; i++, size -= static_cast<int32_t>(line)) {
        kept.at(i) = false;
    }
}

void Silicon::reset()
{
    kept.assign(kept.size(), false);
}
