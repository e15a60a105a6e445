// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "fake_device.h"

namespace {

constexpr uint8_t both = NOTA_PART_DEPLOYMENT | NOTA_PART_FIRMWARE;

TEST(Slots, AMapThatIsNoneIsRefused)
{
    FakeDevice device;
    nota_flash flash = device.flash.table();
    nota_images images{};
    auto starts = [&](auto change, uint8_t running = 0) {
        nota_map map = device.map;
        change(map);
        return nota_slots_start(&device.slots, &flash, &images, &map, running);
    };
    EXPECT_TRUE(starts([](nota_map &) {}));
    EXPECT_TRUE(starts([](nota_map &) {}, 1));
    EXPECT_FALSE(starts([](nota_map &) {}, 2));
    EXPECT_FALSE(starts([](nota_map &m) { m.firmware_count = 0; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.firmware_count = 1; })); // with an otadata
    EXPECT_FALSE(starts([](nota_map &m) { m.ota_data.size = 0; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.ota_data.size = NOTA_BLOCK_LENGTH; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.record.size = NOTA_BLOCK_LENGTH; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.journal.size = 0; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.deploy[1].offset += 1; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.deploy[0].size -= 1; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.firmware[1].size = 0; }));
    EXPECT_FALSE(starts([](nota_map &m) { m.firmware[0].offset = 0xFFFFF000U; }));
}

TEST(Slots, ADeploymentIsInstalledTwiceInTurn)
{
    FakeDevice device(1);
    ASSERT_TRUE(device.power_up());
    for (uint8_t version = 2; version < 6; version++) {
        uint8_t before = nota_slots_active_deploy(&device.slots);
        ASSERT_EQ(device.update(NOTA_PART_DEPLOYMENT, version), NOTA_NONE);
        ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
        EXPECT_EQ(nota_slots_active_deploy(&device.slots), 1 - before);
        EXPECT_EQ(device.running_deploy(), version);
        ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
        ASSERT_TRUE(device.power_up());
        EXPECT_EQ(device.running_deploy(), version);
        EXPECT_EQ(device.slots.record.sets[0].version[0], '0' + version);
    }
}

TEST(Slots, FirmwareAndDeploymentGoTogetherAndLeaveAFallback)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    ASSERT_EQ(device.update(both, 2), NOTA_NONE);
    ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
    ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
    EXPECT_EQ(nota_slots_state(&device.slots), static_cast<uint32_t>(NOTA_STATE_SECOND_FIRMWARE | NOTA_STATE_SECOND_DEPLOY
        | NOTA_STATE_FALLBACK | NOTA_STATE_TWO_FIRMWARES));
    ASSERT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 0), NOTA_NONE);
    EXPECT_EQ(device.slots.record.deploy_for[0], NOTA_NO_DEPLOY);
}

TEST(Slots, WithOneFirmwareThereIsNoIdleOne)
{
    FakeDevice device(1);
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(nota_slots_capacity(&device.slots, NOTA_PART_FIRMWARE), 0U);
    EXPECT_EQ(nota_slots_capacity(&device.slots, NOTA_PART_DEPLOYMENT), FakeDevice::deploy_blocks * NOTA_BLOCK_LENGTH);
    EXPECT_EQ(nota_slots_open(&device.slots, NOTA_PART_FIRMWARE, 0), NOTA_SLOT_BUSY);
    EXPECT_EQ(device.activate(NOTA_PART_FIRMWARE, 2), NOTA_ACTIVATION_FAILED);
}

