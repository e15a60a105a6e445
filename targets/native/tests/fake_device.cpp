// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include "fake_device.h"

#include <algorithm>

#include "idf_bootloader.h"

namespace {

constexpr uint32_t sectors_in_all = 30;

nota_area area(uint32_t first, uint32_t sectors)
{
    return {first * NOTA_SECTOR_SIZE, sectors * NOTA_SECTOR_SIZE};
}

uint8_t letter(uint32_t offset, uint8_t version)
{
    return offset == 0 ? uint8_t{0xA5} : version;
}

} // namespace

FakeDevice::FakeDevice(uint8_t firmwares) : flash(sectors_in_all)
{
    map.firmware_count = firmwares;
    map.ota_data = firmwares == 2 ? area(0, 2) : nota_area{};
    map.state = area(2, 8);
    map.firmware[0] = area(10, 3);
    map.firmware[1] = firmwares == 2 ? area(13, 3) : nota_area{};
    map.deploy[0] = area(16, deploy_sectors);
    map.deploy[1] = area(20, deploy_sectors);
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
    for (uint32_t sector = 0; sector < image_sectors && result == NOTA_NONE; sector++) {
        uint8_t data[NOTA_SECTOR_SIZE];
        for (uint32_t i = 0; i < NOTA_SECTOR_SIZE; i++) {
            data[i] = letter(sector * NOTA_SECTOR_SIZE + i, version);
        }

        result = nota_slots_write(&slots, data, NOTA_SECTOR_SIZE);
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
    for (uint32_t i = 0; i < (tail ? at.size : image_sectors * NOTA_SECTOR_SIZE); i++) {
        if (bytes[i] != (i < image_sectors * NOTA_SECTOR_SIZE ? letter(i, version) : 0xFF)) {
            return 0;
        }
    }

    return version;
}

void FakeDevice::put(const nota_area &at, uint8_t version)
{
    for (uint32_t i = 0; i < image_sectors * NOTA_SECTOR_SIZE; i++) {
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
