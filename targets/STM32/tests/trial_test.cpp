// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "story.h"

namespace {

struct Trial : testing::Test {
    Board board;

    void SetUp() override
    {
        ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
        ASSERT_EQ(update(board), NOTA_NONE);
        ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
        ASSERT_EQ(board.running_deploy(), 2);
        ASSERT_NE(state() & NOTA_STATE_ON_TRIAL, 0);
    }

    void TearDown() override
    {
        EXPECT_EQ(board.silicon.flash.misuse(), "");
    }
};

TEST_F(Trial, ConfirmedItStaysAndIsWatchedNoLonger)
{
    board.pass(600);
    ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
    int before = board.resets;
    board.pass(100000);
    EXPECT_EQ(board.resets, before);
    for (uint32_t flags : {RCC_CSR_IWDGRSTF, RCC_CSR_SFTRSTF, RCC_CSR_PORRSTF}) {
        ASSERT_TRUE(board.boot(flags));
        EXPECT_EQ(board.running_deploy(), 2);
        board.pass(700);
        EXPECT_EQ(board.running_deploy(), 2);
    }
}

// Managed code that loops, sleeps or waits for a debugger is fed for like any other, until its time is over.
TEST_F(Trial, AHangIsEndedByTheWatchdogAfterTheDeadlineAndItsOwnTime)
{
    int before = board.resets;
    board.pass(659);
    EXPECT_EQ(board.resets, before);
    board.pass(10);
    EXPECT_EQ(board.resets, before + 1);
    EXPECT_EQ(board.running_deploy(), 1);
    EXPECT_EQ(verdict(), NOTA_TRIAL_HUNG);
    board.pass(100000);
    EXPECT_EQ(board.resets, before + 1) << "What came before is not on trial.";
}

TEST_F(Trial, AHangBelowTheClrIsEndedByTheWatchdogInItsOwnTime)
{
    int before = board.resets;
    board.hang(10);
    EXPECT_EQ(board.resets, before + 1);
    EXPECT_EQ(board.running_deploy(), 1);
    EXPECT_EQ(verdict(), NOTA_TRIAL_HUNG);
}

TEST_F(Trial, TheDeadlineIsOfEachBoot)
{
    board.pass(600);
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    int before = board.resets;
    board.pass(650);
    EXPECT_EQ(board.resets, before);
    EXPECT_EQ(board.running_deploy(), 2);
}

TEST_F(Trial, ResetsThatAreAskedForAreCountedToThree)
{
    int boots = 0;
    for (; board.running_deploy() == 2 && boots < 10; boots++) {
        ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    }

    EXPECT_EQ(boots, 3);
    EXPECT_EQ(verdict(), NOTA_TRIAL_INTERRUPTED);
}

TEST_F(Trial, PowerThatFailsIsNotItsFault)
{
    int boots = 0;
    for (; board.running_deploy() == 2 && boots < 20; boots++) {
        ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    }

    EXPECT_EQ(boots, 10);
    EXPECT_EQ(verdict(), NOTA_TRIAL_INTERRUPTED);
}

// A pin's reset says no more than that there was one. Flags that are not cleared would say what was before.
TEST_F(Trial, AResetIsTakenForWhatItWasAndNotForThoseBefore)
{
    ASSERT_TRUE(board.boot(0));
    EXPECT_EQ(board.running_deploy(), 2);
    ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
    board.hang(10);
    ASSERT_EQ(update(board), NOTA_NONE);
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    EXPECT_NE(state() & NOTA_STATE_ON_TRIAL, 0) << "The watchdog's reset was of the version before.";
    ASSERT_TRUE(board.boot(RCC_CSR_WWDGRSTF));
    EXPECT_EQ(verdict(), NOTA_TRIAL_HUNG);
}

TEST_F(Trial, RejectedItIsLeftAndTheWatchdogSeesToTheReset)
{
    ASSERT_EQ(managed(Method::Revert, {number(700)}), NOTA_NONE);
    board.pass(670);
    EXPECT_EQ(board.running_deploy(), 1);
    EXPECT_EQ(verdict(), 700);
}

TEST_F(Trial, AfterARollbackTheSameUpdateCanBeTriedAgain)
{
    ASSERT_EQ(managed(Method::Revert, {number(700)}), NOTA_NONE);
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    ASSERT_EQ(update(board), NOTA_NONE);
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    ASSERT_EQ(managed(Method::Confirm), NOTA_NONE);
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    EXPECT_EQ(board.running_deploy(), 2);
}

// The power goes while the verdict is being written: the next boot comes to an end as well.
TEST(TrialCut, AVerdictThatIsCutLeavesNoTrialWithoutAnEnd)
{
    for (Tear tear : all_tears) {
        for (int at = 1; at <= 3; at++) {
            Board board;
            ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
            ASSERT_EQ(update(board), NOTA_NONE);
            ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
            board.silicon.flash.power_on();
            board.silicon.flash.cut_at(at, tear);
            board.pass(670);
            ASSERT_TRUE(board.silicon.flash.is_off());
            ASSERT_TRUE(board.power_up());
            ASSERT_NE(board.running_deploy(), 0);
            board.pass(670);
            ASSERT_EQ(board.running_deploy(), 1) << at;
            ASSERT_EQ(verdict(), NOTA_TRIAL_HUNG);
        }
    }
}

TEST(TrialLength, TheLongestTrialHasItsTime)
{
    Board board;
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    ASSERT_EQ(write_image(NOTA_PART_DEPLOYMENT, board.deployment(2)), NOTA_NONE);
    std::vector<uint8_t> digest(32);
    std::vector<uint8_t> text{'2'};
    ASSERT_EQ(managed(Method::Activate, {number(1), array(digest), array(text), array(text), number(65535)}), NOTA_NONE);
    ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
    board.pass(65534);
    EXPECT_EQ(board.running_deploy(), 2);
    board.pass(11);
    EXPECT_EQ(board.running_deploy(), 1);
}

} // namespace
