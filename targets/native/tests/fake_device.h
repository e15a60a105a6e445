// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#ifndef NANOOTA_FAKE_DEVICE_H
#define NANOOTA_FAKE_DEVICE_H

#include <memory>

#include "fake_flash.h"

// A device with a small flash around the core: a bootloader with rollback as ESP-IDF has it, and images that are one number all over.
class FakeDevice {
public:
    // One firmware or two, in sectors of one block.
    explicit FakeDevice(uint8_t firmwares = 2);

    // One firmware, in large sectors as STM32 has them: the record's are of two blocks, a deployment's of three, and the journal is one.
    static std::unique_ptr<FakeDevice> with_large_sectors();
    FakeDevice(const FakeDevice &) = delete;
    FakeDevice &operator=(const FakeDevice &) = delete;

    // From reset to the choice of the deployment; false when the power went, or nothing starts.
    bool boot(nota_reset cause);

    // Turns the power on and boots.
    bool power_up();

    // Writes these parts into the idle slots and activates them: NOTA_NONE, or the first failure.
    nota_result update(uint8_t parts, uint8_t version);

    // Writes an image into an idle slot: open, write, erase the tail.
    nota_result write(nota_part part, uint8_t version);

    // Activates parts under a version of this number.
    nota_result activate(uint8_t parts, uint8_t version);

    // The number of the image in a slot; 0: it is not whole, or something lies behind it.
    uint8_t firmware_version(uint8_t slot) const;
    uint8_t deploy_version(uint8_t slot) const;

    // Of what runs.
    uint8_t running_firmware() const { return firmware_version(slots.running); }
    uint8_t running_deploy() const { return deploy_version(nota_slots_active_deploy(&slots)); }

    // Blocks of an image, and of a deployment slot where sectors are of one block.
    static constexpr uint32_t image_blocks = 2;
    static constexpr uint32_t deploy_blocks = 4;

    nota_map map{};
    FakeFlash flash;
    nota_slots slots{};

private:
    FakeDevice(uint8_t firmwares, const std::vector<uint32_t> &sectors);
    void install();
    int choose();
    uint8_t version_at(const nota_area &area, bool tail) const;
    void put(const nota_area &area, uint8_t version);
    nota_images images();
};

#endif
