using System.Text.Json.Nodes;
using nanoOta.Tool;
using nanoOta.Tool.Fleet;
using nanoOta.Tool.Serving;

namespace nanoOta.Tests.Tool
{
    /// <summary>A request on the LAN that widens and pauses itself by what devices report to <c>serve</c>.</summary>
    public sealed class LanCanaryTests : IDisposable
    {
        private const int Share = 30;

        private readonly Workshop _workshop = new();
        private readonly ManualTime _time = new();
        private readonly List<string> _told = [];

        private string Folder => _workshop.PathOf("firmware");

        // Devices of the first share, and others.
        private static string[] Canaries => [.. Ids.Where(First.TakesIn).Take(2)];

        private static string[] Others => [.. Ids.Where(id => !First.TakesIn(id)).Take(2)];

        private static IEnumerable<string> Ids => Enumerable.Range(0, 100).Select(i => $"dev-{i}");

        private static Rollout First => new() { Group = new DeviceGroup("", ""), Version = "1.1.0", Container = "", Percent = Share };

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void A_good_version_goes_from_the_canaries_to_everybody()
        {
            LanCanary canary = Begin("--pause-on-failure", "1");
            Array.ForEach(Others, id => Report(canary, id, "1.0.0", "waiting"));
            Report(canary, Canaries[0], "1.1.0", "idle");
            Report(canary, Canaries[1], "1.0.0", "downloading");
            canary.Look();
            Assert.Equal(Share, (int)Offer()["updateShare"]!);
            Report(canary, Canaries[1], "1.1.0", "idle");
            canary.Look();
            Assert.Contains("2 devices took 1.1.0: widened from 30 to 100 %.", _told);
            Assert.Null(Offer()["updateShare"]);
            canary.Look();
            Assert.NotNull(Offer()["watch"]);
            Array.ForEach(Others, id => Report(canary, id, "1.1.0", "idle"));
            canary.Look();
            Assert.Equal("1.1.0 is rolled out: 4 devices run it, 0 failed.", _told[^1]);
            Assert.True(JsonNode.DeepEquals(new JsonObject { ["updateVersion"] = "1.1.0" }, Offer()));
        }

        [Fact]
        public void A_device_on_trial_widens_nothing()
        {
            LanCanary canary = Begin();
            Array.ForEach(Canaries, id => Report(canary, id, "1.1.0", "trial"));
            canary.Look();
            Assert.Equal(Share, (int)Offer()["updateShare"]!);
        }

        [Fact]
        public void A_step_lasts_as_long_as_devices_may_take_to_ask()
        {
            LanCanary canary = Begin("--step-minutes", "60");
            Array.ForEach(Canaries, id => Report(canary, id, "1.1.0", "idle"));
            canary.Look();
            Assert.Equal(Share, (int)Offer()["updateShare"]!);
            _time.Pass(TimeSpan.FromMinutes(61));
            canary.Look();
            Assert.Null(Offer()["updateShare"]);
        }

        [Theory]
        [InlineData("--pause-on-failure", "1")]
        [InlineData("--step-minutes", "0")]
        public void A_bad_version_is_paused_and_pauses_again_until_the_limit_is_raised(params string[] more)
        {
            LanCanary canary = Begin(more);
            Array.ForEach(Canaries, id => Report(canary, id, "1.0.0", "idle", 700));
            canary.Look();
            Assert.StartsWith("PAUSED: ", _told[^1]);
            JsonObject offer = Offer();
            Assert.True(offer.ContainsKey("updateVersion") && offer["updateVersion"] == null);
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--resume").ExitCode);
            Assert.Equal("1.1.0", (string?)Offer()["updateVersion"]);
            canary.Look();
            Assert.Null(Offer()["updateVersion"]);
        }

