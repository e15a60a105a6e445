using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tests.Devices;
using nanoOta.Tests.Signing;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>What an update manifest becomes for the agent, and why one is rejected although it is genuine.</summary>
    public sealed class ManifestTests
    {
        private static readonly byte[] _image = Bench.Deployment("1.1.0");
        private readonly DeviceUpdateOptions _options = new() { Manufacturer = "Contoso", Model = "Washer", CompatibilityNames = ["board"], CompatibilityValues = ["2"] };

        [Fact]
        public void A_file_with_size_and_hash_becomes_a_component_and_its_url_is_the_request_s()
        {
            Assert.Equal(ResultCode.None, Read(DeploymentBench.Manifest("1.1", _image), out DeviceUpdateManifest manifest));
            ManifestComponent component = Assert.Single(manifest.Update.Components);
            Assert.Equal(("deployment", "1.1.0", _image.Length), (component.Id, component.Version.Text, component.Size));
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(_image), component.Sha256);
            Assert.Equal([DeploymentBench.Files + "f1.bin"], component.Urls);
        }

        [Fact]
        public void The_published_manifest_of_version_4_is_read()
        {
            _options.Manufacturer = "ESPRESSIF";
            _options.Model = "ESP32-Azure-IoT-Kit";
            string text = File.ReadAllText(TestFiles.PathOf("adu", "adu-freertos-valid-manifest-v4.json"));
            Assert.Equal(ResultCode.None, Read(text, out DeviceUpdateManifest manifest, "fc3558477982e3235"));
            Assert.Equal(("""{"provider":"ESPRESSIF","name":"ESP32-Azure-IoT-Kit","version":"1.1"}""", "1.1.0", 866128), (manifest.Id, manifest.Update.Version.Text, manifest.Update.Components[0].Size));
        }

        [Theory]
        [InlineData("\"manifestVersion\":\"5\"", "\"manifestVersion\":\"4\"", ResultCode.None)]
        [InlineData("\"manifestVersion\":\"5\"", "\"manifestVersion\":\"5.0\"", ResultCode.None)]
        [InlineData("\"manifestVersion\":\"5\"", "\"manifestVersion\":\"3\"", ResultCode.SchemaUnknown)]
        [InlineData("\"manifestVersion\":\"5\"", "\"manifestVersion\":\"51\"", ResultCode.SchemaUnknown)]
        [InlineData("\"manifestVersion\":\"5\"", "\"manifestVersion\":null", ResultCode.SchemaUnknown)]
        [InlineData("\"manifestVersion\":\"5\",", "", ResultCode.SchemaUnknown)]
        [InlineData("\"createdDateTime\"", "\"detachedManifestFileId\":\"f1\",\"createdDateTime\"", ResultCode.SchemaUnknown)]
        [InlineData("\"version\":\"1.1\"", "\"version\":\"1.1.0.0\"", ResultCode.None)]
        [InlineData("\"version\":\"1.1\"", "\"version\":\"1.1.0.1\"", ResultCode.VersionMalformed)]
        [InlineData("\"version\":\"1.1\"", "\"version\":\"1\"", ResultCode.VersionMalformed)]
        [InlineData("\"version\":\"1.1\"", "\"version\":null", ResultCode.VersionMalformed)]
        [InlineData("\"provider\":\"Contoso\"", "\"provider\":\"Fabrikam\"", ResultCode.WrongProduct)]
        [InlineData("\"name\":\"Washer\"", "\"name\":\"Dryer\"", ResultCode.WrongProduct)]
        [InlineData("\"model\":\"Washer\"", "\"model\":\"Dryer\"", ResultCode.WrongTarget)]
        [InlineData("\"model\":\"Washer\"", "\"model\":\"Washer\",\"board\":\"2\"", ResultCode.None)]
        [InlineData("\"model\":\"Washer\"", "\"model\":\"Washer\",\"board\":\"3\"", ResultCode.WrongTarget)]
        [InlineData("\"model\":\"Washer\"", "\"model\":\"Washer\",\"colour\":\"red\"", ResultCode.WrongTarget)]
        [InlineData("[{\"manufacturer\"", "[{\"manufacturer\":\"x\"},{\"manufacturer\"", ResultCode.None)]
        [InlineData("{\"manufacturer\":\"Contoso\",\"model\":\"Washer\"}", "{\"deviceManufacturer\":\"Contoso\",\"deviceModel\":\"Washer\"}", ResultCode.None)]
        [InlineData("{\"manufacturer\":\"Contoso\",\"model\":\"Washer\"}", "{}", ResultCode.WrongTarget)]
        [InlineData("{\"manufacturer\":\"Contoso\",\"model\":\"Washer\"}", "", ResultCode.WrongTarget)]
        [InlineData("nanoota/image:1", "microsoft/swupdate:1", ResultCode.None)]
        [InlineData("nanoota/image:1", "microsoft/apt:1", ResultCode.ComponentUnknown)]
        [InlineData("\"handler\":\"nanoota/image:1\",", "\"type\":\"reference\",\"detachedManifestFileId\":\"f1\",", ResultCode.ComponentUnknown)]
        [InlineData("\"files\":[\"f1\"]", "\"files\":[]", ResultCode.ManifestMalformed)]
        [InlineData("\"files\":[\"f1\"]", "\"files\":[\"f2\"]", ResultCode.ManifestMalformed)]
        [InlineData("\"files\":[\"f1\"]", "\"files\":[\"f1\",\"f1\"]", ResultCode.ManifestMalformed)]
        [InlineData("\"files\":[\"f1\"]", "\"files\":[1]", ResultCode.ManifestMalformed)]
        [InlineData("\"fileName\":\"washer.bin\",", "", ResultCode.ManifestMalformed)]
        [InlineData("\"sizeInBytes\":20000", "\"sizeInBytes\":0", ResultCode.ManifestMalformed)]
        [InlineData("\"sizeInBytes\":20000", "\"sizeInBytes\":2147483647", ResultCode.None)]
        [InlineData("\"sizeInBytes\":20000", "\"sizeInBytes\":2147483648", ResultCode.ManifestMalformed)]
        [InlineData("\"sizeInBytes\":20000,", "", ResultCode.ManifestMalformed)]
        [InlineData("\"sha256\"", "\"sha1\"", ResultCode.ManifestMalformed)]
        [InlineData("\"sha256\":\"", "\"sha256\":\"AAAA", ResultCode.ManifestMalformed)]
        [InlineData("\"steps\":[", "\"steps\":[],\"more\":[", ResultCode.ManifestMalformed)]
        [InlineData("{\"manifestVersion\"", " x{\"manifestVersion\"", ResultCode.ManifestMalformed)]
        public void Each_part_is_judged(string part, string instead, ResultCode code)
        {
            string text = DeploymentBench.Manifest("1.1", _image);
            string changed = text.Replace(part, instead);
            Assert.NotEqual(text, changed);
            Assert.Equal(code, Read(changed, out _));
        }

        [Theory]
        [InlineData("{\"deviceManufacturer\":\"Fabrikam\"}", ResultCode.None)]
        [InlineData("{\"deviceManufacturer\":\"Contoso\"}", ResultCode.WrongTarget)]
        [InlineData("{\"deviceModel\":\"Rev7\"}", ResultCode.None)]
        [InlineData("{\"deviceModel\":\"Washer\"}", ResultCode.WrongTarget)]
        [InlineData("{\"manufacturer\":\"Contoso\",\"deviceManufacturer\":\"Fabrikam\",\"model\":\"Washer\",\"deviceModel\":\"Rev7\"}", ResultCode.None)]
        public void A_property_that_the_device_itself_calls_by_an_older_name_is_its_own(string compatibility, ResultCode code)
        {
            _options.CompatibilityNames = ["deviceManufacturer", "deviceModel"];
            _options.CompatibilityValues = ["Fabrikam", "Rev7"];
            Assert.Equal(code, Read(DeploymentBench.Manifest("1.1", _image, compatibility: compatibility), out _));
        }

        [Fact]
        public void Steps_and_handler_properties_say_which_component_a_file_is_and_whether_a_downgrade_is_meant()
        {
            JsonNode text = JsonNode.Parse(DeploymentBench.Manifest("2.0", _image))!;
            text["instructions"]!["steps"] = JsonNode.Parse("""
                [{"handler":"nanoota/image:1","files":["f1","f2"],"handlerProperties":{"counter":7,"allowDowngrade":true}},
                 {"handler":"nanoota/image:1","files":["f3"],"handlerProperties":{"component":"motor","installedCriteria":"3.1"}}]
                """);
            text["files"]!["f2"] = text["files"]!["f1"]!.DeepClone();
            text["files"]!["f2"]!["fileName"] = "washer.clr.bin";
            text["files"]!["f3"] = text["files"]!["f1"]!.DeepClone();
            Assert.Equal(ResultCode.None, Read(text.ToJsonString(), out DeviceUpdateManifest manifest, "f1", "f2", "f3"));
            Assert.Equal(["deployment 2.0.0", "clr 2.0.0", "motor 3.1.0"], manifest.Update.Components.Select(component => $"{component.Id} {component.Version.Text}"));
            Assert.Equal((7u, true, 2), (manifest.Update.Counter, manifest.Update.AllowDowngrade, manifest.Steps));
        }

        [Fact]
        public void A_step_with_one_file_may_name_the_parts_of_its_image()
        {
            JsonNode text = JsonNode.Parse(DeploymentBench.Manifest("1.1", _image, "\"parts\":\"GH8AAGbF207RF1Yp\""))!;
            Assert.Equal(ResultCode.None, Read(text.ToJsonString(), out DeviceUpdateManifest manifest));
            Assert.Equal("GH8AAGbF207RF1Yp", Assert.Single(manifest.Update.Components).Parts);
            text["instructions"]!["steps"]![0]!["files"] = new JsonArray("f1", "f2");
            text["files"]!["f2"] = text["files"]!["f1"]!.DeepClone();
            text["files"]!["f2"]!["fileName"] = "washer.clr.bin";
            Assert.Equal(ResultCode.None, Read(text.ToJsonString(), out manifest, "f1", "f2"));
            Assert.All(manifest.Update.Components, component => Assert.Null(component.Parts));
        }

        [Fact]
        public void A_file_without_a_url_or_with_one_that_is_none_is_refused()
        {
            Assert.Equal(ResultCode.UrlMissing, Read(DeploymentBench.Manifest("1.1", _image), out _, "f2"));
            var desired = DeploymentBench.Request("{}", url: "ftp://x/f1");
            Assert.Equal(ResultCode.UrlMalformed, DeviceUpdateManifest.Read(Encoding.UTF8.GetBytes(DeploymentBench.Manifest("1.1", _image)), Request(desired), _options, out _));
        }

        [Fact]
        public void Twenty_files_and_ten_steps_are_read_and_no_more()
        {
            Assert.Equal(ResultCode.None, Read(Large(20, 8), out _, [.. Enumerable.Range(1, 20).Select(i => "f" + i)]));
            Assert.Equal(ResultCode.ManifestMalformed, Read(Large(21, 8), out _, [.. Enumerable.Range(1, 20).Select(i => "f" + i)]));
            Assert.Equal(ResultCode.ManifestMalformed, Read(Large(20, 9), out _, [.. Enumerable.Range(1, 20).Select(i => "f" + i)]));
            Assert.Equal(ResultCode.ManifestMalformed, Read(Large(20, 11), out _, [.. Enumerable.Range(1, 20).Select(i => "f" + i)]));
        }

        [Fact]
        public void Whatever_is_changed_in_a_manifest_reading_it_ends_with_a_result()
        {
            string text = DeploymentBench.Manifest("1.1", _image, "\"installedCriteria\":\"1.1\"");
            var random = new Random(3);
            for (int round = 0; round < 3000; round++)
            {
                int at = random.Next(text.Length);
                int length = random.Next(1, 12);
                string changed = (round % 3) switch
                {
                    0 => text.Remove(at, Math.Min(length, text.Length - at)),
                    1 => text.Insert(at, "{}[]\",:0nt\\"[random.Next(11)].ToString()),
                    _ => text[..at],
                };
                ResultCode code = Read(changed, out DeviceUpdateManifest manifest);
                Assert.True(code != ResultCode.None || manifest.Update.Components.All(component => component.Size > 0 && component.Sha256.Length == 32));
            }
        }

        private static string Large(int files, int steps)
        {
            JsonNode text = JsonNode.Parse(DeploymentBench.Manifest("2.0", _image))!;
            JsonNode file = text["files"]!["f1"]!.DeepClone();
            text["files"] = new JsonObject(Enumerable.Range(1, files).Select(i => KeyValuePair.Create("f" + i, (JsonNode?)file.DeepClone())));
            text["instructions"]!["steps"] = new JsonArray([.. Enumerable.Range(1, steps).Select(i => JsonNode.Parse($$$"""{"handler":"nanoota/image:1","files":["f{{{i}}}"],"handlerProperties":{"component":"c{{{i}}}"}}"""))]);
            return text.ToJsonString();
        }

        private static DeviceUpdateRequest Request(string patch)
        {
            byte[] text = Encoding.UTF8.GetBytes(patch);
            var json = new JsonReader(text, 0, text.Length, 12, 256);
            json.Read();
            return DeviceUpdateRequest.Read(new JsonValues(json, DeviceUpdateRequest.Paths));
        }

        private ResultCode Read(string text, out DeviceUpdateManifest manifest, params string[] files)
        {
            files = files.Length == 0 ? ["f1"] : files;
            string urls = string.Join(",", files.Select(id => $"\"{id}\":\"{DeploymentBench.Files}{id}.bin\""));
            string desired = $"{{\"deviceUpdate\":{{\"service\":{{\"fileUrls\":{{{urls}}}}}}}}}";
            return DeviceUpdateManifest.Read(Encoding.UTF8.GetBytes(text), Request(desired), _options, out manifest);
        }
    }
}
