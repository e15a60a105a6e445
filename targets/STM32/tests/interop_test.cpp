// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>

#include "story.h"
extern "C" {
#include "bytes.h"
#include "crc32.h"
}

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_nanoOta_Native;

namespace {

struct Interop : testing::Test {
    Board board;

    void SetUp() override
    {
        ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    }

    int32_t read(nota_part part, bool idle, uint32_t offset, std::vector<uint8_t> &to)
    {
        return managed(Method::Read, {number(part), number(idle ? 1 : 0), number(static_cast<int32_t>(offset)), array(to), number(static_cast<int32_t>(to.size()))});
    }
};

// What ClrImage.ReadVersion and ReadNatives ask for.
TEST_F(Interop, OfTheFirmwareVersionAndNativesAreRead)
{
    std::vector<uint8_t> version(32);
    ASSERT_EQ(read(NOTA_PART_FIRMWARE, false, 48, version), NOTA_NONE);
    EXPECT_EQ(std::string(version.begin(), version.end()), std::string("1.16.0.42") + std::string(23, '\0'));
    std::vector<uint8_t> natives(8 + 60 * 8);
    ASSERT_EQ(read(NOTA_PART_FIRMWARE, false, 288, natives), NOTA_NONE);
    EXPECT_EQ(memcmp(natives.data(), "nOtN\1\0\2\0", 8), 0);
    EXPECT_EQ(nota_get_le32(natives.data() + 8), nota_crc32(0, reinterpret_cast<const uint8_t *>("mscorlib"), 8));
    EXPECT_EQ(nota_get_le32(natives.data() + 12), 0x0B5C0D3CU);
    EXPECT_EQ(nota_get_le32(natives.data() + 16), nota_crc32(0, reinterpret_cast<const uint8_t *>("nanoOta.Native"), 14));
    EXPECT_EQ(nota_get_le32(natives.data() + 20), g_CLR_AssemblyNative_nanoOta_Native.m_checkSum);
    EXPECT_EQ(nota_get_le32(natives.data() + 24), 0);
}

TEST_F(Interop, BetweenThemIsNothingAndBehindThemTheEnd)
{
    std::vector<uint8_t> all(NOTA_STM32_HEAD_LENGTH);
    ASSERT_EQ(read(NOTA_PART_FIRMWARE, false, 0, all), NOTA_NONE);
    for (uint32_t at = 0; at < 288; at++) {
        EXPECT_EQ(all[at], at >= 48 && at < 57 ? "1.16.0.42"[at - 48] : 0) << at;
    }

    std::vector<uint8_t> one(1);
    EXPECT_EQ(read(NOTA_PART_FIRMWARE, false, NOTA_STM32_HEAD_LENGTH, one), NOTA_FLASH_FAILED);
    EXPECT_EQ(read(NOTA_PART_FIRMWARE, true, 0, one), NOTA_FLASH_FAILED);
}

TEST_F(Interop, DeploymentsAreRead)
{
    std::vector<uint8_t> word(8);
    ASSERT_EQ(read(NOTA_PART_DEPLOYMENT, false, 0, word), NOTA_NONE);
    EXPECT_EQ(memcmp(word.data(), "NFMK", 4), 0);
    EXPECT_EQ(read(NOTA_PART_DEPLOYMENT, true, 0x7FFFC, word), NOTA_FLASH_FAILED);
    std::vector<uint8_t> nothing;
    EXPECT_EQ(read(NOTA_PART_DEPLOYMENT, false, 0, nothing), NOTA_NONE);
}

TEST_F(Interop, ThereIsNoSlotForAnotherFirmware)
{
    EXPECT_EQ(write_image(NOTA_PART_FIRMWARE, board.deployment(2)), NOTA_SLOT_BUSY);
    EXPECT_EQ(activate(NOTA_PART_FIRMWARE), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(activate(3), NOTA_ACTIVATION_FAILED);
    EXPECT_EQ(board.silicon.flash.operations(), 0);
}

TEST_F(Interop, TheJournalKeepsWhatItIsGiven)
{
    for (uint8_t write = 0; write < 130; write++) {
        ASSERT_TRUE(remember(write % 64U, write));
    }

    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    EXPECT_EQ(recall(1), 129);
    EXPECT_EQ(recall(2), 0xFF) << "The sector was erased with the first of its places.";
    EXPECT_EQ(recall(64), -1);
    EXPECT_FALSE(remember(64, 1));
    EXPECT_EQ(board.silicon.flash.operations(), 130 + 3);
}

TEST_F(Interop, AnImageGoesOnInTheMiddleOfASectorAfterAReset)
{
    std::vector<uint8_t> image = board.deployment(2, 300 * 1024 + 7);
    std::vector<uint8_t> start(image.begin(), image.begin() + 3 * NOTA_BLOCK_LENGTH);
    ASSERT_EQ(managed(Method::Open, {number(NOTA_PART_DEPLOYMENT), number(0)}), NOTA_NONE);
    for (uint32_t at = 0; at < start.size(); at += NOTA_BLOCK_LENGTH) {
        std::vector<uint8_t> block(start.begin() + at, start.begin() + at + NOTA_BLOCK_LENGTH);
        ASSERT_EQ(managed(Method::Write, {array(block), number(NOTA_BLOCK_LENGTH)}), NOTA_NONE);
    }

    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    ASSERT_EQ(write_image(NOTA_PART_DEPLOYMENT, image, 2 * NOTA_BLOCK_LENGTH), NOTA_NONE);
    EXPECT_EQ(board.version_at(NOTA_STM32_DEPLOY_1), 2);
    std::vector<uint8_t> other = board.deployment(3);
    EXPECT_EQ(write_image(NOTA_PART_DEPLOYMENT, other, NOTA_BLOCK_LENGTH), NOTA_READ_BACK_MISMATCH);
    EXPECT_EQ(board.version_at(NOTA_STM32_DEPLOY_1), 2) << "Nothing was programmed over it.";
}

TEST_F(Interop, AFlashThatFailsIsSaidAndTheWriteMayBeRepeated)
{
    std::vector<uint8_t> image = board.deployment(2);
    for (int failing : {1, 2, 4}) {
        board.install(NOTA_STM32_DEPLOY_1 + 0x40000, std::vector<uint8_t>(16, 0x55)); // is erased behind the image
        board.silicon.flash.power_on();
        board.silicon.flash.fail_at(failing);
        EXPECT_EQ(write_image(NOTA_PART_DEPLOYMENT, image), NOTA_FLASH_FAILED);
        EXPECT_EQ(write_image(NOTA_PART_DEPLOYMENT, image), NOTA_NONE);
        EXPECT_EQ(board.version_at(NOTA_STM32_DEPLOY_1), 2);
    }

    EXPECT_EQ(board.silicon.flash.misuse(), "");
}

} // namespace