        [Fact]
        public void A_server_that_was_ended_goes_on_with_what_was_reported()
        {
            LanCanary canary = Begin();
            Report(canary, Canaries[0], "1.1.0", "idle");
            Report(canary, Canaries[1], "1.0.0", "downloading");
            canary.Look();
            LanCanary next = Canary();
            Report(next, Canaries[1], "1.1.0", "idle");
            next.Look();
            Assert.Contains("2 devices took 1.1.0: widened from 30 to 100 %.", _told);
        }

        [Fact]
        public void A_file_that_somebody_is_writing_ends_nothing()
        {
            LanCanary canary = Begin();
            string path = Path.Combine(Folder, "offer.json");
            string good = File.ReadAllText(path);
            foreach (string bad in new[] { "{\"updateVersion\":", """{"updateVersion":"1.1.0","watch":{"plan":"x"}}""", """{"updateVersion":"1.1.0","watch":{"plan":"5-100","since":7}}""", """{"updateVersion":{"a":1}}""", """{"updateVersion":"1.1.0","watch":{"plan":"5-100","minutes":1e300,"since":"2026-01-01T00:00:00Z"}}""",
                """{"updateVersion":"1.1.0","watch":{"plan":"5-500","since":"2026-01-01T00:00:00Z"}}""", """{"updateVersion":"1.1.0","watch":{"plan":"5-100","pauseAt":"few","since":"2026-01-01T00:00:00Z"}}""",
                """{"updateVersion":"1.1.0","updateShare":"5","watch":{"plan":"5-100","since":"2026-01-01T00:00:00Z"}}""", """{"updateVersion":"1.1.0","updateShare":-5,"watch":{"plan":"5-100","since":"2026-01-01T00:00:00Z"}}""" })
            {
                File.WriteAllText(path, bad);
                canary.Look();
                Assert.Contains("offer.json", _told[^1]);
            }

            File.WriteAllText(path, good);
            Array.ForEach(Canaries, id => Report(canary, id, "1.1.0", "idle"));
            canary.Look();
            Assert.Null(Offer()["updateShare"]);
        }

        [Fact]
        public async Task While_a_command_writes_the_request_it_is_not_widened()
        {
            LanCanary canary = Begin();
            Array.ForEach(Canaries, id => Report(canary, id, "1.1.0", "idle"));
            Task look;
            using (LanOffer.Hold(Folder))
            {
                look = Task.Run(canary.Look, TestContext.Current.CancellationToken);
                Assert.NotSame(look, await Task.WhenAny(look, Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken)));
                File.WriteAllText(Path.Combine(Folder, "offer.json"), $$"""{"updateVersion":null,"paused":{{Offer().ToJsonString()}}}""");
            }

            await look;
            Assert.Equal((null, Share), ((string?)Offer()["updateVersion"], (int)Offer()["paused"]!["updateShare"]!));
        }

        [Fact]
        public void A_whole_number_is_a_version_as_for_devices()
        {
            _workshop.Pack("1.1.0");
            _workshop.Write("firmware/offer.json", "{\"updateVersion\":5}");
            Assert.Equal(0, ToolResult.Of("pause", Folder).ExitCode);
            Assert.Equal("5.0.0", (string?)Offer()["paused"]!["updateVersion"]);
            _workshop.Write("firmware/offer.json", "{\"updateVersion\":[]}");
            Assert.Contains("updateVersion is [], which is no version", ToolResult.Refusal(ExitCode.Usage, "pause", Folder));
        }

        [Theory]
        [InlineData("4294967296")]
        [InlineData("9223372036854775807")]
        public void A_whole_number_as_the_version_is_as_large_as_devices_read_it(string number)
        {
            _workshop.Pack("1.1.0");
            _workshop.Write("firmware/offer.json", $$"""{"updateVersion":{{number}}}""");
            Assert.Equal(0, ToolResult.Of("pause", Folder).ExitCode);
            Assert.Equal($"{number}.0.0", (string?)Offer()["paused"]!["updateVersion"]);
        }

