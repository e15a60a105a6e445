// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "fake_device.h"
extern "C" {
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

TEST(OtaData, AStateThatIsThereAlreadyIsNotWritten)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
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
