using nanoOta.Tests.Documents;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    /// <summary>The partition tables of targets/ESP32, and what its README says of them.</summary>
    public class PartitionFileTests
    {
        private const string Folder = "targets/ESP32/partitions/";

        // Larger deployments are beyond what nanoCLR maps.
        private const uint MappedAtOnce = 0x2E0000;

        // Bytes that nanoFramework's stock tables reserve for the firmware of a chip.
        private static readonly (string Chip, uint Firmware)[] _chips =
        [
            ("ESP32", 0x1D0000), ("ESP32-S2", 0x1A0000), ("ESP32-S3", 0x1A0000), ("ESP32-C3", 0x1A0000),
            ("ESP32-C5", 0x240000), ("ESP32-C6", 0x240000), ("ESP32-C61", 0x240000), ("ESP32-H2", 0x1B0000), ("ESP32-P4", 0x1A0000),
        ];

        public static TheoryData<string> Names => [.. FlashLayouts.All.Where(layout => layout.IsEsp32).Select(layout => layout.Name)];

        [Fact]
        public void There_is_a_file_for_each_layout_and_no_other()
        {
            Assert.Equal(Names.Select(name => $"{Folder}{name.Data}.csv").Order(StringComparer.Ordinal), Checkout.Files.Where(file => file.StartsWith(Folder, StringComparison.Ordinal)));
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void A_file_is_the_virtual_device_s_layout(string name)
        {
            FlashLayout layout = FlashLayouts.Find(name)!;
            Assert.Equal(layout.Table.Partitions, Read(name).Partitions);
            Assert.Empty(Faults(Read(name), layout.FlashSize));
        }

        [Theory]
        [InlineData("0x2c0000", "0x2b0000", "overlap")]
        [InlineData("0x2c0000", "0x2c0800", "multiple")]
        [InlineData("0x10000, ", "0x11000, ", "multiple")]
        [InlineData("0x3c0000, 0x40000", "0x3c0000, 0x41000", "0x400000")]
        [InlineData("0x3a0000, 0x8000", "0x3a0000, 0x7000", "ota_state")]
        [InlineData("0x2c0000, 0xe0000", "0x2c0000, 0xd0000", "equal")]
        public void A_file_with_a_mistake_is_seen(string was, string becomes, string seen)
        {
            string csv = Checkout.Text(Folder + "esp32-4mb.csv");
            Assert.Contains(was, csv);
            PartitionTableFile file = PartitionTableFile.FromCsv(csv.Replace(was, becomes));
            string[] faults = [.. file.Checks.Where(check => !check.Ok).Select(check => check.Sentence), .. Faults(file.Table, 0x400000)];
            Assert.Contains(faults, fault => fault.Contains(seen) || (seen == "overlap" && fault.Contains("before")));
        }

        [Fact]
        public void The_readme_says_of_each_chip_what_fits_and_by_how_much_it_does_not()
        {
            string readme = Checkout.Text("targets/ESP32/README.md");
            FlashLayout[] layouts = [.. FlashLayouts.All.Where(layout => layout.IsEsp32)];
            foreach ((string chip, uint firmware) in _chips)
            {
                Assert.Contains(chip, Enumerable.Range(0, 32).Select(id => EspChips.Name((ushort)id)));
                IEnumerable<string> cells = layouts.Select(layout => Room(layout) >= firmware ? "fits" : $"0x{firmware - Room(layout):X} short");
                Assert.Contains($"| {chip} | 0x{firmware:X} | {string.Join(" | ", cells)} |\n", readme);
            }

            foreach (FlashLayout layout in layouts)
            {
                string count = layout.Table.Find("ota_1") == null ? "one, " : "two of ";
                Assert.Contains($"| `partitions/{layout.Name}.csv` | {count}0x{Room(layout):X} | two of 0x{layout.Table.Find("deploy_0")!.Size:X} |", readme);
            }
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void The_addresses_on_the_page_about_ESP32_are_the_layout_s(string name)
        {
            string page = Checkout.Text("docs/esp32.md");
            PartitionTable table = FlashLayouts.Find(name)!.Table;
            uint firmware = table.Partitions.Where(p => p.Type == PartitionTypes.App).Min(p => p.Offset);
            Assert.Contains($"| `{name}` | 0x{firmware:x} | 0x{table.Find("deploy_0")!.Offset:x} |\n", page);
            Assert.Contains(name == "esp32-4mb" ? $"OTA_STATE is 0x{table.Find("ota_state")!.Offset:x} in `esp32-4mb`" : $", 0x{table.Find("ota_state")!.Offset:x} in the other two", page);
        }

        private static uint Room(FlashLayout layout)
        {
            return layout.Table.Partitions.Where(p => p.Type == PartitionTypes.App).Min(p => p.Size);
        }

        private static PartitionTable Read(string name)
        {
            PartitionTableFile file = PartitionTableFile.FromCsv(Checkout.Text($"{Folder}{name}.csv"));
            Assert.All(file.Checks, check => Assert.True(check.Ok, check.Sentence));
            return file.Table;
        }

        // ESP-IDF's rules, and what the slots need beyond them.
        private static IEnumerable<string> Faults(PartitionTable table, long flashSize)
        {
            foreach (ImageCheck check in table.Check(flashSize).Where(check => !check.Ok))
            {
                yield return check.Sentence;
            }

            Partition[] deploy = [.. table.All(PartitionTypes.Data, PartitionTypes.Deploy)];
            Partition[] apps = [.. table.Partitions.Where(p => p.Type == PartitionTypes.App)];
            if (deploy.Length != 2 || deploy[0].Size != deploy[1].Size || apps.Any(app => app.Size != apps[0].Size))
            {
                yield return "The slots of a part are not two of equal size.";
            }

            if (deploy.Any(slot => slot.Size > MappedAtOnce || slot.Size % 0x1000 != 0))
            {
                yield return "A deployment slot is larger than what nanoCLR maps, or no multiple of a sector.";
            }

            if (table.All(PartitionTypes.Data, PartitionTypes.OtaState).SingleOrDefault() is not { Size: 0x8000 })
            {
                yield return "ota_state has not eight sectors.";
            }

            if (apps.Length > 1 != table.All(PartitionTypes.Data, PartitionTypes.OtaData).Any())
            {
                yield return "otadata belongs to two firmwares.";
            }
        }
    }
}
