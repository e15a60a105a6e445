// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>

#include "fake_device.h"

namespace {

void fill(uint8_t record[NOTA_RECORD_LENGTH], uint32_t number)
{
    memset(record, static_cast<int>(number & 0x7F), NOTA_RECORD_LENGTH);
}

TEST(Journal, HasEightRecordsInEachSectorBehindTheSlotRecord)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(nota_journal_capacity(&device.slots), 48U);
    uint8_t record[NOTA_RECORD_LENGTH];
    fill(record, 1);
    EXPECT_FALSE(nota_journal_write(&device.slots, 48, record));
    EXPECT_FALSE(nota_journal_read(&device.slots, 48, record));
    EXPECT_TRUE(nota_journal_write(&device.slots, 47, record));
    uint32_t last = device.map.journal.offset + device.map.journal.size - NOTA_RECORD_LENGTH;
    EXPECT_EQ(memcmp(device.flash.bytes.data() + last, record, sizeof record), 0);
}

TEST(Journal, RoundAndRoundEachSectorIsErasedOnceInEightWrites)
{
    FakeDevice device(1);
    ASSERT_TRUE(device.power_up());
    uint8_t record[NOTA_RECORD_LENGTH];
    for (uint32_t i = 0; i < 480; i++) {
        fill(record, i);
        ASSERT_TRUE(nota_journal_write(&device.slots, i % 48, record));
        uint8_t read[NOTA_RECORD_LENGTH];
        ASSERT_TRUE(nota_journal_read(&device.slots, i % 48, read));
        ASSERT_EQ(memcmp(read, record, sizeof read), 0);
    }

    EXPECT_EQ(device.flash.operations(), 480 + 60);
}

TEST(Journal, APlaceThatIsNotBlankTakesNoRecord)
{
    FakeDevice device;
    ASSERT_TRUE(device.power_up());
    uint8_t record[NOTA_RECORD_LENGTH];
    fill(record, 5);
    ASSERT_TRUE(nota_journal_write(&device.slots, 9, record));
    int before = device.flash.operations();
    EXPECT_FALSE(nota_journal_write(&device.slots, 9, record));
    EXPECT_EQ(device.flash.operations(), before);
}

TEST(Journal, ARecordBeingWrittenNeverTouchesTheOneBefore)
{
    for (Tear tear : all_tears) {
        for (uint32_t place = 0; place < 16; place++) {
            for (int cut = 1; cut <= 2; cut++) {
                FakeDevice device;
                ASSERT_TRUE(device.power_up());
                uint8_t record[NOTA_RECORD_LENGTH];
                for (uint32_t i = 0; i <= place; i++) {
                    fill(record, i + 1);
                    ASSERT_TRUE(nota_journal_write(&device.slots, i, record));
                }

                uint8_t next[NOTA_RECORD_LENGTH];
                fill(next, 99);
                device.flash.cut_at(device.flash.operations() + cut, tear);
                (void)nota_journal_write(&device.slots, place + 1, next);
                ASSERT_TRUE(device.power_up());
                ASSERT_TRUE(nota_journal_read(&device.slots, place, next));
                EXPECT_EQ(memcmp(next, record, sizeof next), 0);
            }
        }
    }
}

TEST(Journal, AFlashThatFailsIsSaid)
{
    for (int operation = 1; operation <= 2; operation++) {
        FakeDevice device(1);
        ASSERT_TRUE(device.power_up());
        uint8_t record[NOTA_RECORD_LENGTH];
        fill(record, 3);
        device.flash.fail_at(operation);
        EXPECT_FALSE(nota_journal_write(&device.slots, 0, record));
        EXPECT_TRUE(nota_journal_write(&device.slots, 0, record));
    }
}

} // namespace
