// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>

extern "C" {
#include "bytes.h"
#include "crc32.h"
#include "record.h"
}

namespace {

nota_record full()
{
    nota_record record{};
    record.sequence = 0x04030201;
    record.deploy_for[0] = 1;
    record.deploy_for[1] = NOTA_NO_DEPLOY;
    record.trial_parts = 3;
    record.trial_firmware = 1;
    record.trial_deploy = 1;
    record.trial_boots = 9;
    record.trial_seconds = 0x1234;
    record.verdict = 700;
    record.trial_id = 0x0A0B0C0D;
    nota_set_text(record.sets[0].version, 64, "1.2.3", 5);
    nota_set_text(record.sets[1].application, 24, "4.5.6", 5);
    record.trial.digest[31] = 0xEE;
    return record;
}

TEST(Record, LiesAsTheDocumentSays)
{
    nota_record record = full();
    uint8_t bytes[NOTA_RECORD_LENGTH];
    nota_record_encode(&record, bytes);
    const uint8_t head[24] = {'n', 'O', 'S', '1', 1, 2, 3, 4, 1, 0xFF, 3, 1, 1, 9, 0x34, 0x12, 0xBC, 2, 0, 0, 0x0D, 0x0C, 0x0B, 0x0A};
    EXPECT_EQ(memcmp(bytes, head, sizeof head), 0);
    EXPECT_STREQ(reinterpret_cast<char *>(bytes + 24), "1.2.3");
    EXPECT_STREQ(reinterpret_cast<char *>(bytes + 144 + 64), "4.5.6");
    EXPECT_EQ(bytes[264 + 64 + 24 + 31], 0xEE);
    EXPECT_EQ(nota_get_le32(bytes + 508), nota_crc32(0, bytes, 508));
    EXPECT_EQ(nota_crc32(0, reinterpret_cast<const uint8_t *>("123456789"), 9), 0xCBF43926U);
}

TEST(Record, ComesBackAsItWas)
{
    nota_record record = full();
    uint8_t bytes[NOTA_RECORD_LENGTH];
    uint8_t again[NOTA_RECORD_LENGTH];
    nota_record_encode(&record, bytes);
    nota_record other{};
    ASSERT_TRUE(nota_record_is_whole(bytes));
    nota_record_decode(&other, bytes);
    nota_record_encode(&other, again);
    EXPECT_EQ(memcmp(bytes, again, sizeof bytes), 0);
}

TEST(Record, IsNotWholeWithAnyBitChanged)
{
    nota_record record = full();
    uint8_t bytes[NOTA_RECORD_LENGTH];
    nota_record_encode(&record, bytes);
    for (uint32_t bit = 0; bit < 8 * NOTA_RECORD_LENGTH; bit++) {
        bytes[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
        EXPECT_FALSE(nota_record_is_whole(bytes)) << bit;
        bytes[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    }
}

TEST(Record, ForeignNumbersAreBroughtIntoRange)
{
    nota_record record = full();
    record.deploy_for[0] = 7;
    record.trial_parts = 0xFF;
    record.trial_firmware = 2;
    record.trial_deploy = 0xFF;
    memset(record.trial.version, 'x', sizeof record.trial.version);
    uint8_t bytes[NOTA_RECORD_LENGTH];
    nota_record_encode(&record, bytes);
    nota_record other{};
    ASSERT_TRUE(nota_record_is_whole(bytes));
    nota_record_decode(&other, bytes);
    EXPECT_EQ(other.deploy_for[0], NOTA_NO_DEPLOY);
    EXPECT_EQ(other.trial_parts, 3);
    EXPECT_EQ(other.trial_firmware, 0);
    EXPECT_EQ(other.trial_deploy, 1);
    EXPECT_EQ(strlen(reinterpret_cast<char *>(other.trial.version)), 63U);
}

TEST(SetText, CutsWhatDoesNotFitAndFillsTheRest)
{
    uint8_t to[8];
    memset(to, 0xAA, sizeof to);
    nota_set_text(to, sizeof to, "ab", 2);
    EXPECT_EQ(memcmp(to, "ab\0\0\0\0\0\0", 8), 0);
    nota_set_text(to, sizeof to, "abcdefghij", 10);
    EXPECT_EQ(memcmp(to, "abcdefg\0", 8), 0);
    nota_set_text(to, sizeof to, nullptr, 0);
    EXPECT_EQ(to[0], 0);
}

} // namespace
