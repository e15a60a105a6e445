// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "fake_device.h"

namespace {

// A device whose first set is confirmed as version 1, and then updated to 2.
void update(FakeDevice &device, uint8_t parts, bool reboot)
{
    ASSERT_TRUE(device.power_up());
    ASSERT_EQ(device.update(parts, 2), NOTA_NONE);
    if (reboot) {
        ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
        ASSERT_TRUE(device.slots.on_trial);
    }
}

class Disown : public testing::TestWithParam<uint8_t> {
};

TEST_P(Disown, ATrialEndsAndWhatRunsStays)
{
    FakeDevice device;
    update(device, GetParam(), true);
    uint8_t firmware = device.running_firmware();
    uint8_t deploy = nota_slots_active_deploy(&device.slots);
    ASSERT_EQ(nota_slots_disown(&device.slots), NOTA_NONE);
    EXPECT_EQ(nota_slots_watchdog_seconds(&device.slots), 0);
    for (int boots = 0; boots < 4; boots++) {
        ASSERT_TRUE(device.boot(NOTA_RESET_PANIC));
        EXPECT_FALSE(device.slots.on_trial);
        EXPECT_EQ(device.running_firmware(), firmware);
        EXPECT_EQ(nota_slots_active_deploy(&device.slots), deploy);
        EXPECT_EQ(device.slots.record.verdict, 0U);
        EXPECT_EQ(device.slots.record.sets[device.slots.running].version[0], 0);
    }
}

TEST_P(Disown, AnActivationIsTakenBack)
{
    FakeDevice device;
    update(device, GetParam(), false);
    ASSERT_EQ(nota_slots_disown(&device.slots), NOTA_NONE);
    ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
    EXPECT_FALSE(device.slots.on_trial);
    EXPECT_EQ(device.running_firmware(), 1);
    EXPECT_EQ(device.running_deploy(), 1);
    EXPECT_EQ(device.slots.record.verdict, static_cast<uint32_t>(NOTA_CANCELLED));
}

// After any cut the device runs a whole pair, and once it has gone through, what ran stays.
TEST_P(Disown, ACutAnywhereLeavesADeviceThatRuns)
{
    int cuts = 0;
    for (Tear tear : all_tears) {
        for (int at = 1;; at++, cuts++) {
            FakeDevice device;
            update(device, GetParam(), true);
            device.flash.power_on();
            device.flash.cut_at(at, tear);
            bool done = nota_slots_disown(&device.slots) == NOTA_NONE;
            ASSERT_TRUE(device.power_up());
            EXPECT_NE(device.running_firmware(), 0);
            EXPECT_NE(device.running_deploy(), 0);
            EXPECT_EQ(device.flash.misuse(), "");
            if (done) {
                EXPECT_EQ(device.running_deploy(), (GetParam() & NOTA_PART_DEPLOYMENT) != 0 ? 2 : 1);
                break;
            }
        }
    }

    EXPECT_GT(cuts, 5);
}

INSTANTIATE_TEST_SUITE_P(EachKind, Disown, testing::Values<uint8_t>(NOTA_PART_DEPLOYMENT, NOTA_PART_FIRMWARE, 3));

TEST(DisownAlways, WhatWasConfirmedIsForgottenOnce)
{
    FakeDevice device;
    update(device, NOTA_PART_DEPLOYMENT, true);
    ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
    ASSERT_EQ(nota_slots_disown(&device.slots), NOTA_NONE);
    int operations = device.flash.operations();
    ASSERT_EQ(nota_slots_disown(&device.slots), NOTA_NONE);
    EXPECT_EQ(device.flash.operations(), operations);
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(device.slots.record.sets[0].version[0], 0);
    EXPECT_EQ(nota_slots_active_deploy(&device.slots), 1);
}

TEST(DisownAlways, AFailureOfTheFlashIsSaid)
{
    FakeDevice device;
    update(device, NOTA_PART_DEPLOYMENT, true);
    device.flash.power_on();
    device.flash.fail_at(1);
    EXPECT_EQ(nota_slots_disown(&device.slots), NOTA_FLASH_FAILED);
    EXPECT_TRUE(device.slots.on_trial);
}

} // namespace
