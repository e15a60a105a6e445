// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "fake_device.h"
extern "C" {
#include "otadata.h"
}

namespace {

FakeDevice &on_trial(FakeDevice &device, uint8_t parts)
{
    EXPECT_TRUE(device.power_up());
    EXPECT_EQ(device.update(parts, 2), NOTA_NONE);
    EXPECT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
    EXPECT_TRUE(device.slots.on_trial);
    return device;
}

TEST(Hook, ADeviceFromTheFactoryRunsTheFirstOfEach)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    EXPECT_FALSE(device.slots.on_trial);
    EXPECT_EQ(nota_slots_state(&device.slots), static_cast<uint32_t>(NOTA_STATE_TWO_FIRMWARES));
    EXPECT_EQ(nota_slots_watchdog_seconds(&device.slots), 0);
    EXPECT_EQ(device.flash.operations(), 2) << "The bootloader writes its first entry; the core nothing.";
}

TEST(Hook, TheWatchdogIsArmedDuringATrialOnly)
{
    FakeDevice device;
    on_trial(device, NOTA_PART_DEPLOYMENT);
    EXPECT_EQ(nota_slots_watchdog_seconds(&device.slots), 600);
    EXPECT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
    EXPECT_EQ(nota_slots_watchdog_seconds(&device.slots), 0);
}

TEST(Hook, AStrikeOfTheWatchdogEndsATrialAtOnce)
{
    FakeDevice device(1);
    on_trial(device, NOTA_PART_DEPLOYMENT);
    ASSERT_TRUE(device.boot(NOTA_RESET_WATCHDOG));
    EXPECT_FALSE(device.slots.on_trial);
    EXPECT_EQ(device.slots.record.verdict, static_cast<uint32_t>(NOTA_TRIAL_HUNG));
    EXPECT_EQ(device.running_deploy(), 1);
}

TEST(Hook, ATrialThatCrashesHasThreeBoots)
{
    FakeDevice device(1);
    on_trial(device, NOTA_PART_DEPLOYMENT);
    for (int boots = 1; boots < 3; boots++) {
        ASSERT_TRUE(device.boot(NOTA_RESET_PANIC));
        ASSERT_TRUE(device.slots.on_trial);
    }

    ASSERT_TRUE(device.boot(NOTA_RESET_PANIC));
    EXPECT_FALSE(device.slots.on_trial);
    EXPECT_EQ(device.slots.record.verdict, static_cast<uint32_t>(NOTA_TRIAL_CRASHED));
}

TEST(Hook, ATrialWhosePowerFailsHasTenBoots)
{
    FakeDevice device(1);
    on_trial(device, NOTA_PART_DEPLOYMENT);
    for (int boots = 1; boots < 10; boots++) {
        ASSERT_TRUE(device.power_up());
        ASSERT_TRUE(device.slots.on_trial);
    }

    ASSERT_TRUE(device.power_up());
    EXPECT_FALSE(device.slots.on_trial);
    EXPECT_EQ(device.slots.record.verdict, static_cast<uint32_t>(NOTA_TRIAL_INTERRUPTED));
}

TEST(Hook, AFirmwareOnTrialHasOneBootAndTheCauseIsTheVerdict)
{
    const struct {
        nota_reset cause;
        nota_result verdict;
    } cases[] = {
        {NOTA_RESET_POWER_ON, NOTA_TRIAL_INTERRUPTED},
        {NOTA_RESET_SOFTWARE, NOTA_TRIAL_INTERRUPTED},
        {NOTA_RESET_PANIC, NOTA_TRIAL_CRASHED},
        {NOTA_RESET_WATCHDOG, NOTA_TRIAL_HUNG},
    };
    for (const auto &c : cases) {
        FakeDevice device;
        on_trial(device, NOTA_PART_FIRMWARE | NOTA_PART_DEPLOYMENT);
        ASSERT_TRUE(device.boot(c.cause));
        EXPECT_EQ(device.slots.record.verdict, static_cast<uint32_t>(c.verdict));
        EXPECT_EQ(device.running_firmware(), 1);
        EXPECT_EQ(device.running_deploy(), 1);
    }
}

TEST(Hook, ARejectedFirmwareIsLeftAlsoWhenNothingNamesTheOther)
{
    FakeDevice device;
    on_trial(device, NOTA_PART_FIRMWARE | NOTA_PART_DEPLOYMENT);
    ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
    ASSERT_EQ(device.update(NOTA_PART_FIRMWARE, 3), NOTA_NONE); // into the first slot, which boots when otadata says nothing
    ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
    ASSERT_EQ(nota_slots_revert(&device.slots, 700), NOTA_NONE);
    std::fill_n(device.flash.bytes.begin() + device.map.ota_data.offset, 2 * NOTA_BLOCK_LENGTH, uint8_t{0});
    ASSERT_TRUE(device.power_up()) << "It resets for ever.";
    EXPECT_EQ(device.running_firmware(), 2);
    EXPECT_EQ(device.running_deploy(), 2);
}

TEST(Hook, ARejectedFirmwareHasToDoWhenTheOtherIsDamaged)
{
    FakeDevice device;
    on_trial(device, NOTA_PART_FIRMWARE);
    ASSERT_EQ(nota_slots_revert(&device.slots, 700), NOTA_NONE);
    device.flash.bytes[device.map.firmware[0].offset + 7] = 0;
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(device.running_firmware(), 2);
    EXPECT_EQ(device.running_deploy(), 1);
}

TEST(Hook, OtadataNamesWhatRunsWhereWhatItNamedIsDamaged)
{
    FakeDevice device;
    on_trial(device, NOTA_PART_FIRMWARE);
    ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
    device.flash.bytes[device.map.firmware[1].offset + 7] = 0;
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(device.slots.running, 0);
    EXPECT_EQ(nota_otadata_named(&device.slots), 0);
    EXPECT_EQ(nota_otadata_state_of(&device.slots, 0), NOTA_OTA_VALID);
    ASSERT_EQ(device.write(NOTA_PART_FIRMWARE, 3), NOTA_NONE); // not activated: must not boot
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(device.running_firmware(), 1);
}

TEST(Hook, AnActivationThatWasTakenBackBootsWhatRan)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    ASSERT_EQ(device.update(NOTA_PART_FIRMWARE | NOTA_PART_DEPLOYMENT, 2), NOTA_NONE);
    ASSERT_EQ(nota_slots_revert(&device.slots, 3), NOTA_NONE);
    ASSERT_TRUE(device.power_up());
    EXPECT_FALSE(device.slots.on_trial);
    EXPECT_EQ(device.running_firmware(), 1);
    EXPECT_EQ(device.running_deploy(), 1);
    ASSERT_TRUE(device.power_up()); // and for good: it is no trial of the bootloader's
    EXPECT_EQ(device.running_firmware(), 1);
}

} // namespace
