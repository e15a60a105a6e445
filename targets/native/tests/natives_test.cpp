// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <cstring>

#include "fake_flash.h"
#include "nanoota_natives.h"
extern "C" {
#include "bytes.h"
#include "crc32.h"
}

namespace {

constexpr uint32_t table_at = 288;
constexpr uint32_t mscorlib = 0xFCD2;
constexpr uint32_t system_threading = 0xFE28;
constexpr uint32_t last_built_in = 0xFFFF - 859; // of 860, in the CLR's own table
constexpr nota_area slot = {4 * NOTA_BLOCK_LENGTH, 4 * NOTA_BLOCK_LENGTH};

// A flash with a firmware's table in its first sectors, and a deployment slot.
struct Bench {
    FakeFlash flash{8};
    uint32_t end = 0;

    void native(const char *name, uint32_t checksum)
    {
        uint8_t *table = flash.bytes.data() + table_at;
        uint8_t *entry = table + 8 + count * 8;
        memcpy(table, "nOtN\1\0", 6);
        table[6] = static_cast<uint8_t>(++count);
        table[7] = 0;
        nota_put_le32(entry, nota_crc32(0, reinterpret_cast<const uint8_t *>(name), static_cast<uint32_t>(strlen(name))));
        nota_put_le32(entry + 4, checksum);
    }

    // An assembly behind the others; without a name: one that the CLR has built in, mscorlib or another.
    uint8_t *assembly(const char *name, uint32_t checksum, uint32_t built_in = mscorlib)
    {
        uint8_t *header = flash.bytes.data() + slot.offset + end;
        uint32_t total = 124 + 21; // a name, and a length that has to be padded
        memset(header, 0, total + 3);
        memcpy(header, "NFMRK1\0\0", 8);
        nota_put_le32(header + 20, checksum);
        header[36] = name == nullptr ? static_cast<uint8_t>(built_in) : uint8_t{1};
        header[37] = name == nullptr ? static_cast<uint8_t>(built_in >> 8) : uint8_t{0};
        nota_put_le32(header + 84, 124);
        nota_put_le32(header + 100, total);
        strcpy(reinterpret_cast<char *>(header + 125), name == nullptr ? "" : name);
        end += (total + 3) & ~3U;
        return header;
    }

    bool fit()
    {
        nota_flash table = flash.table();
        return nota_natives_fit(&table, table_at, &slot);
    }

private:
    uint32_t count = 0;
};

TEST(Natives, AssembliesRunWhereEachFindsItsNativeCode)
{
    Bench bench;
    bench.native("mscorlib", 7);
    bench.native("Display", 8);
    bench.assembly(nullptr, 7);
    bench.assembly("Display", 8);
    bench.assembly("App", 0);
    EXPECT_TRUE(bench.fit());
}

TEST(Natives, AnotherChecksumOrNoneOrAMissingTableIsRefused)
{
    for (int fault = 0; fault < 4; fault++) {
        Bench bench;
        bench.native("Display", fault == 0 ? 9 : 8);
        bench.assembly(fault == 1 ? "Other" : "Display", fault == 2 ? 0 : 8);
        if (fault == 3) {
            bench.flash.bytes[table_at] = 0;
        }

        EXPECT_FALSE(bench.fit()) << fault;
    }
}

// Of such a name only the number is there: the checksum, which is made of names, has to tell.
TEST(Natives, AnAssemblyWhoseNameTheClrHasBuiltInIsKnownByItsChecksum)
{
    for (uint32_t name : {mscorlib, system_threading, last_built_in, 0xFFFFU}) {
        for (uint32_t checksum : {0U, 7U, 8U}) {
            Bench bench;
            bench.native("mscorlib", 7);
            bench.assembly(nullptr, checksum, name);
            bench.assembly("App", 0);
            EXPECT_EQ(bench.fit(), checksum != 8) << std::hex << name;
        }
    }
}

TEST(Natives, ANumberBelowTheBuiltInOnesLeadsIntoTheAssemblysOwnStrings)
{
    Bench bench;
    bench.native("Display", 8);
    bench.assembly(nullptr, 8, last_built_in - 1);
    EXPECT_FALSE(bench.fit());
}

TEST(Natives, AnEmptySlotCannotBeRun)
{
    Bench bench;
    EXPECT_FALSE(bench.fit());
}

TEST(Natives, DamagedHeadersNeverLeadBeyondTheSlot)
{
    std::mt19937 random{7};
    for (int round = 0; round < 2000; round++) {
        Bench bench;
        bench.native("Display", 8);
        uint8_t *header = bench.assembly("Display", 8);
        bench.assembly("App", 0);
        for (int i = 0; i < 3; i++) {
            header[8 + random() % 100] = static_cast<uint8_t>(random());
        }

        (void)bench.fit();
        ASSERT_EQ(bench.flash.misuse(), "");
    }
}

TEST(Natives, ANameWithoutAnEndIsNoName)
{
    Bench bench;
    bench.native("Display", 8);
    uint8_t *header = bench.assembly("Display", 8);
    memset(header + 125, 'x', 20);
    EXPECT_FALSE(bench.fit());
}

} // namespace
