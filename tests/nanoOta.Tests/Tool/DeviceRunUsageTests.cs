using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    public sealed class DeviceRunUsageTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("give either --twin or --manifest-url")]
        [InlineData("give either --twin or --manifest-url", "--twin", "twin.json", "--manifest-url", "http://127.0.0.1/x.json")]
        [InlineData("--manifest-url is not an absolute", "--manifest-url", "/v1_1_0.json")]
        [InlineData("--cut-after counts from 1", "--twin", "twin.json", "--cut-after", "0")]
        [InlineData("--max-seconds must be more than 0", "--twin", "twin.json", "--max-seconds", "0")]
        [InlineData("cannot read ", "--twin", "missing.json")]
        [InlineData("cannot read ", "--twin", "twin.json", "--ca", "missing.pem")]
        [InlineData("holds no certificate in PEM", "--twin", "twin.json", "--ca", "twin.json")]
        public void Arguments_that_make_no_sense_are_refused(string reason, params string[] more)
        {
            _workshop.Write("twin.json", "{}");
            string[] args = [.. more.Select(arg => arg.EndsWith(".json", StringComparison.Ordinal) && !arg.Contains('/') || arg.EndsWith(".pem", StringComparison.Ordinal) ? _workshop.PathOf(arg) : arg)];
            Assert.Contains(reason, Refusal(_workshop.Device(), args));
        }

        [Fact]
        public void A_twin_that_is_not_json_is_refused_with_its_line()
        {
            string twin = _workshop.Write("twin.json", "{\"updateVersion\":\"1.1.0\",\n\"updateUrl\":\n");
            Assert.Contains($"{twin}, line 3: no JSON.", Refusal(_workshop.Device(), "--twin", twin));
        }

        [Theory]
        [InlineData("""{"updateversion":"1.1.0"}""", "devices do not know 'updateversion'; they know 'updateVersion'.")]
        [InlineData("""{"updateVersion":"1.1","updateUrl":"http://h/"}""", "updateVersion must be a semantic version")]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"h/?sig=SECRET"}""", "updateUrl must be an absolute http or https URL")]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"http://h/","updateShare":101}""", "updateShare must be a whole number from 0 to 100.")]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"http://h/","updateWindow":"22-5"}""", "updateWindow must be a time of the day")]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"http://h/","updateAfter":"tomorrow"}""", "updateAfter must be a UTC time")]
        [InlineData("""{"update":{"version":"1.1.0","url":"http://h/a.bin"}}""", "update must be an object with version, url, size")]
        [InlineData("""{"properties":{"desired":{"updateVersion":"1.1.0","updateUrl":"http://h/","updateRetry":[]}}}""", "updateRetry must be a number or a text")]
        public void A_property_that_devices_cannot_read_is_named_without_its_value(string desired, string sentence)
        {
            ToolResult result = ToolResult.Of("device", "run", "--state", _workshop.Device(), "--twin", _workshop.Write("twin.json", desired));
            Assert.Contains("twin.json: " + sentence, result.Error);
            Assert.DoesNotContain("SECRET", result.Error + result.Output);
        }

        [Fact]
        public void A_request_that_devices_can_read_is_not_complained_of()
        {
            const string Desired = """{"updateVersion":3,"updateUrl":"http://127.0.0.1:1/?sv=1","updateToken":"sig=1","updateRetry":7,"updateAfter":"2026-11-20T22:00:00Z","updateShare":0,"updateWindow":"22:00-04:00","fanSpeed":{"a":1},"update":null,"$version":9}""";
            Assert.Equal("", ToolResult.Of("device", "run", "--state", _workshop.Device(), "--twin", _workshop.Write("twin.json", Desired), "--max-seconds", "1").Error);
        }

        [Fact]
        public void A_folder_without_a_sound_device_is_refused()
        {
            string twin = _workshop.Write("twin.json", "{}");
            Assert.Contains("holds no device", Refusal(_workshop.PathOf("nowhere"), "--twin", twin));
            string device = _workshop.Device();
            foreach (string text in new[] { "", "{", "[]", "{}", "{\"layout\":1,\"deviceId\":2}", "{\"layout\":\"esp32-4mb\"}" })
            {
                File.WriteAllText(Path.Combine(device, "device.json"), text);
                Assert.Contains("is damaged", Refusal(device, "--twin", twin));
            }

            File.WriteAllText(Path.Combine(device, "device.json"), "{\"layout\":\"esp32-8mb\",\"deviceId\":\"x\"}");
            Assert.Contains("has 4194304 bytes; layout esp32-8mb has 8388608", Refusal(device, "--twin", twin));
            File.WriteAllText(Path.Combine(device, "device.json"), "{\"layout\":\"none\",\"deviceId\":\"x\"}");
            Assert.Contains("no layout 'none'", Refusal(device, "--twin", twin));
            File.Delete(Path.Combine(device, "flash.bin"));
            File.WriteAllText(Path.Combine(device, "device.json"), "{\"layout\":\"esp32-4mb\",\"deviceId\":\"x\"}");
            Assert.Contains("cannot read ", Refusal(device, "--twin", twin));
        }

        private static string Refusal(string device, params string[] more)
        {
            return ToolResult.Refusal(ExitCode.Usage, ["device", "run", "--state", device, .. more]);
        }
    }
}
