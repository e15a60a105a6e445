using System.Text;
using System.Text.Json;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class ImageFileTests
    {
        [Fact]
        public void Every_format_is_told_from_the_others()
        {
            AssertIs(ImageKind.Deployment, "nanoFramework deployment of 2 assemblies, application App 1.2.3.0", "1.2.3.0", SampleImages.Deployment(new(1, 2, 3), 1000));
            AssertIs(ImageKind.Assembly, "nanoFramework assembly Washer 1.0.0.0", "1.0.0.0", DeploymentBuilder.Assembly(new("Washer", new(1, 0)) { References = [new("mscorlib", new(1, 17))] }, 1000));
            AssertIs(ImageKind.EspApplication, "ESP application image for ESP32: nanoCLR 1.16.0.123", "1.16.0.123", Vectors.Read("esp32-app-1.16.0.bin"));
            AssertIs(ImageKind.Mcuboot, "MCUboot image 1.2.3+4", "1.2.3+4", Vectors.Read("mcuboot-1.2.3+4-ecdsa-h400.bin"));
            AssertIs(ImageKind.PartitionTable, "ESP32 partition table (binary), 9 partitions", "", FlashLayouts.Find("esp32-8mb")!.Table.ToBinary());
            AssertIs(ImageKind.PartitionTable, "ESP32 partition table (csv), 9 partitions", "", Encoding.UTF8.GetBytes(FlashLayouts.Find("esp32-8mb")!.Table.ToCsv()));
        }

        [Theory]
        [InlineData("", "The file is empty.")]
        [InlineData("FFFFFFFF", "The file is erased flash (0xFF) throughout.")]
        [InlineData("7F454C4601", "Offset 0x0: the first bytes, 7f454c4601, begin no known format.")]
        [InlineData("612C622C63", "Offset 0x0: the first bytes, 612c622c63, begin no known format.")]
        [InlineData("7B2261223A312C2262223A5B312C322C332C345D7D", "Offset 0x0: the first bytes, 7b2261223a312c22, begin no known format.")]
        public void Anything_else_is_unknown_with_a_reason(string hex, string sentence)
        {
            ImageReport report = ImageFile.Identify(Convert.FromHexString(hex));
            Assert.Equal(ImageKind.Unknown, report.Kind);
            Assert.False(report.Sound);
            Assert.Equal(sentence, Assert.Single(report.Checks).Sentence);
        }

        [Theory]
        [InlineData("app,data,ota,0x9000,large", ImageKind.PartitionTable)]
        [InlineData("app,date,ota,0x9000,0x6000", ImageKind.PartitionTable)]
        [InlineData("# name\n\nnvs,1,2,,24K,", ImageKind.PartitionTable)]
        [InlineData("nvs,data,nvs,0x9000", ImageKind.Unknown)]
        [InlineData("Washer, blue, Berlin, in order, since May", ImageKind.Unknown)]
        public void A_line_with_commas_is_a_partition_when_its_type_or_size_says_so(string text, ImageKind kind)
        {
            Assert.Equal(kind, ImageFile.Identify(Encoding.UTF8.GetBytes(text)).Kind);
        }

        [Fact]
        public void A_library_alone_is_sound_although_its_references_are_not_there()
        {
            byte[] library = DeploymentBuilder.Assembly(new("Washer", new(1, 0)) { References = [new("mscorlib", new(1, 17))] }, 1000);
            ImageReport report = ImageFile.Identify(library);
            Assert.True(report.Sound);
            Assert.Contains("  needs mscorlib 1.17.0.0", report.Contents);
            Assert.False(Deployment.Read(library).Sound);
        }

        [Fact]
        public void The_samples_fit_each_other()
        {
            Deployment deployment = Deployment.Read(SampleImages.Deployment(new(1, 2, 3), SampleImages.DeploymentMinimum));
            EspImage clr = EspImage.Read(SampleImages.Esp32("1.16.0.123", SampleImages.Esp32Minimum));
            Assert.True(deployment.Sound && clr.Sound);
            Assert.All(deployment.CheckNatives(clr.Natives!), c => Assert.True(c.Ok, c.Sentence));
        }

        [Fact]
        public void A_signature_is_verified_when_a_key_is_given()
        {
            string key = File.ReadAllText(Vectors.PathOf("mcuboot-ecdsa-public.pem"));
            Assert.Contains(ImageFile.Identify(Vectors.Read("mcuboot-1.2.3+4-ecdsa-h400.bin"), key).Checks, c => c is { Ok: true, Sentence: "ECDSA signature: verified with the given key." });
            Assert.False(ImageFile.Identify(Vectors.Read("mcuboot-2.0.0-h20-padded-confirmed.bin"), key).Sound);
        }

        [Fact]
        public void A_report_can_be_written_as_JSON()
        {
            using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(ImageFile.Identify(SampleImages.Esp32("1.0.0.0", 1024))));
            Assert.True(json.RootElement.GetProperty("Sound").GetBoolean());
            Assert.Equal("Header", json.RootElement.GetProperty("Checks")[0].GetProperty("Name").GetString());
        }

        private static void AssertIs(ImageKind kind, string title, string version, byte[] bytes)
        {
            ImageReport report = ImageFile.Identify(bytes);
            Assert.Equal((kind, title, version), (report.Kind, report.Title, report.Version));
            Assert.True(report.Sound, string.Join(" ", report.Checks.Where(c => !c.Ok)));
        }
    }
}
