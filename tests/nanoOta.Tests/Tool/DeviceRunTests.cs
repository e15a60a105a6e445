using System.Text.Json.Nodes;

namespace nanoOta.Tests.Tool
{
    public sealed class DeviceRunTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void An_update_is_fetched_tried_and_confirmed()
        {
            _workshop.Pack("1.1.0");
            string device = _workshop.Device();
            ToolResult run = _workshop.Request(device, "1.1.0");
            JsonObject last = run.Last;
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.Equal(
                ["event", "version", "slot", "state", "resultCode", "code", "result", "bytesFetched", "bytesCopied", "bytesPatched", "stateWrites", "flashOps", "reboots", "reported"],
                last.Select(member => member.Key));
            Assert.Equal(("settled", "1.1.0", "deploy_1", "idle"), ((string?)last["event"], (string?)last["version"], (string?)last["slot"], (string?)last["state"]));
            Assert.Equal((1, "Applied", "Installed and confirmed."), ((int)last["resultCode"]!, (string?)last["code"], (string?)last["result"]));
            Assert.Equal(40000 + new FileInfo(_workshop.PathOf("firmware/v1_1_0.json")).Length, (long)last["bytesFetched"]!);
            Assert.Equal(1, (int)last["reboots"]!);
            Assert.Equal("1.1.0", (string?)last["reported"]!["ota"]!["current"]);
            Assert.Equal(["boot", "state"], run.Events[..2].Select(e => (string?)e["event"]));
            Assert.Contains(run.Events, e => (string?)e["state"] == "downloading" && (int)e["progress"]! is > 0 and < 100);
            Assert.Contains(run.Events, e => (string?)e["event"] == "boot" && (string?)e["application"] == "1.1.0.0" && (bool)e["trial"]!);

            AssertEnds(_workshop.Request(device, "1.1.0"), 0, "1.1.0", "Applied", flashOps: 0);
        }

        [Theory]
        [InlineData("fail", "SelfTestFailed")]
        [InlineData("hang", "TrialHung")]
        [InlineData("crash", "TrialCrashed")]
        public void A_version_that_fails_its_test_is_rolled_back_and_not_tried_again(string test, string code)
        {
            _workshop.Pack("1.1.0");
            string device = _workshop.Device();
            AssertEnds(_workshop.Request(device, "1.1.0", "--self-test", test), 3, "1.0.0", code);
            AssertEnds(_workshop.Request(device, "1.1.0"), 3, "1.0.0", code, flashOps: 0);
        }

        [Fact]
        public void The_played_self_test_is_that_of_a_trial_only()
        {
            AssertEnds(_workshop.Twin(_workshop.Device(), "{}", "--self-test", "crash"), 0, "1.0.0", "None");
        }

        [Theory]
        [InlineData("{}", "None")]
        [InlineData("{\"telemetry\":{\"interval\":5}}", "None")]
        [InlineData("{\"updateVersion\":\"1.0.0\"}", "None")]
        [InlineData("{\"updateVersion\":1}", "None")]
        public void Without_a_request_or_with_one_that_is_met_nothing_happens(string desired, string code)
        {
            AssertEnds(_workshop.Twin(_workshop.Device(), desired), 0, "1.0.0", code, flashOps: 0);
        }

        [Theory]
        [InlineData("[]", "OfferMalformed")]
        [InlineData("{\"updateVersion\":\"one\"}", "VersionMalformed")]
        [InlineData("{\"updateVersion\":\"1.1.0\"}", "UrlMissing")]
        [InlineData("{\"updateVersion\":\"1.1.0\",\"updateUrl\":\"ftp://x/y\"}", "UrlMalformed")]
        [InlineData("{\"updateVersion\":\"1.1.0\",\"update\":{}}", "OfferAmbiguous")]
        public void A_request_that_cannot_be_followed_is_the_devices_business(string desired, string code)
        {
            AssertEnds(_workshop.Twin(_workshop.Device(), desired), 3, "1.0.0", code);
        }

        [Fact]
        public void A_twin_may_begin_with_a_byte_order_mark()
        {
            AssertEnds(_workshop.Twin(_workshop.Device(), "\uFEFF{}"), 0, "1.0.0", "None");
        }

        [Fact]
        public void A_tampered_image_is_refused()
        {
            _workshop.Pack("1.1.0");
            string path = _workshop.PathOf("firmware/v1_1_0.bin");
            byte[] image = File.ReadAllBytes(path);
            image[20000] ^= 1;
            File.WriteAllBytes(path, image);
            AssertEnds(_workshop.Request(_workshop.Device(), "1.1.0"), 3, "1.0.0", "HashMismatch");
        }

        [Fact]
        public void A_file_that_is_not_there_is_said_to_be_missing()
        {
            string device = _workshop.Device();
            AssertEnds(_workshop.Request(device, "1.1.0"), 3, "1.0.0", "NotFound");
            _workshop.Pack("1.1.0");
            File.Delete(_workshop.PathOf("firmware/v1_1_0.bin"));
            AssertEnds(_workshop.Request(device, "1.1.0"), 3, "1.0.0", "NotFound");
        }

        [Fact]
        public void An_update_for_another_target_or_to_an_older_version_is_refused()
        {
            string device = _workshop.Device();
            _workshop.Pack("0.9.0");
            AssertEnds(_workshop.Request(device, "0.9.0"), 3, "1.0.0", "NotNewer");
            _workshop.Pack("1.1.0", "--target", "ESP32_S3");
            AssertEnds(_workshop.Request(device, "1.1.0"), 3, "1.0.0", "WrongTarget");
        }

