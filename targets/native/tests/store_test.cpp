// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>

#include "fake_device.h"
extern "C" {
#include "record.h"
#include "store.h"
}

namespace {

// Three records written, the newest one being the third.
void prepare(FakeDevice &device, uint32_t first_sequence = 0)
{
    ASSERT_TRUE(device.power_up());
    device.slots.record.sequence = first_sequence;
    for (uint32_t id = 1; id <= 3; id++) {
        device.slots.record.trial_id = id;
        ASSERT_TRUE(nota_store_save(&device.slots));
    }
}

TEST(Store, TheNewerRecordCountsAlsoWhereNumbersWrap)
{
    for (uint32_t first : {0U, 0x7FFFFFFEU, 0xFFFFFFFDU, 0xFFFFFFFEU}) {
        FakeDevice device;
        prepare(device, first);
        ASSERT_TRUE(device.power_up());
        EXPECT_EQ(device.slots.record.trial_id, 3U);
        EXPECT_EQ(device.slots.record.sequence, first + 3U);
    }
}

TEST(Store, WithoutAWholeRecordAFreshOneCounts)
{
    FakeDevice device;
    prepare(device);
    memset(device.flash.bytes.data() + device.map.record.offset, 0, 2 * NOTA_BLOCK_LENGTH);
    ASSERT_TRUE(device.power_up());
    EXPECT_EQ(device.slots.record.sequence, 0U);
    EXPECT_EQ(device.slots.record.deploy_for[0], 0);
    EXPECT_TRUE(nota_store_save(&device.slots));
}

TEST(Store, AWriteThatIsCutLeavesTheOldRecordOrTheNew)
{
    for (Tear tear : all_tears) {
        for (int cut = 1; cut <= 3; cut++) {
            FakeDevice device;
            prepare(device);
            ASSERT_TRUE(device.power_up());
            device.slots.record.trial_id = 4;
            device.flash.cut_at(cut, tear);
            EXPECT_FALSE(nota_store_save(&device.slots));
            ASSERT_TRUE(device.power_up());
            EXPECT_TRUE(device.slots.record.trial_id == 3 || (cut == 3 && device.slots.record.trial_id == 4));
        }
    }
}

// A record with unstable bits reads whole now and then. What a boot has built on must hold in all later ones: here, that the trial
// which the record before knows of is over, and its slot free.
TEST(Store, WhatASlotIsGivenUpForIsReadAgainForEver)
{
    FakeDevice device;
    prepare(device);
    ASSERT_TRUE(device.power_up());

    // A cut leaves seven bits of the number unstable; but for them the record is whole.
    device.slots.record.trial_id = 4;
    device.slots.record.sequence++;
    uint8_t bytes[NOTA_RECORD_LENGTH];
    nota_record_encode(&device.slots.record, bytes);
    uint32_t at = device.map.record.offset + (1U - device.slots.sector) * NOTA_BLOCK_LENGTH;
    ASSERT_TRUE(device.flash.erase(at));
    ASSERT_TRUE(device.flash.program(at, bytes, 20) && device.flash.program(at + 21, bytes + 21, NOTA_RECORD_LENGTH - 21));
    device.flash.cut_at(device.flash.operations() + 1, Tear::unstable);
    EXPECT_FALSE(device.flash.program(at + 20, bytes + 20, 1));

    int boots = 0;
    do {
        ASSERT_TRUE(device.power_up());
        ASSERT_LT(++boots, 10000) << "The record never reads whole.";
    } while (device.slots.record.trial_id != 4);
    EXPECT_GT(boots, 1);

    ASSERT_EQ(nota_slots_open(&device.slots, NOTA_PART_DEPLOYMENT, 0), NOTA_NONE);
    for (boots = 0; boots < 20; boots++) {
        ASSERT_TRUE(device.power_up());
        EXPECT_EQ(device.slots.record.trial_id, 4U);
    }
}

TEST(Store, WhatWasNotWrittenDidNotHappen)
{
    for (int operation = 1; operation <= 3; operation++) {
        FakeDevice device;
        prepare(device);
        ASSERT_TRUE(device.power_up());
        device.slots.record.trial_id = 4;
        device.flash.fail_at(operation);
        EXPECT_FALSE(nota_store_save(&device.slots));
        EXPECT_EQ(device.slots.record.trial_id, 3U);
        device.slots.record.trial_id = 5;
        EXPECT_TRUE(nota_store_save(&device.slots));
        ASSERT_TRUE(device.power_up());
        EXPECT_EQ(device.slots.record.trial_id, 5U);
    }
}

} // namespace
