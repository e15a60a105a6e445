// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>

#include "updates.h"
extern "C" {
#include "bytes.h"
#include "crc32.h"
}

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_nanoOta_Native;
extern "C" const uint8_t nanoota_natives[];

namespace {

struct Interop : testing::Test {
    Chip chip{"esp32-4mb"};

    void SetUp() override
    {
        ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    }

    HRESULT thrown(Method method, std::vector<FakeArgument> arguments)
    {
        int32_t result = 0;
        return managed_try(method, std::move(arguments), result);
    }
};

TEST_F(Interop, WrongArgumentsAreExceptionsAndTouchNothing)
{
    std::vector<uint8_t> small(NOTA_RECORD_LENGTH - 1);
    std::vector<uint8_t> record(NOTA_RECORD_LENGTH);
    std::vector<uint8_t> digest(32);
    EXPECT_EQ(thrown(Method::GetState, {null_array()}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(thrown(Method::GetState, {array(small)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::GetState, {number(1)}), CLR_E_WRONG_TYPE);
    EXPECT_EQ(thrown(Method::Capacity, {number(-1)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Open, {number(1), number(-4096)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Write, {array(small), number(NOTA_RECORD_LENGTH)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Write, {null_array(), number(0)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(thrown(Method::Read, {number(1), number(0), number(0), array(small), number(NOTA_RECORD_LENGTH)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Hash, {number(1), number(0), number(0), number(1), null_array(), number(0)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(thrown(Method::Hash, {number(1), number(0), number(-1), number(1), array(small), number(0)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Hash, {number(1), number(0), number(0), number(-1), array(small), number(0)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Hash, {number(1), number(0), number(0), number(1), array(small), number(-1)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Hash, {number(1), number(0), number(0), number(1), array(small), number(NOTA_RECORD_LENGTH - 104)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Hash, {number(1), number(0), number(0), number(1), array(digest), number(0)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::GetState, {array(digest)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Read, {number(1), number(0), number(0), null_array(), number(0)}), CLR_E_NULL_REFERENCE);
    for (size_t index : {1U, 2U, 3U}) {
        std::vector<FakeArgument> arguments{number(1), array(digest), array(record), array(record), number(1)};
        arguments[index] = null_array();
        EXPECT_EQ(thrown(Method::Activate, arguments), CLR_E_NULL_REFERENCE) << index;
    }

    EXPECT_EQ(thrown(Method::JournalRead, {number(0), null_array()}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(thrown(Method::JournalWrite, {number(0), null_array()}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(thrown(Method::Activate, {number(1), array(digest), array(record), array(record), number(-60)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Activate, {number(1), array(small), array(record), array(record), number(1)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Activate, {number(257), array(digest), array(record), array(record), number(1)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::Revert, {number(0)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::JournalRead, {number(0), array(small)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(thrown(Method::JournalWrite, {number(-1), array(record)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(chip.flash.operations(), 0);
}

TEST_F(Interop, TheJournalKeepsWhatItIsGiven)
{
    std::vector<uint8_t> record(NOTA_RECORD_LENGTH, 0x5A);
    ASSERT_EQ(managed(Method::JournalWrite, {number(0), array(record)}), 1);
    ASSERT_TRUE(chip.boot(ESP_RST_POWERON));
    std::vector<uint8_t> read(NOTA_RECORD_LENGTH);
    ASSERT_EQ(managed(Method::JournalRead, {number(0), array(read)}), 1);
    EXPECT_EQ(read, record);
    EXPECT_EQ(managed(Method::JournalRead, {number(48), array(read)}), 0);
    EXPECT_EQ(managed(Method::JournalWrite, {number(48), array(read)}), 0);
}

TEST_F(Interop, WhatIsActivatedStandsInTheRecord)
{
    ASSERT_EQ(update(chip, NOTA_PART_DEPLOYMENT), NOTA_NONE);
    std::vector<uint8_t> record(NOTA_RECORD_LENGTH);
    ASSERT_GE(managed(Method::GetState, {array(record)}), 0);
    EXPECT_EQ(memcmp(record.data() + 264, "2\0", 2), 0);
    EXPECT_EQ(memcmp(record.data() + 264 + 64, "2.0.0\0", 6), 0);
    EXPECT_EQ(record[264 + 88], 0xAB);
    EXPECT_EQ(record[264 + 119], 0xAB);
}

TEST_F(Interop, WhatLayBehindADeploymentIsErasedInSeveralCalls)
{
    const esp_partition_t *slot = chip.partition("deploy_1");
    chip.install("deploy_1", std::vector<uint8_t>(slot->size, 0x55));
    ASSERT_EQ(update(chip, NOTA_PART_DEPLOYMENT), NOTA_NONE);
    EXPECT_EQ(chip.version_in(slot), 2);
    for (uint32_t at = 2 * NOTA_BLOCK_LENGTH; at < slot->size; at++) {
        ASSERT_EQ(chip.flash.bytes[slot->address + at], 0xFF) << at;
    }
}

TEST_F(Interop, SlotsAreRead)
{
    std::vector<uint8_t> read(8);
    ASSERT_EQ(managed(Method::Read, {number(NOTA_PART_DEPLOYMENT), number(0), number(0), array(read), number(8)}), NOTA_NONE);
    EXPECT_EQ(memcmp(read.data(), "NFMRK1\0\0", 8), 0);
    ASSERT_EQ(managed(Method::Read, {number(NOTA_PART_FIRMWARE), number(0), number(0), array(read), number(1)}), NOTA_NONE);
    EXPECT_EQ(read[0], 0xE9);
    EXPECT_EQ(managed(Method::Read, {number(NOTA_PART_DEPLOYMENT), number(1), number(0xDFFFC), array(read), number(8)}), NOTA_FLASH_FAILED);
}

TEST_F(Interop, ASlotIsHashedWhereItLies)
{
    std::vector<uint8_t> image = chip.deployment(1);
    std::vector<uint8_t> state(4 + 104);
    auto hash = [&](int32_t offset, int32_t count) {
        return managed(Method::Hash, {number(NOTA_PART_DEPLOYMENT), number(0), number(offset), number(count), array(state), number(4)});
    };
    ASSERT_EQ(hash(0, 4096), NOTA_NONE);
    ASSERT_EQ(hash(4096, static_cast<int32_t>(image.size()) - 4096), NOTA_NONE);
    std::vector<uint8_t> before = state;
    EXPECT_EQ(hash(0, 16385), NOTA_FLASH_FAILED);
    EXPECT_EQ(hash(0xDFFFC, 8), NOTA_FLASH_FAILED);
    EXPECT_EQ(hash(INT32_MAX, INT32_MAX), NOTA_FLASH_FAILED);
    EXPECT_EQ(managed(Method::Hash, {number(4), number(0), number(0), number(1), array(state), number(4)}), NOTA_FLASH_FAILED);
    EXPECT_EQ(state, before) << "A range that was refused has changed the hash.";
    std::vector<uint8_t> digest(32);
    ASSERT_EQ(managed(Method::Finish, {self(), array(state), number(4), array(digest), number(0)}), 0);
    nota_sha256 sha;
    std::vector<uint8_t> expected(32);
    nota_sha256_start(&sha);
    nota_sha256_append(&sha, image.data(), image.size());
    nota_sha256_finish(&sha, expected.data());
    EXPECT_EQ(digest, expected);
}

TEST(NativesTable, NamesTheAssembliesOfTheFirmware)
{
    EXPECT_EQ(memcmp(nanoota_natives, "nOtN\1\0\2\0", 8), 0);
    EXPECT_EQ(nota_get_le32(nanoota_natives + 8), nota_crc32(0, reinterpret_cast<const uint8_t *>("mscorlib"), 8));
    EXPECT_EQ(nota_get_le32(nanoota_natives + 12), 0x0B5C0D3CU);
    EXPECT_EQ(nota_get_le32(nanoota_natives + 16), nota_crc32(0, reinterpret_cast<const uint8_t *>("nanoOta.Native"), 14));
    EXPECT_EQ(nota_get_le32(nanoota_natives + 20), g_CLR_AssemblyNative_nanoOta_Native.m_checkSum);
}

} // namespace
