// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "nanoota_esp32.h"
#include "updates.h"

namespace {

struct Refusals : testing::Test {
    Chip chip{"esp32-8mb"};

    void SetUp() override
    {
        ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
        chip.flash.power_on(); // counts begin behind the bootloader's first entry
    }

    void TearDown() override
    {
        EXPECT_EQ(chip.flash.misuse(), "");
    }
};

TEST_F(Refusals, EachHasItsResult)
{
    EXPECT_EQ(nota_esp32_result(ESP_OK), NOTA_NONE);
    EXPECT_EQ(nota_esp32_result(ESP_ERR_OTA_PARTITION_CONFLICT), NOTA_SLOT_BUSY);
    EXPECT_EQ(nota_esp32_result(ESP_ERR_OTA_ROLLBACK_INVALID_STATE), NOTA_SLOT_BUSY);
    EXPECT_EQ(nota_esp32_result(ESP_ERR_OTA_VALIDATE_FAILED), NOTA_IMAGE_MALFORMED);
    EXPECT_EQ(nota_esp32_result(ESP_ERR_OTA_SMALL_SEC_VER), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(nota_esp32_result(ESP_ERR_OTA_SELECT_INFO_INVALID), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(nota_esp32_result(ESP_ERR_OTA_ROLLBACK_FAILED), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(nota_esp32_result(ESP_ERR_INVALID_SIZE), NOTA_TOO_LARGE);
    for (esp_err_t other : {ESP_FAIL, ESP_ERR_NO_MEM, ESP_ERR_INVALID_ARG, ESP_ERR_INVALID_STATE, ESP_ERR_NOT_FOUND}) {
        EXPECT_EQ(nota_esp32_result(other), NOTA_FLASH_FAILED);
    }
}

// 0x1506 and its like: what esp_ota_begin says is what managed code gets, and nothing is erased.
TEST_F(Refusals, ARefusalToBeginReachesTheCaller)
{
    chip.refuse = ESP_ERR_OTA_ROLLBACK_INVALID_STATE;
    EXPECT_EQ(write_image(NOTA_PART_FIRMWARE, chip.firmware_image(2)), NOTA_SLOT_BUSY);
    chip.refuse = ESP_ERR_NO_MEM;
    EXPECT_EQ(write_image(NOTA_PART_FIRMWARE, chip.firmware_image(2)), NOTA_FLASH_FAILED);
    std::vector<uint8_t> data(NOTA_BLOCK_LENGTH);
    EXPECT_EQ(managed(Method::Write, {array(data), number(16)}), NOTA_FLASH_FAILED) << "It writes past app_update.";
    EXPECT_EQ(chip.flash.operations(), 0);
}

TEST_F(Refusals, AnImageThatIsNoneIsRefusedAtItsFirstByte)
{
    std::vector<uint8_t> image = chip.firmware_image(2);
    image[0] = 0xE8;
    EXPECT_EQ(write_image(NOTA_PART_FIRMWARE, image), NOTA_IMAGE_MALFORMED);
}

TEST_F(Refusals, ADamagedImageIsRefusedAtItsEndAndCannotBeActivated)
{
    std::vector<uint8_t> image = chip.firmware_image(2);
    image[1000] ^= 1;
    EXPECT_EQ(write_image(NOTA_PART_FIRMWARE, image), NOTA_IMAGE_MALFORMED);
    EXPECT_EQ(activate(NOTA_PART_FIRMWARE), NOTA_ACTIVATION_FAILED);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    EXPECT_EQ(chip.running_firmware(), 1);
}

TEST_F(Refusals, AFlashThatFailsIsSaidAndTheWriteMayBeRepeated)
{
    std::vector<uint8_t> image = chip.firmware_image(2);
    ASSERT_EQ(managed(Method::Open, {number(NOTA_PART_FIRMWARE), number(0)}), NOTA_NONE);
    std::vector<uint8_t> first(image.begin(), image.begin() + NOTA_BLOCK_LENGTH);
    chip.flash.fail_at(2);
    EXPECT_EQ(managed(Method::Write, {array(first), number(NOTA_BLOCK_LENGTH)}), NOTA_FLASH_FAILED);
    EXPECT_EQ(managed(Method::Write, {array(first), number(NOTA_BLOCK_LENGTH)}), NOTA_NONE);
    std::vector<uint8_t> rest(image.begin() + NOTA_BLOCK_LENGTH, image.end());
    EXPECT_EQ(managed(Method::Write, {array(rest), number(static_cast<int32_t>(rest.size()))}), NOTA_NONE);
    EXPECT_EQ(managed(Method::EraseTail), NOTA_NONE);
}

TEST_F(Refusals, AFirmwareGoesOnAtItsCheckPointAfterAReset)
{
    std::vector<uint8_t> image = chip.firmware_image(2);
    ASSERT_EQ(managed(Method::Open, {number(NOTA_PART_FIRMWARE), number(0)}), NOTA_NONE);
    std::vector<uint8_t> first(image.begin(), image.begin() + NOTA_BLOCK_LENGTH);
    ASSERT_EQ(managed(Method::Write, {array(first), number(NOTA_BLOCK_LENGTH)}), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    EXPECT_EQ(write_image(NOTA_PART_FIRMWARE, image, NOTA_BLOCK_LENGTH), NOTA_NONE);
    EXPECT_EQ(chip.version_in(chip.partition("ota_1")), 2);
    EXPECT_EQ(activate(NOTA_PART_FIRMWARE), NOTA_NONE);
}

TEST_F(Refusals, SectorsOfAFirmwareAreErasedOneByOneAsTheyAreWritten)
{
    std::vector<uint8_t> image = chip.firmware_image(2);
    ASSERT_EQ(managed(Method::Open, {number(NOTA_PART_FIRMWARE), number(0)}), NOTA_NONE);
    EXPECT_EQ(chip.flash.operations(), 0);
    std::vector<uint8_t> first(image.begin(), image.begin() + NOTA_BLOCK_LENGTH);
    ASSERT_EQ(managed(Method::Write, {array(first), number(NOTA_BLOCK_LENGTH)}), NOTA_NONE);
    EXPECT_EQ(chip.flash.operations(), 2);
}

TEST_F(Refusals, AnotherSlotOpenedGivesUpTheFirmware)
{
    ASSERT_EQ(managed(Method::Open, {number(NOTA_PART_FIRMWARE), number(0)}), NOTA_NONE);
    ASSERT_EQ(write_image(NOTA_PART_DEPLOYMENT, chip.deployment(2)), NOTA_NONE);
    EXPECT_EQ(chip.target, nullptr);
    EXPECT_EQ(managed(Method::EraseTail), NOTA_NONE);
}

TEST_F(Refusals, AFallbackIsThereWhenTheOtherFirmwareCouldRun)
{
    ASSERT_EQ(update(chip, 3), NOTA_NONE);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
    EXPECT_NE(state() & NOTA_STATE_FALLBACK, 0);
    ASSERT_TRUE(chip.boot(ESP_RST_SW));
    chip.flash.bytes[chip.partition("ota_0")->address + NOTA_NATIVES_OFFSET + 12] ^= 1; // other natives, and a broken image
    EXPECT_EQ(state() & NOTA_STATE_FALLBACK, 0);
}

TEST(RefusalsOfOne, ADeviceWithOneFirmwareHasNoSlotForAnother)
{
    Chip chip("esp32-4mb");
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    EXPECT_EQ(managed(Method::Capacity, {number(NOTA_PART_FIRMWARE)}), 0);
    EXPECT_EQ(write_image(NOTA_PART_FIRMWARE, chip.firmware_image(2)), NOTA_SLOT_BUSY);
    EXPECT_EQ(activate(NOTA_PART_FIRMWARE), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(chip.flash.operations(), 0);
}

} // namespace
