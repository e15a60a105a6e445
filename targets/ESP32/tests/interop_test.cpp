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

TEST_F(Interop, NativeMethodsStandInOneRowBehindTheManagedOnes)
{
    const auto *table = static_cast<const CLR_RT_MethodHandler *>(g_CLR_AssemblyNative_nanoOta_Native.m_pNativeMethods);
    for (size_t i = 0; i < first_native_method; i++) {
        EXPECT_EQ(table[i], nullptr);
    }

    for (size_t i = 0; i < 12; i++) {
        EXPECT_NE(table[first_native_method + i], nullptr);
    }
}

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

TEST(NativesTable, NamesTheAssembliesOfTheFirmware)
{
    EXPECT_EQ(memcmp(nanoota_natives, "nOtN\1\0\2\0", 8), 0);
    EXPECT_EQ(nota_get_le32(nanoota_natives + 8), nota_crc32(0, reinterpret_cast<const uint8_t *>("mscorlib"), 8));
    EXPECT_EQ(nota_get_le32(nanoota_natives + 12), 0x0B5C0D3CU);
    EXPECT_EQ(nota_get_le32(nanoota_natives + 16), nota_crc32(0, reinterpret_cast<const uint8_t *>("nanoOta.Native"), 14));
    EXPECT_EQ(nota_get_le32(nanoota_natives + 20), g_CLR_AssemblyNative_nanoOta_Native.m_checkSum);
}

} // namespace
