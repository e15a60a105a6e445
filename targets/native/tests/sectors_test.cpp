// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <algorithm>

#include "fake_device.h"

// What is different where a sector is longer than a block.
namespace {

constexpr uint32_t image_blocks = 5; // ends in the second of two sectors of three blocks

std::vector<uint8_t> image(uint8_t seed)
{
    std::vector<uint8_t> bytes(image_blocks * NOTA_BLOCK_LENGTH - 100);
    for (size_t i = 0; i < bytes.size(); i++) {
        bytes[i] = static_cast<uint8_t>(seed + i + i / 251);
    }

    return bytes;
}

// Writes an image from an offset on: NOTA_NONE, or the first failure.
nota_result download(FakeDevice &device, const std::vector<uint8_t> &bytes, uint32_t from = 0, uint32_t to = UINT32_MAX)
{
    nota_result result = nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, from);
    auto length = static_cast<uint32_t>(bytes.size());
    for (uint32_t at = from; at < std::min(length, to) && result == NOTA_NONE; at += NOTA_BLOCK_LENGTH) {
        result = nota_slots_write(&device.slots, bytes.data() + at, std::min(NOTA_BLOCK_LENGTH, length - at));
    }

    return result;
}

nota_result finish(FakeDevice &device)
{
    nota_result result = NOTA_PENDING;
    while (result == NOTA_PENDING) {
        result = nota_slots_erase_tail(&device.slots);
    }

    return result;
}

bool holds(const FakeDevice &device, const std::vector<uint8_t> &bytes)
{
    auto slot = device.flash.bytes.begin() + device.map.deploy[1].offset;
    return std::equal(bytes.begin(), bytes.end(), slot)
        && std::all_of(slot + bytes.size(), slot + device.map.deploy[1].size, [](uint8_t b) { return b == 0xFF; });
}

TEST(Sectors, ADeploymentIsInstalledTwiceInTurn)
{
    auto device = FakeDevice::with_large_sectors();
    ASSERT_TRUE(device->power_up());
    for (uint8_t version = 2; version < 6; version++) {
        ASSERT_EQ(device->update(NOTA_PART_DEPLOYMENT, version), NOTA_NONE);
        ASSERT_TRUE(device->boot(NOTA_RESET_SOFTWARE));
        EXPECT_EQ(device->running_deploy(), version);
        ASSERT_EQ(nota_slots_confirm(&device->slots), NOTA_NONE);
        ASSERT_TRUE(device->power_up());
        EXPECT_EQ(device->running_deploy(), version);
    }

    EXPECT_EQ(device->flash.misuse(), "");
}

TEST(Sectors, EachIsErasedOnce)
{
    auto device = FakeDevice::with_large_sectors();
    ASSERT_TRUE(device->power_up());
    device->flash.power_on();
    ASSERT_EQ(download(*device, image(7)), NOTA_NONE);
    EXPECT_EQ(device->flash.operations(), static_cast<int>(2 + image_blocks));
    ASSERT_EQ(finish(*device), NOTA_NONE);
    EXPECT_EQ(device->flash.operations(), static_cast<int>(2 + image_blocks));
    EXPECT_TRUE(holds(*device, image(7)));
}

TEST(Sectors, ADownloadGoesOnFromAnyBlockAfterAnyCut)
{
    for (uint32_t from = 0; from < image_blocks; from++) {
        for (uint32_t reached = from; reached < image_blocks; reached++) {
            for (int variant = 0; variant < 10; variant++) {
                Tear tear = all_tears[variant % 5];
                int operation = reached % 3 == 0 ? variant / 5 : 0; // where a sector begins, the erase or the program
                auto device = FakeDevice::with_large_sectors();
                ASSERT_TRUE(device->power_up());
                ASSERT_EQ(download(*device, image(7), 0, reached * NOTA_BLOCK_LENGTH), NOTA_NONE);
                device->flash.cut_at(device->flash.operations() + 1 + operation, tear);
                ASSERT_EQ(download(*device, image(7), reached * NOTA_BLOCK_LENGTH), NOTA_FLASH_FAILED);
                ASSERT_TRUE(device->power_up());
                ASSERT_EQ(download(*device, image(7), from * NOTA_BLOCK_LENGTH), NOTA_NONE) << from << ' ' << reached;
                ASSERT_EQ(finish(*device), NOTA_NONE);
                EXPECT_TRUE(holds(*device, image(7)));
                EXPECT_EQ(device->flash.misuse(), "");
            }
        }
    }
}