        [Theory]
        [InlineData("9223372036854775808", "write a semantic version, or a whole number N from 0 to 9223372036854775807 for N.0.0.")]
        [InlineData("-1", "which is no version")]
        [InlineData("1.5", "which is no version")]
        public void What_cannot_be_the_version_is_named_with_its_file(string json, string reason)
        {
            _workshop.Pack("1.1.0");
            string path = _workshop.Write("firmware/offer.json", $$"""{"updateVersion":{{json}}}""");
            string before = File.ReadAllText(path);
            foreach (string[] command in new string[][] { ["pause", Folder], ["rollout", Folder, "--percent", "5"] })
            {
                string sentence = ToolResult.Refusal(ExitCode.Usage, command);
                Assert.Contains($"{path}: updateVersion is {json}, which is no version", sentence);
                Assert.Contains(reason, sentence);
            }

            Assert.Equal(before, File.ReadAllText(path));
        }

        [Fact]
        public void Reports_that_are_damaged_are_not_passed_over()
        {
            _workshop.Pack("1.1.0");
            _workshop.Write("firmware/.reports.json", "{");
            Assert.Contains("Restore it, or delete it", ToolResult.Refusal(ExitCode.Usage, "serve", Folder, "--port", "0"));
        }

        [Fact]
        public void The_agent_that_ships_passes_over_the_plan_and_its_reports_bring_it_to_an_end()
        {
            _workshop.Pack("1.1.0");
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--canary", "100", "--pause-on-failure", "1", "--step-minutes", "0").ExitCode);
            using var serve = new ServingTool("serve", Folder, "--json");
            ToolResult run = ToolResult.Of("device", "run", "--state", _workshop.Device(), "--manifest-url", serve.Url + "offer.json", "--json");
            Assert.True((0, "1.1.0") == (run.ExitCode, (string?)run.Last["version"]), run.Output);
            Assert.Equal("1.1.0 is rolled out: 1 devices run it, 0 failed.", (string?)serve.Event("finished")["text"]);
        }

        [Theory]
        [InlineData("--canary is from 1 to 100", "--canary", "0")]
        [InlineData("--widen goes with --canary", "--widen", "50")]
        [InlineData("--percent does not go with --canary", "--canary", "5", "--percent", "10")]
        [InlineData("--pause-on-failure is a number", "--canary", "5", "--pause-on-failure", "few")]
        [InlineData("the request has no plan", "--pause-on-failure", "2")]
        [InlineData("--renew is for a hub", "--renew")]
        [InlineData("--watch is for a hub", "--watch")]
        public void What_makes_no_sense_on_the_LAN_is_refused(string reason, params string[] args)
        {
            _workshop.Pack("1.1.0");
            Assert.Contains(reason, ToolResult.Refusal(ExitCode.Usage, ["rollout", Folder, .. args]));
            Assert.False(File.Exists(Path.Combine(Folder, "offer.json")));
        }

        private LanCanary Begin(params string[] more)
        {
            _workshop.Pack("1.1.0");
            string[] minutes = more.Contains("--step-minutes") ? [] : ["--step-minutes", "0"];
            ToolResult rollout = ToolResult.Of(["rollout", Folder, "--canary", $"{Share}", .. minutes, .. more]);
            Assert.True(rollout.ExitCode == 0, rollout.Error);

            // From when the command wrote that the step began.
            _time.Pass(DateTimeOffset.UtcNow - _time.GetUtcNow());
            return Canary();
        }

        private LanCanary Canary() => new(Folder, (line, _) => _told.Add(line), _time);

        private JsonObject Offer() => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "offer.json")))!.AsObject();

        private static void Report(LanCanary canary, string id, string current, string state, int last = 0)
        {
            var ota = new JsonObject { ["current"] = current, ["target"] = state is "downloading" or "waiting" ? "1.1.0" : null, ["state"] = state };
            if (last != 0)
            {
                ota["last"] = new JsonObject { ["code"] = last, ["version"] = "1.1.0" };
            }

            // As it comes over the network.
            canary.Reported(id, JsonNode.Parse(ota.ToJsonString())!.AsObject());
        }
    }
}
