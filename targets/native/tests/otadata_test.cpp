// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <random>
#include <vector>

#include "fake_device.h"
#include "idf_bootloader.h"
extern "C" {
#include "bytes.h"
#include "crc32.h"
#include "otadata.h"
}

namespace {

std::vector<uint8_t> entry(const FakeDevice &device, uint32_t index)
{
    auto at = device.flash.bytes.begin() + device.map.ota_data.offset + index * NOTA_BLOCK_LENGTH;
    return {at, at + 32};
}

std::vector<uint8_t> bytes(std::initializer_list<uint8_t> sequence, uint8_t state, std::initializer_list<uint8_t> crc)
{
    std::vector<uint8_t> all(32, 0xFF);
    std::copy(sequence.begin(), sequence.end(), all.begin());
    all[24] = state;
    all[25] = all[26] = all[27] = 0;
    std::copy(crc.begin(), crc.end(), all.begin() + 28);
    return all;
}

// The checksums of 1 and 2 are those that every ESP-IDF device has in its flash.
TEST(OtaData, EntriesAreThoseOfESPIDF)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(entry(device, 0), bytes({1, 0, 0, 0}, 2, {0x9A, 0x98, 0x43, 0x47})) << "The bootloader's own.";
    std::fill_n(device.flash.bytes.begin() + device.map.ota_data.offset, device.map.ota_data.size, uint8_t{0xFF});
    EXPECT_EQ(nota_otadata_named(&device.slots), NOTA_OTA_NOBODY);
    ASSERT_TRUE(nota_otadata_set_boot(&device.slots, 0));
    EXPECT_EQ(entry(device, 0), bytes({1, 0, 0, 0}, 0, {0x9A, 0x98, 0x43, 0x47}));
    ASSERT_TRUE(nota_otadata_mark(&device.slots, NOTA_OTA_VALID));
    EXPECT_EQ(entry(device, 0), bytes({1, 0, 0, 0}, 2, {0x9A, 0x98, 0x43, 0x47}));
    ASSERT_TRUE(nota_otadata_set_boot(&device.slots, 1));
    EXPECT_EQ(entry(device, 1), bytes({2, 0, 0, 0}, 0, {0x74, 0x37, 0xF6, 0x55}));
    EXPECT_EQ(nota_otadata_named(&device.slots), 1);
    EXPECT_EQ(nota_otadata_state_of(&device.slots, 0), NOTA_OTA_VALID);
    EXPECT_EQ(nota_otadata_state_of(&device.slots, 1), NOTA_OTA_NEW);
}

void put(FakeDevice &device, uint32_t index, uint32_t sequence, uint32_t state, bool right = true)
{
    uint8_t *entry = device.flash.bytes.data() + device.map.ota_data.offset + index * NOTA_BLOCK_LENGTH;
    memset(entry, 0xFF, 32);
    nota_put_le32(entry, sequence);
    nota_put_le32(entry + 24, state);
    nota_put_le32(entry + 28, nota_crc32(0xFFFFFFFFU, entry, 4) ^ (right ? 0U : 1U));
}

TEST(OtaData, OfTwoEntriesWithOneNumberTheFirstCounts)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    put(device, 0, 2, NOTA_OTA_VALID);
    put(device, 1, 2, NOTA_OTA_NEW);
    EXPECT_EQ(nota_otadata_named(&device.slots), 1);
    EXPECT_EQ(nota_otadata_state_of(&device.slots, 1), NOTA_OTA_VALID);
}

TEST(OtaData, TheStateIsThatOfTheEntryThatCountsBesideAHigherOneThatDoesNot)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    put(device, 0, 3, NOTA_OTA_PENDING_VERIFY);
    put(device, 1, 5, NOTA_OTA_ABORTED);
    EXPECT_EQ(nota_otadata_state_of(&device.slots, 0), NOTA_OTA_PENDING_VERIFY);
    EXPECT_EQ(nota_otadata_state_of(&device.slots, 1), NOTA_OTA_UNDEFINED);
}

