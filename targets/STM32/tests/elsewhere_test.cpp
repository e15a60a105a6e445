// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "story.h"

// Linked where the stock nanoCLR lies: what would be the slot record is its code.
TEST(BootElsewhere, InAFirmwareThatWasLinkedSomewhereElseEverythingIsLeftAlone)
{
    Board board;
    board.install(NOTA_STM32_RECORD, board.deployment(7));
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    EXPECT_EQ(board.running_deploy(), 1);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(update(board), NOTA_SLOT_BUSY);
    EXPECT_EQ(managed(Method::Confirm), NOTA_SLOT_BUSY);
    EXPECT_FALSE(remember(0, 1));
    EXPECT_EQ(board.silicon.flash.operations(), 0);
    EXPECT_TRUE(board.debugger_deploys(9));
}
