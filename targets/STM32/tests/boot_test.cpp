// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>

#include "story.h"

namespace {

// That nothing is written, and nothing said, whatever managed code asks for.
void refuses_everything(Board &board)
{
    std::vector<uint8_t> data(NOTA_BLOCK_LENGTH);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(managed(Method::Capacity, {number(NOTA_PART_DEPLOYMENT)}), 0);
    EXPECT_EQ(managed(Method::Open, {number(NOTA_PART_DEPLOYMENT), number(0)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Write, {array(data), number(16)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::EraseTail), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Read, {number(1), number(0), number(0), array(data), number(16)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(activate(NOTA_PART_DEPLOYMENT), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Confirm), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Revert, {number(700)}), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::JournalCapacity), 0);
    EXPECT_FALSE(remember(0, 1));
    EXPECT_EQ(recall(0), -1);
    EXPECT_EQ(board.silicon.flash.operations(), 0);
}

TEST(Boot, ADeviceFromTheFactoryRunsTheFirstDeployment)
{
    Board board;
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    EXPECT_EQ(clr_deployment().address, NOTA_STM32_DEPLOY_0);
    EXPECT_EQ(board.running_deploy(), 1);
    EXPECT_EQ(board.silicon.flash.operations(), 0);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(managed(Method::Capacity, {number(NOTA_PART_DEPLOYMENT)}), 0x80000);
    EXPECT_EQ(managed(Method::Capacity, {number(NOTA_PART_FIRMWARE)}), 0);
    EXPECT_EQ(managed(Method::JournalCapacity), 64);
}

TEST(Boot, TheClrTakesTheSecondDeploymentOnTrialAndAgainWhenItRestartsAlone)
{
    Board board;
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    ASSERT_EQ(update(board), NOTA_NONE);
    EXPECT_EQ(board.running_deploy(), 1) << "It changes under the CLR's feet.";
    clr_restart();
    EXPECT_EQ(board.running_deploy(), 1);
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    int operations = board.silicon.flash.operations();
    for (int restarts = 0; restarts < 5; restarts++) {
        EXPECT_EQ(clr_deployment().address, NOTA_STM32_DEPLOY_1);
        EXPECT_EQ(board.running_deploy(), 2);
        clr_restart();
    }

    EXPECT_EQ(board.silicon.flash.operations(), operations) << "A restart of the CLR alone counts as a boot.";
    EXPECT_NE(state() & NOTA_STATE_ON_TRIAL, 0);
}

TEST(Boot, TheConfigurationAndTheFirmwareAreFoundWithEitherDeployment)
{
    for (const DeviceBlockInfo &info : nota_stm32_blocks) {
        FakeRange configuration = find_usage(&info, BlockUsage_CONFIG);
        EXPECT_EQ(configuration.type, BlockRange_BLOCKTYPE_CONFIG);
        EXPECT_EQ(configuration.address, NOTA_STM32_CONFIG);
        EXPECT_EQ(configuration.length, NOTA_STM32_RECORD - NOTA_STM32_CONFIG);
        EXPECT_EQ(find_usage(&info, BlockUsage_CODE).address, NOTA_STM32_FIRMWARE);
        EXPECT_EQ(find_usage(&info, BlockUsage_BOOTSTRAP).address, NOTA_STM32_BOOTER);
    }
}

TEST(Boot, TheBlockMapsSayOfEveryPlaceWhatItIs)
{
    const uint32_t ends[] = {NOTA_STM32_CONFIG, NOTA_STM32_RECORD, NOTA_STM32_FIRMWARE, NOTA_STM32_DEPLOY_0, NOTA_STM32_DEPLOY_1, NOTA_STM32_JOURNAL, NOTA_STM32_END};
    for (size_t deploy = 0; deploy < 2; deploy++) {
        const unsigned int types[] = {BlockRange_BLOCKTYPE_BOOTSTRAP, BlockRange_BLOCKTYPE_CONFIG, BlockRange_BLOCKTYPE_RESERVED, BlockRange_BLOCKTYPE_CODE,
            deploy == 0 ? BlockRange_BLOCKTYPE_DEPLOYMENT : BlockRange_BLOCKTYPE_RESERVED,
            deploy == 1 ? BlockRange_BLOCKTYPE_DEPLOYMENT : BlockRange_BLOCKTYPE_RESERVED, BlockRange_BLOCKTYPE_RESERVED};
        uint32_t at = NOTA_STM32_BOOTER;
        for (size_t place = 0; place < 7; place++) {
            for (; at < ends[place]; at += NOTA_BLOCK_LENGTH) {
                ASSERT_EQ(find_address(&nota_stm32_blocks[deploy], at).type, types[place]) << std::hex << at;
            }
        }
    }
}

TEST(Boot, TheLayoutIsOfTheSectorsThatTheChipHas)
{
    Board board;
    nota_flash flash = nota_stm32_flash(nanoota_head);
    for (uint32_t at = NOTA_STM32_BOOTER - 0x40000; at < NOTA_STM32_END + 0x40000; at += NOTA_BLOCK_LENGTH) {
        bool within = at >= NOTA_STM32_BOOTER && at < NOTA_STM32_END;
        ASSERT_EQ(flash.sector(flash.context, at), within ? board.silicon.flash.sector(Silicon::at(at)) : 0) << std::hex << at;
    }
}

TEST(BootElsewhere, WithTwoBanksEverythingIsLeftAlone)
{
    Board board;
    fake_flash_registers.OPTCR = 0;
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    EXPECT_EQ(board.running_deploy(), 1);
    refuses_everything(board);
    EXPECT_TRUE(board.debugger_deploys(9));
}

// Link-time optimisation may join call and function, and nobody notices.
TEST(BootElsewhere, WhenTheClrHasAnotherBlockMapNothingIsWritten)
{
    Board board;
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    g_nota_stm32.blocks = &nota_stm32_blocks[1];
    refuses_everything(board);
}

TEST(BootElsewhere, WhenTheClrFeedsTheWatchdogPastUsNothingIsWritten)
{
    Board board;
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    g_nota_stm32.fed = false;
    refuses_everything(board);
    clr_interpret();
    EXPECT_EQ(update(board), NOTA_NONE);
}

} // namespace