TEST(Slots, NothingIsOpenedBetweenActivationAndTheEndOfTheTrial)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    ASSERT_EQ(device.update(NOTA_PART_DEPLOYMENT, 2), NOTA_NONE);
    uint8_t data = 0;
    EXPECT_EQ(nota_slots_write(&device.slots, &data, 1), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 0), NOTA_SLOT_BUSY);
    EXPECT_EQ(device.activate(NOTA_PART_DEPLOYMENT, 3), NOTA_ACTIVATION_FAILED);
    ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
    EXPECT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 0), NOTA_SLOT_BUSY);

    // Rejected, it still runs, and the idle slot is where it has to go back to.
    ASSERT_EQ(nota_slots_revert(&device.slots, 700), NOTA_NONE);
    EXPECT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 0), NOTA_SLOT_BUSY);
    EXPECT_EQ(device.activate(NOTA_PART_DEPLOYMENT, 3), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
    EXPECT_EQ(device.slots.record.verdict, 700U);
    ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
    EXPECT_EQ(device.running_deploy(), 1);
    EXPECT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 0), NOTA_NONE);
}

TEST(Slots, AFirmwareThatIsNotWholeIsNotActivated)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(device.activate(NOTA_PART_FIRMWARE, 2), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(device.activate(NOTA_PART_NONE, 2), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(device.activate(4, 2), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(device.flash.operations(), 2) << "The bootloader's first entry is all.";
}

TEST(Slots, WithoutAWatchdogThatTheRecordCanHoldNothingIsActivated)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    ASSERT_EQ(device.write(NOTA_PART_DEPLOYMENT, 2), NOTA_NONE);
    int before = device.flash.operations();
    nota_set set{};
    for (uint32_t seconds : {0U, 65536U, 70000U, 0xFFFFFFFFU}) {
        EXPECT_EQ(nota_slots_activate(&device.slots, NOTA_PART_DEPLOYMENT, &set, seconds), NOTA_ACTIVATION_FAILED) << seconds;
    }

    EXPECT_EQ(device.flash.operations(), before);
    ASSERT_EQ(nota_slots_activate(&device.slots, NOTA_PART_DEPLOYMENT, &set, 65535), NOTA_NONE);
    ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
    EXPECT_EQ(nota_slots_watchdog_seconds(&device.slots), 65535);
}

// The firmware is lost in the very boot in which a deployment's trial begins: otadata goes on naming it, for a trial settles nothing.
// A new image in its slot must not boot because it is there.
TEST(Slots, AFirmwareThatIsWrittenAfterATrialBootsOnlyOnceItIsActivated)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    ASSERT_EQ(device.update(both, 2), NOTA_NONE);
    ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
    ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
    ASSERT_EQ(device.update(NOTA_PART_DEPLOYMENT, 3), NOTA_NONE);
    device.flash.bytes[device.map.firmware[1].offset] = 0;
    ASSERT_TRUE(device.power_up());
    ASSERT_EQ(device.slots.running, 0);
    ASSERT_TRUE(device.slots.on_trial);
    ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
    ASSERT_EQ(device.write(NOTA_PART_FIRMWARE, 4), NOTA_NONE);
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(device.running_firmware(), 1);
    EXPECT_EQ(device.running_deploy(), 3);
}

// A device of one firmware whose deployments are a row of like sectors.
struct TailBench {
    FakeFlash flash;
    nota_map map{};
    nota_slots slots{};
    static bool (*inner)(void *, uint32_t, void *, uint32_t);
    static uint32_t bytes_read;

    TailBench(uint32_t sectors, uint32_t length) : flash(lengths(sectors, length))
    {
        map.firmware_count = 1;
        map.firmware[0] = {0, NOTA_BLOCK_LENGTH};
        map.record = {NOTA_BLOCK_LENGTH, 2 * NOTA_BLOCK_LENGTH};
        map.journal = {3 * NOTA_BLOCK_LENGTH, NOTA_BLOCK_LENGTH};
        map.deploy[0] = {4 * NOTA_BLOCK_LENGTH, sectors * length};
        map.deploy[1] = {4 * NOTA_BLOCK_LENGTH + sectors * length, sectors * length};
        nota_flash table = flash.table();
        nota_images images{};
        inner = table.read;
        table.read = [](void *context, uint32_t offset, void *to, uint32_t count) {
            bytes_read += count;
            return inner(context, offset, to, count);
        };
        EXPECT_TRUE(nota_slots_start(&slots, &table, &images, &map, 0));
        EXPECT_TRUE(nota_slots_hook(&slots, NOTA_RESET_POWER_ON));
        EXPECT_EQ(nota_slots_open(&slots, NOTA_PART_DEPLOYMENT, 0), NOTA_NONE);
    }

