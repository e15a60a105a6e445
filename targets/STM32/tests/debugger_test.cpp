// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "nanobooter.h"
#include "story.h"

namespace {

struct Debugger : testing::Test {
    Board board;

    void SetUp() override
    {
        ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    }

    void TearDown() override
    {
        EXPECT_EQ(board.silicon.flash.misuse(), "");
    }

    void begin_trial()
    {
        ASSERT_EQ(update(board), NOTA_NONE);
        ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
        ASSERT_EQ(clr_deployment().address, NOTA_STM32_DEPLOY_1);
    }

    void run_from_the_second()
    {
        begin_trial();
        ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
    }

    // That this version runs whatever happens.
    void stays(uint8_t version)
    {
        for (uint32_t flags : {RCC_CSR_IWDGRSTF, RCC_CSR_SFTRSTF, RCC_CSR_PORRSTF, RCC_CSR_IWDGRSTF}) {
            ASSERT_TRUE(board.boot(flags));
            EXPECT_EQ(board.running_deploy(), version);
            EXPECT_EQ(state() & NOTA_STATE_ON_TRIAL, 0);
            int before = board.resets;
            board.pass(700);
            EXPECT_EQ(board.resets, before);
        }
    }
};

TEST_F(Debugger, OnTrialWhatItDeploysIsWhatBoots)
{
    begin_trial();
    ASSERT_TRUE(board.debugger_deploys(9));
    int before = board.resets;
    board.pass(700);
    EXPECT_EQ(board.resets, before) << "The watchdog resets the device under the debugger.";
    stays(9);
    EXPECT_EQ(clr_deployment().address, NOTA_STM32_DEPLOY_1);
    EXPECT_EQ(verdict(), 0);
}

TEST_F(Debugger, AnActivationThatHasNotBootedIsTakenBack)
{
    ASSERT_EQ(update(board), NOTA_NONE);
    ASSERT_TRUE(board.debugger_deploys(9));
    stays(9);
    EXPECT_EQ(clr_deployment().address, NOTA_STM32_DEPLOY_0);
    EXPECT_EQ(verdict(), NOTA_CANCELLED);
}

TEST_F(Debugger, OutsideATrialNothingIsWrittenForIt)
{
    ASSERT_TRUE(board.debugger_deploys(9));
    EXPECT_EQ(board.silicon.flash.operations(), 2);
}

TEST_F(Debugger, AConfigurationThatIsStoredIsNoneOfItsBusiness)
{
    begin_trial();
    ASSERT_TRUE(clr_erase_configuration());
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    EXPECT_EQ(board.running_deploy(), 2);
    EXPECT_NE(state() & NOTA_STATE_ON_TRIAL, 0);
}

TEST_F(Debugger, WithoutTheRecordTheDeploymentIsNotErased)
{
    begin_trial();
    board.silicon.flash.power_on();
    board.silicon.flash.fail_at(1);
    EXPECT_FALSE(board.debugger_deploys(9));
    EXPECT_EQ(board.running_deploy(), 2);
}

TEST_F(Debugger, WhatIsNotItsDeploymentItCannotErase)
{
    begin_trial();
    int before = board.silicon.flash.operations();
    for (uint32_t address : {NOTA_STM32_BOOTER, NOTA_STM32_RECORD, NOTA_STM32_RECORD + 0x8000, NOTA_STM32_FIRMWARE, NOTA_STM32_DEPLOY_0, NOTA_STM32_JOURNAL}) {
        EXPECT_FALSE(debugger_erase(address)) << std::hex << address;
    }

    EXPECT_EQ(board.silicon.flash.operations(), before);
}

using NanoBooter = Debugger;

TEST_F(NanoBooter, ItsDeploymentIsTheFirst)
{
    FakeRange range = nanobooter_deployment();
    EXPECT_EQ(range.address, NOTA_STM32_DEPLOY_0);
    EXPECT_EQ(range.length, Board::slot_length);
}

TEST_F(NanoBooter, WhatIsDeployedThroughItRunsThoughTheSecondWasActive)
{
    run_from_the_second();
    ASSERT_TRUE(board.booter_deploys(9));
    stays(9);
    EXPECT_EQ(clr_deployment().address, NOTA_STM32_DEPLOY_0);
}

TEST_F(NanoBooter, WhatIsDeployedThroughItRunsThoughTheSecondIsOnTrial)
{
    begin_trial();
    ASSERT_TRUE(board.booter_deploys(9));
    stays(9);
    EXPECT_EQ(verdict(), 0);
}

TEST_F(NanoBooter, WhatIsDeployedThroughItRunsThoughAnotherWasActivated)
{
    ASSERT_EQ(update(board), NOTA_NONE);
    ASSERT_TRUE(board.booter_deploys(9));
    stays(9);
}

TEST_F(NanoBooter, TheRecordIsWrittenOnceForAllItsErasesAndFirmForEach)
{
    run_from_the_second();
    int before = board.silicon.flash.operations();
    ASSERT_TRUE(board.booter_deploys(9));
    EXPECT_EQ(board.silicon.flash.operations(), before + 3 + 1 + 1 + 1 + 1)
        << "Made firm, erased, programmed, a sector; made firm, a sector; the deployment.";
    ASSERT_TRUE(board.booter_deploys(10));
    EXPECT_EQ(board.silicon.flash.operations(), before + 7 + 2 * 2 + 1);
}

// Its sectors are others: the driver would erase the configuration and nanoCLR.
TEST_F(NanoBooter, InTwoBanksNothingIsErased)
{
    run_from_the_second();
    fake_flash_registers.OPTCR = 0;
    int before = board.silicon.flash.operations();
    EXPECT_FALSE(board.booter_deploys(9));
    EXPECT_EQ(board.silicon.flash.operations(), before);
}

// The number of the trial goes on, or the agent took a later trial for one that it has reported.
TEST_F(NanoBooter, TheNextTrialHasANumberOfItsOwn)
{
    run_from_the_second();
    ASSERT_TRUE(board.booter_deploys(9));
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    ASSERT_EQ(update(board), NOTA_NONE);
    std::vector<uint8_t> record(NOTA_RECORD_LENGTH);
    ASSERT_GE(managed(Method::GetState, {array(record)}), 0);
    EXPECT_EQ(record[20], 2);
}

TEST_F(NanoBooter, OtherErasesAreLeftAlone)
{
    run_from_the_second();
    int before = board.silicon.flash.operations();
    ASSERT_TRUE(nanobooter_erase(board.silicon, FLASH_OPTCR_nDBANK, NOTA_STM32_CONFIG));
    EXPECT_EQ(board.silicon.flash.operations(), before + 1);
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    EXPECT_EQ(clr_deployment().address, NOTA_STM32_DEPLOY_1);
}

// nanoBooter says that all went well. Over what was not erased nothing must be programmed.
TEST_F(NanoBooter, WithoutTheRecordNothingIsErasedOrWritten)
{
    run_from_the_second();
    board.silicon.flash.power_on();
    board.silicon.flash.fail_at(2);
    EXPECT_FALSE(board.booter_deploys(9));
    EXPECT_EQ(board.version_at(NOTA_STM32_DEPLOY_0), 1);
    EXPECT_EQ(board.silicon.flash.misuse(), "");
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    EXPECT_EQ(board.running_deploy(), 2);
    EXPECT_TRUE(board.booter_deploys(9)) << "The debugger begins anew.";
    stays(9);
}

// Until its first erase there are two whole deployments, and one of them runs; then a debugger has to finish what it has begun.
TEST(NanoBooterCut, ACutWhileTheRecordIsWrittenLeavesOneThatRuns)
{
    for (Tear tear : all_tears) {
        for (int at = 1; at <= 3; at++) {
            Board board;
            ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
            ASSERT_EQ(update(board), NOTA_NONE);
            ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
            ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
            board.silicon.flash.power_on();
            board.silicon.flash.cut_at(at, tear);
            EXPECT_FALSE(board.booter_deploys(9));
            ASSERT_TRUE(board.power_up());
            EXPECT_EQ(board.running_deploy(), clr_deployment().address == NOTA_STM32_DEPLOY_0 ? 1 : 2);
            EXPECT_TRUE(board.booter_deploys(9));
            ASSERT_TRUE(board.power_up());
            EXPECT_EQ(board.running_deploy(), 9);
        }
    }
}

} // namespace
