// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "fake_device.h"

// A bootloader's debugger is about to erase deploy_0.
namespace {

struct Forget : testing::Test {
    std::unique_ptr<FakeDevice> device = FakeDevice::with_large_sectors();

    void SetUp() override
    {
        ASSERT_TRUE(device->power_up());
    }

    // What a bootloader calls: no hook.
    nota_result forget()
    {
        nota_slots slots{};
        nota_flash flash = device->flash.table();
        nota_images images{};
        return nota_slots_start(&slots, &flash, &images, &device->map, 0) ? nota_slots_forget(&slots) : NOTA_SLOT_BUSY;
    }

    void boots_the_first()
    {
        for (nota_reset cause : {NOTA_RESET_WATCHDOG, NOTA_RESET_SOFTWARE, NOTA_RESET_POWER_ON}) {
            ASSERT_TRUE(device->boot(cause));
            EXPECT_EQ(nota_slots_active_deploy(&device->slots), 0);
            EXPECT_FALSE(device->slots.on_trial);
            EXPECT_EQ(device->slots.record.sets[0].version[0], 0);
        }
    }
};

TEST_F(Forget, OnANewDeviceNothingIsWritten)
{
    EXPECT_EQ(forget(), NOTA_NONE);
    EXPECT_EQ(device->flash.operations(), 0);
}

TEST_F(Forget, AConfirmedSecondGivesWayToTheFirst)
{
    ASSERT_EQ(device->update(NOTA_PART_DEPLOYMENT, 2), NOTA_NONE);
    ASSERT_TRUE(device->boot(NOTA_RESET_SOFTWARE));
    ASSERT_EQ(nota_slots_confirm(&device->slots), NOTA_NONE);
    EXPECT_EQ(forget(), NOTA_NONE);
    boots_the_first();
    int before = device->flash.operations();
    EXPECT_EQ(forget(), NOTA_NONE);
    EXPECT_EQ(device->flash.operations(), before + 1); // the record, once more over itself
}

TEST_F(Forget, ATrialEndsWithoutAVerdictBeforeItBootsAndAfter)
{
    for (int boots = 0; boots < 2; boots++) {
        device = FakeDevice::with_large_sectors();
        ASSERT_TRUE(device->power_up());
        ASSERT_EQ(device->update(NOTA_PART_DEPLOYMENT, 2), NOTA_NONE);
        ASSERT_TRUE(boots == 0 || device->boot(NOTA_RESET_SOFTWARE));
        EXPECT_EQ(forget(), NOTA_NONE);
        boots_the_first();
        EXPECT_EQ(device->slots.record.verdict, NOTA_NONE);
        EXPECT_EQ(device->slots.record.trial_id, 1U);
    }
}

TEST_F(Forget, AVerdictThatIsThereStays)
{
    ASSERT_EQ(device->update(NOTA_PART_DEPLOYMENT, 2), NOTA_NONE);
    ASSERT_TRUE(device->boot(NOTA_RESET_WATCHDOG));
    EXPECT_EQ(forget(), NOTA_NONE);
    boots_the_first();
    EXPECT_EQ(device->slots.record.verdict, NOTA_TRIAL_HUNG);
}

// Twice in turn, so that the version of the first is known.
TEST_F(Forget, TheVersionOfTheFirstIsForgottenAsWell)
{
    for (uint8_t version = 2; version < 4; version++) {
        ASSERT_EQ(device->update(NOTA_PART_DEPLOYMENT, version), NOTA_NONE);
        ASSERT_TRUE(device->boot(NOTA_RESET_SOFTWARE));
        ASSERT_EQ(nota_slots_confirm(&device->slots), NOTA_NONE);
    }

    ASSERT_EQ(nota_slots_active_deploy(&device->slots), 0);
    ASSERT_NE(device->slots.record.sets[0].version[0], 0);
    EXPECT_EQ(forget(), NOTA_NONE);
    boots_the_first();
}

TEST_F(Forget, AFlashThatFailsIsSaid)
{
    ASSERT_EQ(device->update(NOTA_PART_DEPLOYMENT, 2), NOTA_NONE);
    device->flash.power_on();
    device->flash.fail_at(2);
    EXPECT_EQ(forget(), NOTA_FLASH_FAILED);
    ASSERT_TRUE(device->boot(NOTA_RESET_SOFTWARE));
    EXPECT_EQ(nota_slots_active_deploy(&device->slots), 1);
}

} // namespace
