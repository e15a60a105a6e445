using System.Security.Cryptography;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class FlashLayoutTests
    {
        // The tables once more, written out: a form that ESP-IDF 5.5's generator accepts.
        public static TheoryData<string, int, string> Facts => new()
        {
            { "esp32-4mb", 0x400000, "nvs 1/02 9000+6000; phy_init 1/01 F000+1000; factory 0/00 10000+1D0000; deploy_0 1/84 1E0000+E0000; deploy_1 1/84 2C0000+E0000; ota_state 1/87 3A0000+8000; config 1/83 3C0000+40000" },
            { "esp32-8mb", 0x800000, "nvs 1/02 9000+6000; otadata 1/00 F000+2000; phy_init 1/01 11000+1000; ota_state 1/87 12000+8000; ota_0 0/10 20000+200000; ota_1 0/11 220000+200000; deploy_0 1/84 420000+180000; deploy_1 1/84 5A0000+180000; config 1/83 720000+E0000" },
            { "esp32-16mb", 0x1000000, "nvs 1/02 9000+6000; otadata 1/00 F000+2000; phy_init 1/01 11000+1000; ota_state 1/87 12000+8000; ota_0 0/10 20000+240000; ota_1 0/11 260000+240000; deploy_0 1/84 4A0000+2B0000; deploy_1 1/84 750000+2B0000; config 1/83 A00000+600000" },
        };

        [Theory]
        [MemberData(nameof(Facts))]
        public void A_layout_is_the_one_of_the_facts(string name, int flashSize, string partitions)
        {
            FlashLayout layout = FlashLayouts.Find(name)!;
            Assert.Equal(("ESP32_REV3", 0, flashSize), (layout.Target, layout.ChipId, layout.FlashSize));
            Assert.Equal(partitions, string.Join("; ", layout.Table.Partitions.Select(p => $"{p.Label} {p.Type}/{p.Subtype:X2} {p.Offset:X}+{p.Size:X}")));
        }

        // SHA-256 of what gen_esp32part.py of ESP-IDF v5.5.1 made of the csv file of each layout, and accepted.
        [Theory]
        [InlineData("esp32-4mb", "8dc9654f60da377b4f66299bd5c8c7b1bb0e713c0ada9c92a38493ba77e04116")]
        [InlineData("esp32-8mb", "3ee49d5c12d754461ef44b85ca8257744e3ab7a02d68d2fab1bc9f7c9f1e88bc")]
        [InlineData("esp32-16mb", "a3202f6a24334dcb502a07a0f9c3fad2d3b5b8a23e08a1a3614019bafa475f2c")]
        public void The_binary_table_is_that_of_ESP_IDFs_generator(string name, string sha256)
        {
            PartitionTable table = FlashLayouts.Find(name)!.Table;
            Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(table.ToBinary())));
            Assert.Equal(table.Partitions, PartitionTableFile.FromCsv(table.ToCsv()).Table.Partitions);
        }

        [Fact]
        public void The_layout_of_the_F769_takes_whole_sectors_and_leaves_nanoFramework_s_own_where_they_are()
        {
            FlashLayout layout = FlashLayouts.Find("stm32f769-2mb")!;
            Assert.Equal(("ST_STM32F769I_DISCOVERY", 0x200000, 0x200000), (layout.Target, layout.FlashSize, layout.Sectors.Size));
            Assert.Equal([0, 0x8000, 0x10000, 0x18000, 0x20000, 0x40000, 0x80000, 0xC0000, 0x100000, 0x140000, 0x180000, 0x1C0000], layout.Sectors.In(0, 0x200000));
            Assert.Equal("config 8000+8000; ota_state 10000+10000; factory 20000+A0000; deploy_0 C0000+80000; deploy_1 140000+80000; ota_journal 1C0000+40000",
                string.Join("; ", layout.Table.Partitions.Select(p => $"{p.Label} {p.Offset:X}+{p.Size:X}")));
            uint end = 0x8000; // nanoBooter
            Assert.All(layout.Table.Partitions, p =>
            {
                Assert.Equal(end, p.Offset);
                Assert.Contains((int)p.Offset, layout.Sectors.In(0, 0x200000));
                end = (uint)p.End;
            });
            Assert.Equal(0x200000u, end);
            var map = new SlotMap(layout);
            Assert.Equal((0x10000u, 0x10000u, 0x1C0000u, 0x40000u), (map.Record.Offset, map.Record.Size, map.Journal.Offset, map.Journal.Size));
        }

        [Fact]
        public void Every_layout_holds_its_checks_and_has_what_an_update_needs()
        {
            Assert.All(FlashLayouts.All.Where(layout => layout.IsEsp32), layout =>
            {
                Assert.All(layout.Table.Check(layout.FlashSize), c => Assert.True(c.Ok, c.Sentence));
                Partition[] slots = [.. layout.Table.All(PartitionTypes.Data, PartitionTypes.Deploy)];
                Assert.Equal(2, slots.Length);
                Assert.Equal(slots[0].Size, slots[1].Size);
                Assert.Equal(0x8000u, layout.Table.Find("ota_state")!.Size);
                Assert.True(ImageFile.Identify(layout.Table.ToBinary()).Sound);
            });
            Assert.All(FlashLayouts.Stock.Table.Check(FlashLayouts.Stock.FlashSize), c => Assert.True(c.Ok, c.Sentence));
            Assert.Equal([false, true], new[] { FlashLayouts.All[0].IsStock, FlashLayouts.Find("stock-4mb")!.IsStock });
            Assert.Equal(FlashLayouts.All.Count, FlashLayouts.All.Select(l => l.Name).Distinct().Count());
            Assert.Null(FlashLayouts.Find("esp32-2mb"));
        }
    }
}