    static std::vector<uint32_t> lengths(uint32_t sectors, uint32_t length)
    {
        std::vector<uint32_t> all(4, NOTA_BLOCK_LENGTH);
        all.insert(all.end(), 2 * static_cast<size_t>(sectors), length);
        return all;
    }

    // Erases the tail: in how many calls, with at most so many bytes read and operations done in any of them.
    void erase_tail(int calls, uint32_t read, int operations)
    {
        for (int call = 1; call <= calls; call++) {
            int before = flash.operations();
            bytes_read = 0;
            ASSERT_EQ(nota_slots_erase_tail(&slots), call < calls ? NOTA_PENDING : NOTA_NONE) << call;
            EXPECT_LE(bytes_read, read);
            EXPECT_LE(flash.operations() - before, operations);
        }
    }
};

bool (*TailBench::inner)(void *, uint32_t, void *, uint32_t);
uint32_t TailBench::bytes_read;

TEST(Slots, ATailIsErasedAndReadInBoundedCalls)
{
    TailBench blank(40, NOTA_BLOCK_LENGTH);
    blank.erase_tail(3, 65536, 0);
    TailBench used(40, NOTA_BLOCK_LENGTH);
    std::fill(used.flash.bytes.begin() + used.map.deploy[1].offset, used.flash.bytes.end(), uint8_t{0x55});
    used.erase_tail(3, 65536, 16);
    TailBench large(3, 131072);
    std::fill(large.flash.bytes.begin() + large.map.deploy[1].offset, large.flash.bytes.end(), uint8_t{0x55});
    large.erase_tail(3, 131072, 1);
    EXPECT_EQ(large.flash.operations(), 3);
}

TEST(Slots, WritingStaysWithinTheSlotAndTheSector)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    const uint8_t data[NOTA_BLOCK_LENGTH + 1] = {1};
    EXPECT_EQ(nota_slots_write(&device.slots, data, 1), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 100), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 5 * NOTA_BLOCK_LENGTH), NOTA_FLASH_FAILED);
    ASSERT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 3 * NOTA_BLOCK_LENGTH), NOTA_NONE);
    EXPECT_EQ(nota_slots_write(&device.slots, data, 0), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_write(&device.slots, data, NOTA_BLOCK_LENGTH + 1), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_write(&device.slots, data, NOTA_BLOCK_LENGTH), NOTA_NONE);
    EXPECT_EQ(nota_slots_write(&device.slots, data, 1), NOTA_FLASH_FAILED);
    ASSERT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 4 * NOTA_BLOCK_LENGTH), NOTA_NONE);
    EXPECT_EQ(nota_slots_erase_tail(&device.slots), NOTA_NONE);
    EXPECT_EQ(nota_slots_write(&device.slots, data, 1), NOTA_FLASH_FAILED);
}

