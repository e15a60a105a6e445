// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_BOARD_H
#define NANOOTA_BOARD_H

#include <string>

#include "ch.h"
#include "fake_clr.h"
#include "hal.h"
#include "silicon.h"

// A board with an STM32F769 on the host: its flash and cache, its clock and independent watchdog, its reset flags, nanoBooter, and a
// nanoCLR that looks for its deployment where the real one does.
class Board {
public:
    // A deployment of version 1 is installed.
    Board();
    ~Board();
    Board(const Board &) = delete;
    Board &operator=(const Board &) = delete;

    // From a reset with these flags of RCC_CSR, past nanoBooter, until nanoCLR runs; false when the power goes.
    bool boot(uint32_t flags);

    // The power is on again.
    bool power_up();

    // Time goes by while managed code runs, however badly; the watchdog may strike.
    void pass(uint32_t seconds);

    // Time goes by while nanoCLR itself does not run any more, as after a hard fault.
    void hang(uint32_t seconds);

    // What a debugger does that finds nanoCLR, or nanoBooter, running: erases its deployment, then writes another.
    bool debugger_deploys(uint8_t version);
    bool booter_deploys(uint8_t version);

    // A deployment of a version and length.
    std::vector<uint8_t> deployment(uint8_t version, uint32_t length = image_length) const;

    // The version of the deployment at an address; 0: none that is whole, or something lies behind it.
    uint8_t version_at(uint32_t address) const;

    // Of what runs; 0 also when the CLR and its debugger do not agree on it.
    uint8_t running_deploy() const;

    void install(uint32_t address, const std::vector<uint8_t> &image);

    static constexpr uint32_t image_length = NOTA_BLOCK_LENGTH + 1023;
    static constexpr uint32_t slot_length = 512 * 1024;

    Silicon silicon;
    uint64_t ticks = 0;
    uint64_t fed_at = 0;
    bool watchdog_on = false;
    int resets = 0;

    static Board *now; // the one that the fakes work on

private:
    bool wait(uint32_t seconds, bool alive);
};

#endif