TEST(Sectors, WhatIsNotThereWhatAnImageGoesOnWithIsRefusedAndBegunAnew)
{
    auto device = FakeDevice::with_large_sectors();
    ASSERT_TRUE(device->power_up());
    ASSERT_EQ(download(*device, image(9)), NOTA_NONE);
    std::vector<uint8_t> before = device->flash.bytes;
    EXPECT_EQ(download(*device, image(7), NOTA_BLOCK_LENGTH), NOTA_READ_BACK_MISMATCH);
    EXPECT_EQ(device->flash.bytes, before);
    ASSERT_EQ(download(*device, image(7)), NOTA_NONE);
    ASSERT_EQ(finish(*device), NOTA_NONE);
    EXPECT_TRUE(holds(*device, image(7)));
    EXPECT_EQ(device->flash.misuse(), "");
}

TEST(Sectors, WhatLiesBehindAnImageInItsLastSectorIsFound)
{
    auto device = FakeDevice::with_large_sectors();
    ASSERT_TRUE(device->power_up());
    device->flash.bytes[device->map.deploy[1].offset + device->map.deploy[1].size - 1] = 0x55;
    ASSERT_EQ(nota_slots_open(&device->slots, NOTA_PART_DEPLOYMENT, image_blocks * NOTA_BLOCK_LENGTH), NOTA_NONE);
    EXPECT_EQ(finish(*device), NOTA_READ_BACK_MISMATCH);
}

TEST(Sectors, SoIsWhatLiesBehindAnImageInItsLastBlock)
{
    auto device = FakeDevice::with_large_sectors();
    ASSERT_TRUE(device->power_up());
    ASSERT_EQ(download(*device, image(7), 0, (image_blocks - 1) * NOTA_BLOCK_LENGTH), NOTA_NONE);
    device->flash.bytes[device->map.deploy[1].offset + image_blocks * NOTA_BLOCK_LENGTH - 1] = 0x55;
    EXPECT_EQ(download(*device, image(7), (image_blocks - 1) * NOTA_BLOCK_LENGTH), NOTA_READ_BACK_MISMATCH);
}

TEST(Sectors, AReadThatFailsInTheMiddleOfOneProgramsNothing)
{
    auto device = FakeDevice::with_large_sectors();
    ASSERT_TRUE(device->power_up());
    ASSERT_EQ(nota_slots_open(&device->slots, NOTA_PART_DEPLOYMENT, NOTA_BLOCK_LENGTH), NOTA_NONE);
    device->slots.flash.read = [](void *, uint32_t, void *, uint32_t) { return false; };
    uint8_t data[4] = {0, 0, 0, 0};
    int before = device->flash.operations();
    EXPECT_EQ(nota_slots_write(&device->slots, data, sizeof data), NOTA_FLASH_FAILED);
    EXPECT_EQ(device->flash.operations(), before);
}

TEST(Sectors, TheJournalUsesTheFirstRecordsOfALargeOne)
{
    auto device = FakeDevice::with_large_sectors();
    ASSERT_TRUE(device->power_up());
    ASSERT_EQ(nota_journal_capacity(&device->slots), 64U);
    uint8_t record[NOTA_RECORD_LENGTH] = {};
    uint8_t read[NOTA_RECORD_LENGTH];
    for (uint32_t write = 0; write < 3 * 64U; write++) {
        record[0] = static_cast<uint8_t>(write);
        ASSERT_TRUE(nota_journal_write(&device->slots, write % 64U, record));
        ASSERT_TRUE(nota_journal_read(&device->slots, write % 64U, read));
        EXPECT_EQ(read[0], record[0]);
    }

    EXPECT_EQ(device->flash.operations(), 3 * (64 + 1));
    EXPECT_FALSE(nota_journal_write(&device->slots, 64, record));
    EXPECT_EQ(device->flash.misuse(), "");
}

TEST(Sectors, AnAreaThatBeginsOrEndsInOneIsRefused)
{
    auto device = FakeDevice::with_large_sectors();
    nota_flash flash = device->flash.table();
    nota_images images{};
    auto starts = [&](auto change) {
        nota_map map = device->map;
        change(map);
        return nota_slots_start(&device->slots, &flash, &images, &map, 0);
    };
    EXPECT_TRUE(starts([](nota_map &) {}));
    EXPECT_FALSE(starts([](nota_map &m) { m.deploy[0].size -= NOTA_BLOCK_LENGTH; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.deploy[0].offset += NOTA_BLOCK_LENGTH; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.record.size /= 2; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.journal = {m.deploy[0].offset - 3 * NOTA_BLOCK_LENGTH, 9 * NOTA_BLOCK_LENGTH}; m.journal.size -= 1; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.journal = {m.deploy[1].offset + 3 * NOTA_BLOCK_LENGTH, 19 * NOTA_BLOCK_LENGTH}; })); // 3 and 16
    EXPECT_TRUE(starts([](nota_map &m) { m.firmware[0] = {17, 100}; })); // only read
}

} // namespace
