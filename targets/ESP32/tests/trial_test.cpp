// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "updates.h"

namespace {

struct Kind {
    const char *table;
    uint32_t parts;
};

class Trial : public testing::TestWithParam<Kind> {
public:
    Trial() : chip(GetParam().table)
    {
    }

protected:
    void SetUp() override
    {
        ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
        ASSERT_EQ(update(chip, GetParam().parts), NOTA_NONE);
        ASSERT_TRUE(chip.boot(ESP_RST_SW));
        ASSERT_TRUE(runs(2));
        ASSERT_NE(state() & NOTA_STATE_ON_TRIAL, 0);
    }

    void TearDown() override
    {
        EXPECT_EQ(chip.flash.misuse(), "");
    }

    bool with_firmware() const
    {
        return (GetParam().parts & NOTA_PART_FIRMWARE) != 0;
    }

    // Whether the parts that were updated are of this version, and the CLR has one deployment.
    bool runs(uint8_t version) const
    {
        bool deploy = (GetParam().parts & NOTA_PART_DEPLOYMENT) == 0 ? chip.running_deploy() == 1 : chip.running_deploy() == version;
        return deploy && chip.clr_agrees() && chip.running_firmware() == (with_firmware() ? version : 1);
    }

    Chip chip;
};

TEST_P(Trial, ConfirmedItStaysAndIsWatchedNoLonger)
{
    EXPECT_TRUE(chip.watchdog_on);
    ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
    EXPECT_FALSE(chip.watchdog_on);
    chip.pass(100000);
    for (int boots = 0; boots < 5; boots++) {
        ASSERT_TRUE(chip.boot(ESP_RST_PANIC));
        EXPECT_TRUE(runs(2));
        EXPECT_FALSE(chip.watchdog_on);
    }
}

TEST_P(Trial, AHangIsEndedByTheWatchdogToTheSecond)
{
    int before = chip.resets;
    chip.pass(659);
    EXPECT_EQ(chip.resets, before);
    chip.pass(1);
    EXPECT_GT(chip.resets, before);
    EXPECT_TRUE(runs(1));
    EXPECT_EQ(verdict(), NOTA_TRIAL_HUNG);
    EXPECT_FALSE(chip.watchdog_on);
}

TEST_P(Trial, ACrashLoopIsRolledBack)
{
    int boots = 0;
    for (; runs(2) && boots < 10; boots++) {
        ASSERT_TRUE(chip.boot(boots % 2 == 0 ? ESP_RST_PANIC : ESP_RST_TASK_WDT));
    }

    EXPECT_EQ(boots, with_firmware() ? 1 : 3);
    EXPECT_TRUE(runs(1));
    EXPECT_EQ(verdict(), NOTA_TRIAL_CRASHED);
}

TEST_P(Trial, PowerThatFailsIsNotItsFault)
{
    int boots = 0;
    for (; runs(2) && boots < 20; boots++) {
        ASSERT_TRUE(chip.boot(ESP_RST_BROWNOUT));
    }

    EXPECT_EQ(boots, with_firmware() ? 1 : 10);
    EXPECT_EQ(verdict(), NOTA_TRIAL_INTERRUPTED);
}

TEST_P(Trial, RejectedItIsLeftAndTheWatchdogSeesToTheReset)
{
    ASSERT_EQ(managed(Method::Revert, {number(700)}), NOTA_NONE);
    EXPECT_TRUE(chip.watchdog_on);
    chip.pass(660);
    EXPECT_TRUE(runs(1));
    EXPECT_EQ(verdict(), 700);
}

TEST_P(Trial, AfterARollbackTheSameUpdateCanBeTriedAgain)
{
    ASSERT_EQ(managed(Method::Revert, {number(700)}), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    ASSERT_EQ(update(chip, GetParam().parts), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    EXPECT_TRUE(runs(2));
}

INSTANTIATE_TEST_SUITE_P(EachKind, Trial, testing::Values(Kind{"esp32-4mb", NOTA_PART_DEPLOYMENT}, Kind{"esp32-8mb", NOTA_PART_DEPLOYMENT},
    Kind{"esp32-8mb", NOTA_PART_FIRMWARE}, Kind{"esp32-8mb", 3}),
    [](const testing::TestParamInfo<Kind> &kind) {
        return std::string(kind.param.table + 6) + (kind.param.parts == 1 ? "_deployment" : kind.param.parts == 2 ? "_firmware" : "_both");
    });

// otadata is lost, and the bootloader takes the first slot: a firmware that has been rejected.
TEST(TrialReset, ARejectedFirmwareThatBootsNeverthelessResetsIntoTheOther)
{
    Chip chip("esp32-8mb");
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    ASSERT_EQ(update(chip, 3), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
    ASSERT_EQ(write_image(NOTA_PART_FIRMWARE, chip.firmware_image(3)), NOTA_NONE);
    ASSERT_EQ(activate(NOTA_PART_FIRMWARE), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    ASSERT_EQ(chip.running_firmware(), 3);
    ASSERT_EQ(managed(Method::Revert, {number(700)}), NOTA_NONE);
    chip.install("otadata", std::vector<uint8_t>(2 * NOTA_BLOCK_LENGTH, 0));
    int before = chip.resets;
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    EXPECT_EQ(chip.resets, before + 2);
    EXPECT_EQ(chip.running_firmware(), 2);
    EXPECT_EQ(chip.running_deploy(), 2);
}

TEST(TrialReset, ALockedUpProcessorIsACrash)
{
    Chip chip("esp32-4mb");
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    ASSERT_EQ(update(chip, NOTA_PART_DEPLOYMENT), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    for (int boots = 0; boots < 3; boots++) {
        ASSERT_TRUE(chip.boot(ESP_RST_CPU_LOCKUP));
    }

    EXPECT_EQ(verdict(), NOTA_TRIAL_CRASHED);
}

// 65535 seconds at 150 kHz are more ticks than the counter has.
TEST(TrialLength, AVeryLongTrialEndsWhereTheCounterDoes)
{
    Chip chip("esp32-4mb");
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    ASSERT_EQ(write_image(NOTA_PART_DEPLOYMENT, chip.deployment(2)), NOTA_NONE);
    std::vector<uint8_t> digest(32);
    std::vector<uint8_t> text{'2'};
    ASSERT_EQ(managed(Method::Activate, {number(1), array(digest), array(text), array(text), number(65535)}), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    EXPECT_EQ(chip.watchdog_ticks, UINT32_MAX);
}

} // namespace