TEST(Slots, ReadingStaysWithinTheSlot)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    uint8_t data[16];
    nota_sha256 sha;
    nota_sha256_start(&sha);
    uint32_t size = FakeDevice::deploy_blocks * NOTA_BLOCK_LENGTH;
    EXPECT_EQ(nota_slots_read(&device.slots, NOTA_PART_DEPLOYMENT, true, size - 16, data, 16), NOTA_NONE);
    EXPECT_EQ(data[15], 0x77);
    EXPECT_EQ(nota_slots_read(&device.slots, NOTA_PART_DEPLOYMENT, true, size - 15, data, 16), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_read(&device.slots, NOTA_PART_DEPLOYMENT, true, 0xFFFFFFFFU, data, 16), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_hash(&device.slots, NOTA_PART_DEPLOYMENT, true, 0, size + 1, &sha), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_hash(&device.slots, NOTA_PART_NONE, true, 0, 1, &sha), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_hash(&device.slots, NOTA_PART_DEPLOYMENT, true, 0, NOTA_HASH_LENGTH, &sha), NOTA_NONE);
    device.map.deploy[1].size += 4 * NOTA_BLOCK_LENGTH; // into blocks that nobody uses
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(nota_slots_hash(&device.slots, NOTA_PART_DEPLOYMENT, true, 0, NOTA_HASH_LENGTH + 1, &sha), NOTA_FLASH_FAILED);
    EXPECT_EQ(nota_slots_read(&device.slots, NOTA_PART_FIRMWARE, false, 0, data, 2), NOTA_NONE);
    EXPECT_EQ(data[0], 0xA5);
}

TEST(Slots, WhatWasWrittenIsVerifiedByItsHashPieceByPiece)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    ASSERT_EQ(device.write(NOTA_PART_DEPLOYMENT, 2), NOTA_NONE);
    const uint32_t size = FakeDevice::image_blocks * NOTA_BLOCK_LENGTH;
    nota_sha256 pieces;
    nota_sha256 whole;
    nota_sha256_start(&pieces);
    nota_sha256_start(&whole);
    nota_sha256_append(&whole, device.flash.bytes.data() + device.map.deploy[1].offset, size);
    for (uint32_t at = 0; at < size; at += 1000) {
        ASSERT_EQ(nota_slots_hash(&device.slots, NOTA_PART_DEPLOYMENT, true, at, size - at < 1000 ? size - at : 1000, &pieces), NOTA_NONE);
    }

    uint8_t expected[NOTA_SHA256_DIGEST_LENGTH];
    uint8_t actual[NOTA_SHA256_DIGEST_LENGTH];
    nota_sha256_finish(&whole, expected);
    nota_sha256_finish(&pieces, actual);
    EXPECT_EQ(memcmp(expected, actual, sizeof actual), 0);
}

// An operation that fails without a cut is said, and the same once more succeeds.
TEST(Slots, AFlashThatFailsOnceIsSaidAndTheUpdateCanBeRepeated)
{
    int failed = 0;
    for (int operation = 1; operation < 40; operation++) {
        FakeDevice device;
        ASSERT_TRUE(device.power_up());
        device.flash.fail_at(operation);
        nota_result result = device.update(both, 2);
        if (result != NOTA_NONE) {
            failed++;
            if (device.slots.record.trial_parts != 0) {
                (void)nota_slots_revert(&device.slots, 3); // activated in the record, but not for the bootloader
            }

            ASSERT_EQ(device.update(both, 2), NOTA_NONE) << "operation " << operation;
        }

        device.flash.power_on();
        ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
        EXPECT_TRUE(device.slots.on_trial) << "operation " << operation;
        EXPECT_EQ(device.running_deploy(), 2);
        ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
        EXPECT_EQ(device.flash.misuse(), "");
    }

    EXPECT_GT(failed, 10);
}

TEST(Slots, AFlashThatFailsAtTheEndOfATrialIsSaid)
{
    for (int operation = 1; operation <= 5; operation++) {
        for (bool confirm : {true, false}) {
            FakeDevice device;
            ASSERT_TRUE(device.power_up());
            ASSERT_EQ(device.update(both, 2), NOTA_NONE);
            device.flash.power_on();
            ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
            device.flash.fail_at(device.flash.operations() + operation);
            nota_result result = confirm ? nota_slots_confirm(&device.slots) : nota_slots_revert(&device.slots, 700);
            EXPECT_EQ(result, NOTA_FLASH_FAILED) << operation;
            ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
            EXPECT_NE(device.running_deploy(), 0);
            EXPECT_EQ(device.flash.misuse(), "");
        }
    }
}

} // namespace
