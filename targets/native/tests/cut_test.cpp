// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "fake_device.h"

// The power is cut at every erase and program of an update, in every way; the device starts, runs the old or the new as a whole, and
// can be updated afterwards.

namespace {

struct Case {
    uint8_t firmwares;
    uint8_t parts;
};

class Cuts : public testing::TestWithParam<Case> {};

// What must hold after every boot.
void expect_sound(const FakeDevice &device)
{
    EXPECT_EQ(device.flash.misuse(), "");
    EXPECT_NE(device.running_firmware(), 0);
    EXPECT_NE(device.running_deploy(), 0);
    for (uint8_t i = 0; i < device.map.firmware_count; i++) {
        uint8_t deploy = device.slots.record.deploy_for[i];
        EXPECT_TRUE(deploy == NOTA_NO_DEPLOY || device.deploy_version(deploy) != 0) << "dangling";
    }
}

// Whatever happened before: brings the device to this version.
void finish(FakeDevice &device, uint8_t parts, uint8_t version)
{
    for (int tries = 0; tries < 4; tries++) {
        ASSERT_TRUE(device.power_up());
        expect_sound(device);
        if ((device.slots.on_trial || device.running_deploy() == version || device.running_firmware() == version)
            && device.slots.record.verdict == NOTA_NONE) {
            ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
            break;
        }

        ASSERT_EQ(device.update(parts, version), NOTA_NONE);
    }

    ASSERT_TRUE(device.power_up());
    expect_sound(device);
    EXPECT_FALSE(device.slots.on_trial);
    EXPECT_EQ(device.slots.record.trial_parts, NOTA_PART_NONE);
    EXPECT_EQ(device.running_deploy(), (parts & NOTA_PART_DEPLOYMENT) != 0 ? version : 1);
    EXPECT_EQ(device.running_firmware(), (parts & NOTA_PART_FIRMWARE) != 0 ? version : 1);
}

TEST_P(Cuts, AnUpdateCutAtAnyOperationIsOldOrNewAndCanBeFinished)
{
    for (Tear tear : all_tears) {
        int cut = 1;
        for (bool whole = false; !whole; cut++) {
            FakeDevice device(GetParam().firmwares);
            ASSERT_TRUE(device.power_up());
            device.flash.cut_at(device.flash.operations() + cut, tear);
            whole = device.update(GetParam().parts, 2) == NOTA_NONE && device.boot(NOTA_RESET_SOFTWARE)
                && nota_slots_confirm(&device.slots) == NOTA_NONE && !device.flash.is_off();
            finish(device, GetParam().parts, 2);
            if (HasFatalFailure() || HasNonfatalFailure()) {
                FAIL() << "cut " << cut << ", tear " << static_cast<int>(tear);
            }
        }

        EXPECT_GT(cut, 8);
    }
}

TEST_P(Cuts, ASecondCutWhileTheFirstIsMendedDoesNoHarm)
{
    for (Tear tear : all_tears) {
        for (int cut = 1; cut < 24; cut++) {
            for (int second = 1; second < 10; second++) {
                FakeDevice device(GetParam().firmwares);
                ASSERT_TRUE(device.power_up());
                device.flash.cut_at(device.flash.operations() + cut, tear);
                (void)(device.update(GetParam().parts, 2) == NOTA_NONE && device.boot(NOTA_RESET_SOFTWARE)
                    && nota_slots_confirm(&device.slots) == NOTA_NONE);
                device.flash.power_on();
                device.flash.cut_at(second, Tear::unstable);
                if (device.boot(NOTA_RESET_POWER_ON) && !device.slots.on_trial) {
                    (void)device.update(GetParam().parts, 2);
                }

                finish(device, GetParam().parts, 2);
                if (HasFatalFailure() || HasNonfatalFailure()) {
                    FAIL() << "cuts " << cut << " and " << second << ", tear " << static_cast<int>(tear);
                }
            }
        }
    }
}

TEST_P(Cuts, ARejectionCutAtAnyOperationEndsWithTheOldOrLeavesTheTrial)
{
    for (Tear tear : all_tears) {
        bool whole = false;
        for (int cut = 1; !whole; cut++) {
            FakeDevice device(GetParam().firmwares);
            ASSERT_TRUE(device.power_up());
            ASSERT_EQ(device.update(GetParam().parts, 2), NOTA_NONE);
            ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
            ASSERT_TRUE(device.slots.on_trial);
            device.flash.cut_at(device.flash.operations() + cut, tear);
            whole = nota_slots_revert(&device.slots, 700) == NOTA_NONE;
            ASSERT_TRUE(device.power_up());
            expect_sound(device);
            if (device.slots.on_trial) {
                EXPECT_FALSE(whole);
                ASSERT_EQ(nota_slots_revert(&device.slots, 700), NOTA_NONE);
                ASSERT_TRUE(device.power_up());
            }

            EXPECT_EQ(device.running_deploy(), 1);
            EXPECT_EQ(device.running_firmware(), 1);
            EXPECT_NE(device.slots.record.verdict, NOTA_NONE);
            finish(device, GetParam().parts, 3);
            if (HasFatalFailure() || HasNonfatalFailure()) {
                FAIL() << "cut " << cut << ", tear " << static_cast<int>(tear);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Parts, Cuts,
    testing::Values(Case{1, NOTA_PART_DEPLOYMENT}, Case{2, NOTA_PART_DEPLOYMENT}, Case{2, NOTA_PART_FIRMWARE},
        Case{2, NOTA_PART_DEPLOYMENT | NOTA_PART_FIRMWARE}),
    [](const testing::TestParamInfo<Case> &chosen) {
        return std::to_string(chosen.param.firmwares) + "Firmwares" + std::to_string(chosen.param.parts) + "Parts";
    });

// After an update of everything, the first firmware is the fallback with the first deployment. Another deployment takes that one's
// place: wherever this is cut, and even if the second firmware is then lost, no firmware starts with half a deployment.
TEST(DanglingPair, NoFirmwareIsLeftWithADeploymentThatIsOverwritten)
{
    for (Tear tear : all_tears) {
        bool whole = false;
        for (int cut = 1; !whole; cut++) {
            FakeDevice device;
            ASSERT_TRUE(device.power_up());
            ASSERT_EQ(device.update(NOTA_PART_DEPLOYMENT | NOTA_PART_FIRMWARE, 2), NOTA_NONE);
            ASSERT_TRUE(device.boot(NOTA_RESET_SOFTWARE));
            ASSERT_EQ(nota_slots_confirm(&device.slots), NOTA_NONE);
            ASSERT_NE(nota_slots_state(&device.slots) & NOTA_STATE_FALLBACK, 0U);
            device.flash.cut_at(device.flash.operations() + cut, tear);
            whole = device.update(NOTA_PART_DEPLOYMENT, 3) == NOTA_NONE;
            bool touched = device.deploy_version(0) != 1;

            device.flash.bytes[device.map.firmware[1].offset + 5] = 0;
            ASSERT_TRUE(device.power_up());
            ASSERT_EQ(device.slots.running, 0);
            EXPECT_NE(device.running_deploy(), 0) << "cut " << cut << ", tear " << static_cast<int>(tear);
            EXPECT_TRUE(!touched || device.running_deploy() == 2 || device.slots.on_trial) << "cut " << cut;
        }
    }
}

} // namespace
