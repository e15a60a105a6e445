// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "fake_device.h"

#include <algorithm>

#include "idf_bootloader.h"

namespace {

constexpr uint32_t blocks_in_all = 30;

nota_area area(uint32_t first, uint32_t blocks)
{
    return {first * NOTA_BLOCK_LENGTH, blocks * NOTA_BLOCK_LENGTH};
}

uint8_t letter(uint32_t offset, uint8_t version)
{
    return offset == 0 ? uint8_t{0xA5} : version;
}

} // namespace

FakeDevice::FakeDevice(uint8_t firmwares, const std::vector<uint32_t> &sectors) : flash(sectors)
{
    map.firmware_count = firmwares;
}

FakeDevice::FakeDevice(uint8_t firmwares) : FakeDevice(firmwares, std::vector<uint32_t>(blocks_in_all, NOTA_BLOCK_LENGTH))
{
    map.ota_data = firmwares == 2 ? area(0, 2) : nota_area{};
    map.record = area(2, 2);
    map.journal = area(4, 6);
    map.firmware[0] = area(10, 3);
    map.firmware[1] = firmwares == 2 ? area(13, 3) : nota_area{};
    map.deploy[0] = area(16, deploy_blocks);
    map.deploy[1] = area(20, deploy_blocks);
    install();
}

std::unique_ptr<FakeDevice> FakeDevice::with_large_sectors()
{
    std::vector<uint32_t> sectors;
    for (uint32_t blocks : {2U, 2U, 3U, 3U, 3U, 3U, 3U, 16U}) {
        sectors.push_back(blocks * NOTA_BLOCK_LENGTH);
    }

    std::unique_ptr<FakeDevice> device(new FakeDevice(1, sectors));
    device->map.record = area(0, 4);
    device->map.firmware[0] = area(4, 3);
    device->map.deploy[0] = area(7, 6);
    device->map.deploy[1] = area(13, 6);
    device->map.journal = area(19, 16);
    device->install();
    return device;
}

void FakeDevice::install()
{
    put(map.firmware[0], 1);
    put(map.deploy[0], 1);
    std::fill_n(flash.bytes.begin() + map.deploy[1].offset, map.deploy[1].size, uint8_t{0x77}); // what was there before
}

bool FakeDevice::boot(nota_reset cause)
{
    for (int resets = 0; resets < 4; resets++) {
        int running = choose();
        if (running < 0 || flash.is_off()) {
            return false;
        }

        nota_flash flash_table = flash.table();
        nota_images images_table = images();
        if (!nota_slots_start(&slots, &flash_table, &images_table, &map, static_cast<uint8_t>(running))) {
            return false;
        }

        if (nota_slots_hook(&slots, cause)) {
            return !flash.is_off();
        }
    }

    return false;
}

bool FakeDevice::power_up()
{
    flash.power_on();
    return boot(NOTA_RESET_POWER_ON);
}

nota_result FakeDevice::write(nota_part part, uint8_t version)
{
    nota_result result = nota_slots_open(&slots, part, 0);
    for (uint32_t block = 0; block < image_blocks && result == NOTA_NONE; block++) {
        uint8_t data[NOTA_BLOCK_LENGTH];
        for (uint32_t i = 0; i < NOTA_BLOCK_LENGTH; i++) {
            data[i] = letter(block * NOTA_BLOCK_LENGTH + i, version);
        }

        result = nota_slots_write(&slots, data, NOTA_BLOCK_LENGTH);
    }

    while (result == NOTA_NONE && (result = nota_slots_erase_tail(&slots)) == NOTA_PENDING) {
        result = NOTA_NONE;
    }

    return result;
}

nota_result FakeDevice::activate(uint8_t parts, uint8_t version)
{
    nota_set set{};
    nota_set_text(set.version, sizeof set.version, &"0123456789"[version], 1);
    nota_set_text(set.application, sizeof set.application, "1.0.0", 5);
    return nota_slots_activate(&slots, parts, &set, 600);
}

nota_result FakeDevice::update(uint8_t parts, uint8_t version)
{
    nota_result result = (parts & NOTA_PART_FIRMWARE) != 0 ? write(NOTA_PART_FIRMWARE, version) : NOTA_NONE;
    if (result == NOTA_NONE && (parts & NOTA_PART_DEPLOYMENT) != 0) {
        result = write(NOTA_PART_DEPLOYMENT, version);
    }

    return result == NOTA_NONE ? activate(parts, version) : result;
}

uint8_t FakeDevice::firmware_version(uint8_t slot) const
{
    return version_at(map.firmware[slot], false);
}

uint8_t FakeDevice::deploy_version(uint8_t slot) const
{
    return version_at(map.deploy[slot], true);
}

uint8_t FakeDevice::version_at(const nota_area &at, bool tail) const
{
    const uint8_t *bytes = flash.bytes.data() + at.offset;
    uint8_t version = bytes[1];
    for (uint32_t i = 0; i < (tail ? at.size : image_blocks * NOTA_BLOCK_LENGTH); i++) {
        if (bytes[i] != (i < image_blocks * NOTA_BLOCK_LENGTH ? letter(i, version) : 0xFF)) {
            return 0;
        }
    }

    return version;
}

void FakeDevice::put(const nota_area &at, uint8_t version)
{
    for (uint32_t i = 0; i < image_blocks * NOTA_BLOCK_LENGTH; i++) {
        flash.bytes[at.offset + i] = letter(i, version);
    }
}

nota_images FakeDevice::images()
{
    nota_images table{};
    table.context = this;
    table.is_whole = [](void *self, uint8_t firmware) { return static_cast<FakeDevice *>(self)->firmware_version(firmware) != 0; };
    table.can_run = [](void *self, uint8_t, uint8_t deploy) { return static_cast<FakeDevice *>(self)->deploy_version(deploy) != 0; };
    return table;
}

int FakeDevice::choose()
{
    auto is_whole = [this](uint8_t slot) { return firmware_version(slot) != 0; };
    return map.firmware_count == 1 ? (is_whole(0) ? 0 : -1) : idf_choose(flash, map.ota_data.offset, is_whole);
}
