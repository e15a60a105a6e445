// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "updates.h"

namespace {

// What a debugger puts into the place that it has erased.
void deploys(Chip &chip, const std::string &label)
{
    ASSERT_TRUE(chip.debugger_erases());
    EXPECT_EQ(chip.version_in(chip.partition(label)), 0);
    chip.install(label, chip.deployment(9));
}

TEST(Debugger, OnTrialWhatItDeploysIsWhatBoots)
{
    for (uint32_t parts : {1U, 2U, 3U}) {
        Chip chip("esp32-8mb");
        ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
        ASSERT_EQ(update(chip, parts), NOTA_NONE);
        ASSERT_TRUE(chip.boot(ESP_RST_SW));
        deploys(chip, chip.deploy_label());
        EXPECT_FALSE(chip.watchdog_on) << "It would reset the device under the debugger.";
        for (int boots = 0; boots < 4; boots++) {
            ASSERT_TRUE(chip.boot(ESP_RST_PANIC));
            EXPECT_EQ(chip.running_deploy(), 9);
            EXPECT_EQ(chip.running_firmware(), parts == 1 ? 1 : 2);
            EXPECT_EQ(verdict(), 0);
        }
    }
}

TEST(Debugger, AnActivationThatHasNotBootedIsTakenBack)
{
    for (uint32_t parts : {1U, 2U, 3U}) {
        Chip chip("esp32-8mb");
        ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
        ASSERT_EQ(update(chip, parts), NOTA_NONE);
        deploys(chip, "deploy_0");
        ASSERT_TRUE(chip.boot(ESP_RST_SW));
        EXPECT_EQ(chip.running_deploy(), 9);
        EXPECT_EQ(chip.running_firmware(), 1);
        EXPECT_EQ(verdict(), NOTA_CANCELLED);
        EXPECT_EQ(state() & NOTA_STATE_ON_TRIAL, 0);
    }
}

TEST(Debugger, OutsideATrialNothingIsWrittenForIt)
{
    Chip chip("esp32-4mb");
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    deploys(chip, "deploy_0");
    EXPECT_EQ(chip.flash.operations(), static_cast<int>(chip.partition("deploy_0")->size / NOTA_BLOCK_LENGTH));
}

TEST(Debugger, WithoutTheRecordTheDeploymentIsNotErased)
{
    Chip chip("esp32-4mb");
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    ASSERT_EQ(update(chip, NOTA_PART_DEPLOYMENT), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    chip.flash.power_on();
    chip.flash.fail_at(1);
    EXPECT_FALSE(chip.debugger_erases());
    EXPECT_EQ(chip.running_deploy(), 2);
}

} // namespace
