// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "updates.h"

namespace {

class Cut : public testing::TestWithParam<uint32_t> {
};

// The whole story, from the factory to a confirmed second version, with the power cut at each operation in five ways: whatever
// boots is a whole pair of one kind, and the update can always be brought to its end.
TEST_P(Cut, AtEachOperationLeavesADeviceThatRunsAndCanBeUpdated)
{
    uint32_t parts = GetParam();
    auto story = [parts](Chip &chip) {
        if (update(chip, parts) == NOTA_NONE && chip.boot(ESP_RST_SW)) {
            managed(Method::Confirm);
        }
    };
    const char *table = parts == NOTA_PART_DEPLOYMENT ? "esp32-4mb" : "esp32-8mb";
    int operations = 0;
    {
        Chip chip(table);
        ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
        story(chip);
        ASSERT_EQ(chip.running_deploy(), parts == NOTA_PART_FIRMWARE ? 1 : 2);
        operations = chip.flash.operations();
    }

    EXPECT_GT(operations, 6);
    for (Tear tear : all_tears) {
        for (int at = 1; at <= operations; at++) {
            Chip chip(table);
            ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
            chip.flash.cut_at(at, tear);
            story(chip);
            chip.flash.power_on();
            ASSERT_TRUE(chip.boot(ESP_RST_POWERON)) << at;
            ASSERT_NE(chip.running_deploy(), 0) << at;
            ASSERT_TRUE(chip.clr_agrees()) << at;
            if (parts == 3) {
                ASSERT_EQ(chip.running_firmware(), chip.running_deploy()) << at;
            }

            // A trial that the cut has left is given up; a fresh update then goes through.
            managed(Method::Revert, {number(NOTA_CANCELLED)});
            ASSERT_TRUE(chip.boot(ESP_RST_SW)) << at;
            ASSERT_EQ(update(chip, parts), NOTA_NONE) << at;
            ASSERT_TRUE(chip.boot(ESP_RST_SW)) << at;
            ASSERT_EQ(managed(Method::Confirm), NOTA_NONE) << at;
            ASSERT_EQ(chip.running_deploy(), parts == NOTA_PART_FIRMWARE ? 1 : 2) << at;
            ASSERT_EQ(chip.running_firmware(), parts == NOTA_PART_DEPLOYMENT ? 1 : 2) << at;
            ASSERT_EQ(chip.flash.misuse(), "") << at;
        }
    }
}

// As above for the next firmware, on a device whose otadata has two whole entries: esp_ota_begin erases the one that does not count, be
// it that of the firmware before or that of one which was rejected, and a cut of just that erase leaves of it whatever it likes.
TEST(CutBegin, OfTheNextFirmwareLeavesADeviceThatRunsAndCanBeUpdated)
{
    for (bool rejected : {false, true}) {
        auto prepare = [rejected](Chip &chip) {
            ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
            ASSERT_EQ(update(chip, 3, 2), NOTA_NONE);
            ASSERT_TRUE(chip.boot(ESP_RST_SW));
            ASSERT_EQ(rejected ? managed(Method::Revert, {number(700)}) : managed(Method::Confirm), NOTA_NONE);
            ASSERT_TRUE(chip.boot(ESP_RST_SW));
            ASSERT_EQ(chip.running_firmware(), rejected ? 1 : 2);
            chip.flash.power_on();
        };
        auto story = [](Chip &chip) {
            if (update(chip, 3, 3) == NOTA_NONE && chip.boot(ESP_RST_SW)) {
                managed(Method::Confirm);
            }
        };
        int operations = 0;
        int begin = 0;
        {
            Chip chip("esp32-8mb");
            prepare(chip);
            ASSERT_EQ(managed(Method::Open, {number(NOTA_PART_FIRMWARE), number(0)}), NOTA_NONE);
            begin = chip.flash.operations();
            chip.flash.power_on();
            story(chip);
            ASSERT_EQ(chip.running_firmware(), 3);
            operations = begin + chip.flash.operations();
        }

        ASSERT_GE(begin, 1) << "esp_ota_begin has erased nothing.";
        for (Tear tear : all_tears) {
            for (int at = 1; at <= operations; at++) {
                Chip chip("esp32-8mb");
                prepare(chip);
                chip.flash.cut_at(at, tear);
                story(chip);
                chip.flash.power_on();
                ASSERT_TRUE(chip.boot(ESP_RST_POWERON)) << at;
                ASSERT_TRUE(chip.running_firmware() == (rejected ? 1 : 2) || chip.running_firmware() == 3) << at << ": a firmware that was rejected.";
                ASSERT_EQ(chip.running_firmware(), chip.running_deploy()) << at;
                managed(Method::Revert, {number(NOTA_CANCELLED)});
                ASSERT_TRUE(chip.boot(ESP_RST_SW)) << at;
                ASSERT_EQ(update(chip, 3, 3), NOTA_NONE) << at;
                ASSERT_TRUE(chip.boot(ESP_RST_SW)) << at;
                ASSERT_EQ(managed(Method::Confirm), NOTA_NONE) << at;
                ASSERT_EQ(chip.running_firmware(), 3) << at;
                ASSERT_EQ(chip.running_deploy(), 3) << at;
                ASSERT_EQ(chip.flash.misuse(), "") << at;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(EachKind, Cut, testing::Values(1U, 2U, 3U));

} // namespace
