using System.Globalization;
using nanoOta.Tests.Documents;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Targets
{
    /// <summary>The arguments that esptool gets at the first installation, against the partition tables.</summary>
    public class FlashArgumentsTests
    {
        private const string Folder = "targets/ESP32/flash/";

        public static TheoryData<string> Names => [.. FlashLayouts.All.Select(layout => layout.Name).Where(name => name.StartsWith("esp32-", StringComparison.Ordinal))];

        [Fact]
        public void There_is_a_file_for_each_layout_and_no_other()
        {
            Assert.Equal(Names.Select(name => $"{Folder}{name.Data}.args").Order(StringComparer.Ordinal), Checkout.Files.Where(file => file.StartsWith(Folder, StringComparison.Ordinal)));
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void Files_go_where_the_layout_has_them(string name)
        {
            Assert.Empty(Faults(name, Checkout.Text($"{Folder}{name}.args")));
        }

        [Theory]
        [InlineData("0x420000", "0x422000")]
        [InlineData("0x20000 ", "0x10000 ")]
        [InlineData("0x8000 ", "0x9000 ")]
        [InlineData("8MB", "4MB")]
        [InlineData("0x1000 bootloader.bin\n", "")]
        public void A_wrong_place_is_seen(string was, string becomes)
        {
            string text = Checkout.Text(Folder + "esp32-8mb.args");
            Assert.Contains(was, text);
            Assert.NotEmpty(Faults("esp32-8mb", text.Replace(was, becomes)));
        }

        private static IEnumerable<string> Faults(string name, string text)
        {
            FlashLayout layout = FlashLayouts.Find(name)!;
            Partition? factory = layout.Table.Find("factory");
            string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Dictionary<string, uint> wanted = new()
            {
                ["partitions.bin"] = 0x8000,
                ["nanoCLR.bin"] = (factory ?? layout.Table.Find("ota_0")!).Offset,
                ["deployment.bin"] = layout.Table.Find("deploy_0")!.Offset,
            };
            if (factory == null)
            {
                wanted["bootloader.bin"] = 0x1000;
            }

            if (lines[0] != $"--flash_size {layout.FlashSize >> 20}MB")
            {
                yield return lines[0];
            }

            Dictionary<string, uint> found = lines.Skip(1).Select(line => line.Split(' ')).ToDictionary(pair => pair[1], pair => uint.Parse(pair[0][2..], NumberStyles.HexNumber));
            foreach (string file in wanted.Keys.Union(found.Keys).Where(file => !wanted.TryGetValue(file, out uint right) || !found.TryGetValue(file, out uint at) || at != right))
            {
                yield return file;
            }
        }
    }
}