        [Fact]
        public void Waiting_for_tomorrow_takes_no_time()
        {
            _workshop.Pack("1.1.0");
            string desired = $$"""{"updateVersion":"1.1.0","updateUrl":"{{_workshop.Container}}","updateAfter":"{{DateTime.UtcNow.AddDays(20):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""";
            ToolResult run = _workshop.Twin(_workshop.Device(), desired);
            AssertEnds(run, 0, "1.1.0", "Applied");
            Assert.Contains(run.Events, e => (string?)e["waiting"] == "NotYet");
        }

        [Fact]
        public void A_device_that_waits_for_what_does_not_come_is_not_settled()
        {
            _workshop.Pack("1.1.0");
            string desired = $$"""{"updateVersion":"1.1.0","updateUrl":"{{_workshop.Container}}","updateShare":0}""";
            ToolResult run = _workshop.Twin(_workshop.Device(), desired);
            AssertEnds(run, 5, "1.0.0", "None", last: "unsettled");
            Assert.Equal(("waiting", (int)ResultCode.PercentageNotReached), ((string?)run.Last["state"], (int)run.Last["reported"]!["ota"]!["waiting"]!));
        }

        [Fact]
        public void The_time_for_a_run_can_be_limited()
        {
            using var slow = new Workshop(bytesPerSecond: 20000);
            slow.Pack("1.1.0");
            AssertEnds(slow.Request(slow.Device(), "1.1.0", "--max-seconds", "0.05"), 5, "1.0.0", "None", last: "unsettled");
        }

        [Fact]
        public void A_manifest_can_be_watched_instead_of_a_twin()
        {
            _workshop.Pack("1.1.0");
            string[] args = ["device", "run", "--state", _workshop.Device(), "--manifest-url", _workshop.Container + "/v1_1_0.json", "--json"];
            AssertEnds(ToolResult.Of(args), 0, "1.1.0", "Applied");
            AssertEnds(ToolResult.Of(args), 0, "1.1.0", "Applied");
            File.Delete(_workshop.PathOf("firmware/v1_1_0.json"));
            AssertEnds(ToolResult.Of(args), 3, "1.1.0", "NotFound");
        }

        [Fact]
        public void The_version_that_a_watched_manifest_brings_is_reported_as_the_target()
        {
            _workshop.Pack("1.1.0", "--target", "ESP32_S3");
            ToolResult run = ToolResult.Of("device", "run", "--state", _workshop.Device(), "--manifest-url", _workshop.Container + "/v1_1_0.json", "--json");
            AssertEnds(run, 3, "1.0.0", "WrongTarget");
            Assert.Equal("1.1.0", (string?)run.Last["reported"]!["ota"]!["target"]);
        }

        [Fact]
        public void A_device_whose_firmware_is_gone_is_dead()
        {
            string device = _workshop.Device();
            using (FileStream flash = File.OpenWrite(Path.Combine(device, "flash.bin")))
            {
                flash.Position = 0x10000;
                flash.Write(new byte[4096]);
            }

            ToolResult run = _workshop.Twin(device, "{}");
            Assert.Equal(4, run.ExitCode);
            Assert.Equal("""{"event":"dead","reason":"The bootloader finds no firmware image that is whole."}""", Assert.Single(run.Events).ToJsonString());
            Assert.Contains("dead: The bootloader", ToolResult.Of("device", "run", "--state", device, "--twin", _workshop.PathOf("twin.json")).Output);
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void For_people_the_story_is_told_in_lines(bool terminal)
        {
            _workshop.Pack("1.1.0");
            string twin = _workshop.Write("update request.json", $$"""{"updateVersion":"1.1.0","updateUrl":"{{_workshop.Container}}"}""");
            var output = new StringWriter { NewLine = "\n" };
            Assert.Equal(0, nanoOta.Tool.CommandLine.Run(["device", "run", "--state", _workshop.Device(), "--twin", twin], output, TextWriter.Null, terminal, TestContext.Current.CancellationToken));
            Assert.Contains("boot: application 1.1.0.0 from deploy_1, on trial", output.ToString());
            Assert.Contains("1.1.0 runs from deploy_1. Last result 1, Applied: Installed and confirmed.", output.ToString());
        }

        [Fact]
        public void What_opens_a_container_is_never_printed()
        {
            _workshop.Pack("1.1.0");
            string device = _workshop.Device();
            string[] desired =
            [
                $$"""{"updateVersion":"1.1.0","updateUrl":"{{_workshop.Container}}","updateToken":"sig=SECRET"}""",
                $$"""{"updateVersion":"1.2.0","updateUrl":"{{_workshop.Container}}?sig=SECRET"}""",
                $$"""{"update":{"version":"1.3.0","url":"{{_workshop.Container}}/x","size":1,"sha256":"{{new string('0', 64)}}","sas":"sig=SECRET"} }""",
            ];
            foreach (string twin in desired)
            {
                ToolResult run = _workshop.Twin(_workshop.Copy(device), twin);
                ToolResult text = ToolResult.Of("device", "run", "--state", _workshop.Copy(device), "--twin", _workshop.PathOf("twin.json"));
                Assert.DoesNotContain("SECRET", run.Output + run.Error + text.Output + text.Error);
            }
        }

        private static void AssertEnds(ToolResult run, int exit, string version, string code, int? flashOps = null, string last = "settled")
        {
            JsonObject e = run.Last;
            Assert.True((last, exit, version, code) == ((string?)e["event"], run.ExitCode, (string?)e["version"], (string?)e["code"]), run.Output);
            Assert.Equal(flashOps ?? (int)e["flashOps"]!, (int)e["flashOps"]!);
        }
    }
}
