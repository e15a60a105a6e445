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
