// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_FAKE_FLASH_H
#define NANOOTA_FAKE_FLASH_H

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "nanoota_slots.h"

// What a power cut leaves of the operation it falls into.
enum class Tear { nothing, half, some_bits, unstable, all };

constexpr Tear all_tears[] = {Tear::nothing, Tear::half, Tear::some_bits, Tear::unstable, Tear::all};

// A NOR flash: erasing sets a sector to 0xFF, programming only clears bits, and anything else is an error of the software. The power
// can be cut at any erase or program; the one that is cut may be left half done, with bits that read differently each time.
class FakeFlash {
public:
    // Sectors of one block each.
    explicit FakeFlash(uint32_t blocks);

    // Sectors of so many bytes, one behind the other.
    explicit FakeFlash(const std::vector<uint32_t> &lengths);

    nota_flash table();

    bool read(uint32_t offset, uint8_t *to, uint32_t count);
    bool program(uint32_t offset, const uint8_t *from, uint32_t count);
    bool erase(uint32_t offset);
    uint32_t sector(uint32_t offset) const;

    // Turns the power on: operations count from 0 again, and none is to be cut.
    void power_on();

    // The power is cut at this operation, counted from 1.
    void cut_at(int operation, Tear tear);

    // This operation, counted from 1, does nothing and says so; the power stays on.
    void fail_at(int operation);

    bool is_off() const { return off; }
    int operations() const { return done; }

    // What the software asked for that no such chip does; empty: nothing.
    const std::string &misuse() const { return wrong; }

    // The content itself: no operation.
    std::vector<uint8_t> bytes;

private:
    bool begin(bool &torn);
    void leave(uint32_t offset, const std::vector<uint8_t> &after);
    bool check(bool right, const char *what);

    std::map<uint32_t, uint32_t> sectors;
    std::vector<uint8_t> weak;
    std::mt19937 noise{1};
    std::string wrong;
    Tear kind = Tear::nothing;
    int done = 0;
    int cut = 0;
    int fail = 0;
    bool off = false;
};

#endif
