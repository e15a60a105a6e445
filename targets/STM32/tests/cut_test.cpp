// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "story.h"

namespace {

// From the factory to a confirmed second version, with the journal written in between; what lay in the idle slot is erased first.
void tell(Board &board, uint32_t length)
{
    if (remember(0, 0x11) && update(board, length) == NOTA_NONE && remember(1, 0x22) && board.boot(RCC_CSR_SFTRSTF)
        && managed(Method::Confirm) == NOTA_NONE) {
        remember(0, 0x33);
    }
}

void prepare(Board &board)
{
    std::vector<uint8_t> old = board.deployment(8, Board::slot_length - 5);
    board.install(NOTA_STM32_DEPLOY_1, old);
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
}

// Of a place of the journal nothing but what was written there, or that it is empty or torn.
bool is_sane(int value, int first, int second)
{
    return value == first || value == second || value == 0xFF;
}

class Cut : public testing::TestWithParam<uint32_t> {
};

// With the power cut at each operation in five ways: whatever boots is a whole deployment, and the update can be brought to its end.
TEST_P(Cut, AtEachOperationLeavesADeviceThatRunsAndCanBeUpdated)
{
    uint32_t length = GetParam();
    int operations = 0;
    {
        Board board;
        prepare(board);
        tell(board, length);
        ASSERT_EQ(board.running_deploy(), 2);
        operations = board.silicon.flash.operations();
    }

    EXPECT_GT(operations, 15);
    for (Tear tear : all_tears) {
        for (int at = 1; at <= operations; at++) {
            Board board;
            prepare(board);
            board.silicon.flash.cut_at(at, tear);
            tell(board, length);
            ASSERT_TRUE(board.silicon.flash.is_off()) << at;
            ASSERT_TRUE(board.power_up()) << at;
            ASSERT_TRUE(board.running_deploy() == 1 || board.running_deploy() == 2) << at;
            if (tear == Tear::nothing || tear == Tear::all) {
                EXPECT_TRUE(is_sane(recall(0), 0x11, 0x33)) << at;
                EXPECT_TRUE(is_sane(recall(1), 0x22, 0x22)) << at;
            }

            // A trial that the cut has left is given up; a fresh update then goes through.
            managed(Method::Revert, {number(NOTA_CANCELLED)});
            ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF)) << at;
            ASSERT_EQ(update(board), NOTA_NONE) << at;
            ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF)) << at;
            ASSERT_EQ(managed(Method::Confirm), NOTA_NONE) << at;
            ASSERT_EQ(board.running_deploy(), 2) << at;
            ASSERT_TRUE(remember(0, 0x44)) << at;
            ASSERT_EQ(board.silicon.flash.misuse(), "") << at;
        }
    }
}

// In one sector, and into the second.
INSTANTIATE_TEST_SUITE_P(EachLength, Cut, testing::Values(Board::image_length, 260U * 1024U + 3U));

// The journal is one sector: a cut in its erase empties it. What runs stays what it is.
TEST(CutJournal, InItsEraseLosesTheJournalAndNothingElse)
{
    for (Tear tear : all_tears) {
        Board board;
        ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
        for (uint32_t place = 0; place < 64; place++) {
            ASSERT_TRUE(remember(place, 0x55));
        }

        ASSERT_EQ(update(board), NOTA_NONE);
        ASSERT_TRUE(board.boot(RCC_CSR_SFTRSTF));
        board.silicon.flash.cut_at(board.silicon.flash.operations() + 1, tear);
        EXPECT_FALSE(remember(0, 0x66));
        ASSERT_TRUE(board.power_up());
        EXPECT_EQ(board.running_deploy(), 2);
        EXPECT_NE(state() & NOTA_STATE_ON_TRIAL, 0);
        EXPECT_TRUE(remember(0, 0x66));
        EXPECT_EQ(recall(0), 0x66);
        EXPECT_EQ(managed(Method::Confirm), NOTA_NONE);
    }
}

} // namespace
