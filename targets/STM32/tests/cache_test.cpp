// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include "hal.h"
#include "hal_nf_community.h"
#include "story.h"

// The processor keeps what it has read of the flash, and the flash driver does not tell it that the flash has changed.
namespace {

struct Cache : testing::Test {
    Board board;
    nota_flash flash = nota_stm32_flash(nanoota_head);
    static constexpr uint32_t at = NOTA_STM32_DEPLOY_1 + 24; // neither begins nor ends with a line of the cache
    std::vector<uint8_t> data = std::vector<uint8_t>(75, 0x5A);

    // As the processor reads it, without the port.
    std::vector<uint8_t> seen(uint32_t address, size_t count)
    {
        std::vector<uint8_t> bytes(count);
        board.silicon.read(address, bytes.data(), static_cast<uint32_t>(count));
        return bytes;
    }

    std::vector<uint8_t> read()
    {
        std::vector<uint8_t> bytes(data.size());
        EXPECT_TRUE(flash.read(flash.context, at, bytes.data(), static_cast<uint32_t>(bytes.size())));
        return bytes;
    }
};

TEST_F(Cache, WhatWasProgrammedIsSeen)
{
    seen(at - 24, 4096);
    ASSERT_TRUE(flash.program(flash.context, at, data.data(), static_cast<uint32_t>(data.size())));
    EXPECT_EQ(seen(at, data.size()), data);
}

TEST_F(Cache, WhatWasErasedIsSeen)
{
    board.install(NOTA_STM32_DEPLOY_1, std::vector<uint8_t>(0x40000, 0));
    seen(NOTA_STM32_DEPLOY_1, 0x40000);
    ASSERT_TRUE(flash.erase(flash.context, NOTA_STM32_DEPLOY_1));
    EXPECT_EQ(seen(NOTA_STM32_DEPLOY_1, 0x40000), std::vector<uint8_t>(0x40000, 0xFF));
}

TEST_F(Cache, WhatOthersHaveProgrammedIsRead)
{
    seen(at - 24, 4096);
    ASSERT_EQ(stm32FlashWrite(at, static_cast<uint32_t>(data.size()), data.data()), 1);
    EXPECT_NE(seen(at, data.size()), data) << "There is no cache to speak of.";
    EXPECT_EQ(read(), data);
}

// An erase that has failed may have changed something all the same.
TEST_F(Cache, WhatAFailedEraseHasLeftIsSeen)
{
    board.install(NOTA_STM32_DEPLOY_1, std::vector<uint8_t>(0x40000, 0));
    seen(NOTA_STM32_DEPLOY_1, 0x40000);
    board.silicon.flash.cut_at(1, Tear::all);
    EXPECT_FALSE(flash.erase(flash.context, NOTA_STM32_DEPLOY_1));
    board.silicon.flash.power_on();
    EXPECT_EQ(seen(NOTA_STM32_DEPLOY_1, 64), std::vector<uint8_t>(64, 0xFF));
}

// A slot is read, erased by a debugger, and read again within one boot.
TEST_F(Cache, ManagedCodeReadsWhatADebuggerHasDeployed)
{
    ASSERT_TRUE(board.boot(RCC_CSR_PORRSTF));
    auto first = [] {
        std::vector<uint8_t> bytes(9);
        managed(Method::Read, {number(NOTA_PART_DEPLOYMENT), number(0), number(0), array(bytes), number(9)});
        return bytes[8];
    };
    EXPECT_EQ(first(), 1);
    ASSERT_TRUE(board.debugger_deploys(9));
    EXPECT_EQ(first(), 9);
}

} // namespace