// Whatever the two entries hold: what the bootloader starts is what the core takes for named, in the state that it then has.
TEST(OtaData, WhatCountsIsWhatTheBootloaderTakes)
{
    const uint32_t sequences[] = {1, 2, 3, 4, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF};
    const uint32_t states[] = {NOTA_OTA_NEW, NOTA_OTA_PENDING_VERIFY, NOTA_OTA_VALID, NOTA_OTA_INVALID, NOTA_OTA_ABORTED, NOTA_OTA_UNDEFINED, 77};
    std::mt19937 random{11};
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    int counted = 0;
    for (int round = 0; round < 20000; round++) {
        for (uint32_t i = 0; i < 2; i++) {
            put(device, i, sequences[random() % std::size(sequences)], states[random() % std::size(states)], random() % 4 != 0);
        }

        int chosen = idf_choose(device.flash, device.map.ota_data.offset, [](uint8_t) { return true; });
        uint8_t named = nota_otadata_named(&device.slots);
        if (named == NOTA_OTA_NOBODY) {
            EXPECT_EQ(chosen, 0);
            continue;
        }

        ASSERT_EQ(chosen, named) << round;
        counted++;
        uint32_t state = nota_otadata_state_of(&device.slots, named);
        ASSERT_NE(state, NOTA_OTA_NEW) << round;
        ASSERT_NE(state, NOTA_OTA_ABORTED) << round;
        ASSERT_NE(state, NOTA_OTA_INVALID) << round;
    }

    EXPECT_GT(counted, 5000);
}

TEST(OtaData, AStateThatIsThereAlreadyIsNotWritten)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    std::fill_n(device.flash.bytes.begin() + device.map.ota_data.offset, device.map.ota_data.size, uint8_t{0xFF});
    ASSERT_TRUE(nota_otadata_mark(&device.slots, NOTA_OTA_VALID)); // nothing counts: nothing to mark
    ASSERT_TRUE(nota_otadata_set_boot(&device.slots, 1));
    int before = device.flash.operations();
    ASSERT_TRUE(nota_otadata_mark(&device.slots, NOTA_OTA_NEW));
    EXPECT_EQ(device.flash.operations(), before);
}

TEST(OtaData, AnInvalidEntryOrOneWithAWrongChecksumDoesNotCount)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    ASSERT_TRUE(nota_otadata_set_boot(&device.slots, 0));
    ASSERT_TRUE(nota_otadata_set_boot(&device.slots, 1));
    ASSERT_TRUE(nota_otadata_mark(&device.slots, NOTA_OTA_INVALID));
    EXPECT_EQ(nota_otadata_named(&device.slots), 0);
    EXPECT_EQ(nota_otadata_state_of(&device.slots, 1), NOTA_OTA_INVALID);
    device.flash.bytes[device.map.ota_data.offset + 28] ^= 1;
    EXPECT_EQ(nota_otadata_named(&device.slots), NOTA_OTA_NOBODY);
    EXPECT_EQ(nota_otadata_state_of(&device.slots, 0), NOTA_OTA_UNDEFINED);
}

TEST(OtaData, AChangeOfBootThatIsCutNamesTheOldOrTheNew)
{
    for (Tear tear : all_tears) {
        for (int cut = 1; cut <= 2; cut++) {
            FakeDevice device;
            ASSERT_TRUE(device.power_up());
            ASSERT_TRUE(nota_otadata_set_boot(&device.slots, 0));
            ASSERT_TRUE(nota_otadata_set_boot(&device.slots, 1));
            device.flash.cut_at(device.flash.operations() + cut, tear);
            EXPECT_FALSE(nota_otadata_set_boot(&device.slots, 0));
            device.flash.power_on();
            EXPECT_NE(nota_otadata_named(&device.slots), NOTA_OTA_NOBODY);
        }
    }
}

} // namespace
