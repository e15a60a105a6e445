// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "nanoota_esp32.h"
#include "updates.h"

namespace {

class Boot : public testing::TestWithParam<const char *> {
};

TEST_P(Boot, ADeviceFromTheFactoryRunsTheFirstOfEach)
{
    Chip chip(GetParam());
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    EXPECT_EQ(chip.deploy_label(), "deploy_0");
    EXPECT_TRUE(chip.clr_agrees());
    EXPECT_FALSE(chip.watchdog_on) << "The bootloader's watchdog goes on.";
    EXPECT_EQ(chip.flash.operations(), chip.partition("otadata") != nullptr ? 2 : 0) << "The bootloader writes its first entry; the port nothing.";
    EXPECT_EQ(state() & NOTA_STATE_TWO_FIRMWARES, chip.partition("ota_1") != nullptr ? NOTA_STATE_TWO_FIRMWARES : 0);
    EXPECT_EQ(managed(Method::Capacity, {number(NOTA_PART_DEPLOYMENT)}), static_cast<int32_t>(chip.partition("deploy_1")->size));
    EXPECT_EQ(managed(Method::JournalCapacity), 48);
}

TEST_P(Boot, TheClrTakesTheSecondDeploymentOnTrialAndAgainWhenItRestartsAlone)
{
    Chip chip(GetParam());
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    ASSERT_EQ(update(chip, NOTA_PART_DEPLOYMENT), NOTA_NONE);
    EXPECT_EQ(chip.deploy_label(), "deploy_0") << "It changes under the CLR's feet.";
    chip.restart_clr();
    EXPECT_EQ(chip.deploy_label(), "deploy_0");
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    for (int restarts = 0; restarts < 3; restarts++) {
        EXPECT_EQ(chip.deploy_label(), "deploy_1");
        EXPECT_TRUE(chip.clr_agrees());
        EXPECT_EQ(chip.running_deploy(), 2);
        chip.restart_clr();
    }
}

TEST_P(Boot, OtherLookUpsAreLeftAlone)
{
    Chip chip(GetParam());
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    ASSERT_EQ(update(chip, NOTA_PART_DEPLOYMENT), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    EXPECT_STREQ(esp_partition_find_first(ESP_PARTITION_TYPE_DATA, NOTA_SUBTYPE_DEPLOY, "deploy_0")->label, "deploy_0");
    EXPECT_STREQ(esp_partition_find_first(ESP_PARTITION_TYPE_DATA, NOTA_SUBTYPE_STATE, nullptr)->label, "ota_state");
    EXPECT_STREQ(esp_partition_find_first(ESP_PARTITION_TYPE_APP, ESP_PARTITION_SUBTYPE_ANY, nullptr)->label,
        chip.partition("factory") != nullptr ? "factory" : "ota_0");
}

INSTANTIATE_TEST_SUITE_P(EachTable, Boot, testing::Values("esp32-4mb", "esp32-8mb", "esp32-16mb"));

// Our firmware on a device that has the stock table: it runs as ever, and updates are refused.
TEST(BootStock, WithoutOurPartitionsNothingIsChosenAndNothingIsWritten)
{
    Chip chip("esp32-4mb");
    chip.table.erase(chip.table.begin() + 4, chip.table.begin() + 6); // deploy_1 and ota_state
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    EXPECT_EQ(chip.deploy_label(), "deploy_0");
    EXPECT_FALSE(chip.watchdog_on);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(managed(Method::Capacity, {number(NOTA_PART_DEPLOYMENT)}), 0);
    EXPECT_EQ(managed(Method::Open, {number(NOTA_PART_DEPLOYMENT), number(0)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(activate(NOTA_PART_DEPLOYMENT), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Confirm), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Revert, {number(700)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::JournalCapacity), 0);
    EXPECT_EQ(chip.flash.operations(), 0);
    EXPECT_TRUE(chip.debugger_erases());
}

// A firmware linked without the wraps would run one deployment while the core believes it idle.
TEST(BootStock, WhenTheClrRunsAnotherDeploymentThanTheChosenOneNothingIsWritten)
{
    Chip chip("esp32-8mb");
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    chip.flash.power_on();
    g_nota_esp32.deploy = chip.partition("deploy_1");
    EXPECT_EQ(managed(Method::Open, {number(NOTA_PART_DEPLOYMENT), number(0)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Open, {number(NOTA_PART_FIRMWARE), number(0)}), NOTA_SLOT_BUSY);
    std::vector<uint8_t> data(NOTA_BLOCK_LENGTH);
    EXPECT_EQ(managed(Method::Write, {array(data), number(16)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::EraseTail), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::JournalWrite, {number(0), array(data)}), 0);
    EXPECT_EQ(managed(Method::JournalRead, {number(0), array(data)}), 0);
    EXPECT_EQ(managed(Method::Read, {number(1), number(0), number(0), array(data), number(16)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Hash, {number(1), number(0), number(0), number(16), array(data), number(0)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(chip.flash.operations(), 0);
}

} // namespace
