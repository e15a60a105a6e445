using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tests.Fleet
{
    /// <summary>A rollout that watches itself: it widens, it pauses, and it can be left and taken up again anywhere.</summary>
    public sealed class CanaryTests : IDisposable
    {
        private const int Devices = 30;

        private static readonly string[] _quick = ["--poll", "0.1"];
        private readonly FleetScene _scene = new(Devices);

        public void Dispose()
        {
            _scene.Dispose();
        }

        [Fact]
        public void A_good_version_goes_from_the_canaries_to_everybody()
        {
            ToolResult deploy = _scene.Deploy("1.1.0", ["--canary", "20", "--widen", "50,100", "--pause-on-failure", "2", .. _quick]);
            Assert.True(deploy.ExitCode == 0, deploy.Error);
            Assert.Equal([50, 100], deploy.Events.Where(e => (string?)e["event"] == "widened").Select(e => (int)e["percent"]!));
            Assert.Equal(Devices, _scene.Devices.Begun.Count);
            Assert.Equal((Devices, 0), ((int)deploy.Events.Last(e => (string?)e["event"] == "progress")["counts"]!["applied"]!, (int)deploy.Events.Last(e => (string?)e["event"] == "progress")["counts"]!["failed"]!));
        }

        [Fact]
        public void A_bad_version_stops_at_the_canaries_and_the_request_is_taken_out_of_every_twin()
        {
            _scene.Devices.Outcome = (_, version) => version == "1.2.0" ? ResultCode.SelfTestFailed : ResultCode.Applied;
            ToolResult deploy = _scene.Deploy("1.2.0", ["--canary", "30", "--pause-on-failure", "2", .. _quick]);
            Assert.True((int)ExitCode.Paused == deploy.ExitCode, deploy.Error + deploy.Output);
            var rollout = new Rollout { Group = new DeviceGroup("washer", "field"), Version = "1.2.0", Container = "", Percent = 30 };
            Assert.All(_scene.Devices.Begun, begun => Assert.True(rollout.TakesIn(begun.Device)));
            Assert.InRange(_scene.Devices.Begun.Count, 2, Devices / 2);
            FleetScene.Await(() => Enumerable.Range(0, Devices).All(i => _scene.Desired($"dev-{i}")["updateVersion"] == null), "the request is taken out of the twins");

            ToolResult status = _scene.Run("status", "washer", "field");
            Assert.Contains("paused", status.Output);
            Assert.Contains($"SelfTestFailed (700), {_scene.Devices.Begun.Count} devices: Rolled back: the self-test failed. {Advice.For(ResultCode.SelfTestFailed)}", status.Output);
            Assert.Contains("reason 'pump'", status.Output);
            Assert.Contains($"versions: 1.0.0 on {Devices}", status.Output);

            // The mended build goes to all of them.
            ToolResult good = _scene.Deploy("1.2.1", ["--canary", "30", "--pause-on-failure", "2", .. _quick]);
            Assert.True(good.ExitCode == 0, good.Error);
            Assert.Contains($"versions: 1.2.1 on {Devices}", _scene.Run("status", "washer", "field").Output);
        }

        [Fact]
        public async Task A_rollout_that_is_left_with_Ctrl_C_is_taken_up_again_by_another_computer()
        {
            using var stop = new CancellationTokenSource();

            // One canary never decides, so that the first step lasts.
            var rollout = new Rollout { Group = new DeviceGroup("washer", "field"), Version = "1.1.0", Container = "", Percent = 30 };
            string slow = Enumerable.Range(0, Devices).Select(i => $"dev-{i}").First(rollout.TakesIn);
            using var hold = new ManualResetEventSlim();
            _scene.Devices.Outcome = (device, _) =>
            {
                if (device == slow)
                {
                    hold.Wait(TestContext.Current.CancellationToken);
                }

                return ResultCode.Applied;
            };
            Task<ToolResult> first = Task.Run(() => _scene.Run(stop.Token, ["deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--canary", "30", .. _quick]), TestContext.Current.CancellationToken);
            FleetScene.Await(() => !_scene.Devices.Begun.IsEmpty, "a canary begins");
            stop.Cancel();
            ToolResult left = await first;
            Assert.Equal((int)ExitCode.Interrupted, left.ExitCode);
            Assert.Contains("Go on: nanoota rollout washer field --watch", left.Error);
            hold.Set();
            ToolResult second = _scene.Run(["rollout", "washer", "field", "--watch", .. _quick]);
            Assert.True(second.ExitCode == 0, second.Error);
            Assert.Contains($"1.1.0 is rolled out to washer / field: {Devices} of {Devices} devices run it, 0 failed.", second.Output);
        }

        [Fact]
        public void Ctrl_C_says_how_to_go_on()
        {
            ToolResult ended = _scene.Run(new CancellationToken(canceled: true), "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field");
            Assert.Equal((int)ExitCode.Interrupted, ended.ExitCode);
            Assert.Contains("run the command again", ended.Error);
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
        }

        [Fact]
        public void A_rollback_brings_everybody_back_by_a_manifest_that_a_real_agent_follows()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            FleetScene.Await(() => _scene.Devices.Begun.Count == Devices, "all take 1.1.0");
            Assert.Equal(0, _scene.Deploy("1.2.0", "--counter", "5").ExitCode);
            FleetScene.Await(() => _scene.Devices.Begun.Count == 2 * Devices, "all take 1.2.0");
            byte[] old = File.ReadAllBytes(_scene.Workshop.PathOf("www/v1_1_0.json"));
            ToolResult back = _scene.Run("rollback", "washer", "field", "--json");
            Assert.True(back.ExitCode == 0, back.Error);
            FleetScene.Await(() => _scene.Devices.Begun.Count(begun => begun.Version == "1.1.0") == 2 * Devices, "all take 1.1.0 again");
            Assert.Equal(old, File.ReadAllBytes(_scene.Workshop.PathOf("www/v1_1_0.json")));
            JsonNode desired = _scene.Desired("dev-0");
            Assert.Equal(("1.1.0", _scene.Workshop.Server.Url + "www/back-6"), ((string?)desired["updateVersion"], (string?)desired["updateUrl"]));

            // The agent that ships: to 1.2.0 with counter 5, then back.
            string device = _scene.Workshop.Device();
            Assert.Equal("1.2.0", (string?)_scene.Workshop.Twin(device, $$"""{"updateVersion":"1.2.0","updateUrl":"{{_scene.Workshop.Server.Url}}www"}""").Last["version"]);
            ToolResult run = _scene.Workshop.Twin(device, $$"""{"updateVersion":"1.1.0","updateUrl":"{{(string?)desired["updateUrl"]}}"}""");
            Assert.True((0, "1.1.0") == (run.ExitCode, (string?)run.Last["version"]), run.Output);
        }

        [Fact]
        public void A_signed_version_goes_back_with_a_key_alone()
        {
            string key = _scene.Workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            Assert.Equal(0, _scene.Deploy("1.1.0", "--key", key).ExitCode);
            Assert.Equal(0, _scene.Run(["status", "washer", "field", "--watch", .. _quick]).ExitCode);
            Assert.Equal(0, _scene.Deploy("1.2.0", "--key", key).ExitCode);
            Assert.Contains("give the key by --key", _scene.Refusal(ExitCode.Usage, "rollback", "washer", "field"));
            ToolResult back = _scene.Run("rollback", "washer", "field", "--key", key);
            Assert.True(back.ExitCode == 0, back.Error);
            Assert.Equal(0, ToolResult.Of("verify", Assert.Single(Directory.GetFiles(_scene.Workshop.PathOf("www"), "v1_1_0.jws", SearchOption.AllDirectories), path => path.Contains("back-")), "--key", key).ExitCode);
            Assert.Contains("does not hold 1.0.0", _scene.Refusal(ExitCode.NoTarget, "rollback", "washer", "field", "--to", "1.0.0", "--key", key));
        }

        [Theory]
        [InlineData(null, 9, 9, false)]
        [InlineData("2", 1, 100, false)]
        [InlineData("2", 2, 100, true)]
        [InlineData("2%", 1, 100, false)]
        [InlineData("2%", 2, 100, true)]
        [InlineData("2%", 1, 1, true)]
        [InlineData("2%", 0, 0, false)]
        [InlineData("few", 0, 5, false)]
        [InlineData("few", 1, 5, true)]
        [InlineData("few%", 1, 5, true)]
        public void The_limit_is_a_number_of_devices_or_a_part_of_those_that_decided(string? limit, long bad, long decided, bool pauses)
        {
            Assert.Equal(pauses, FailureLimit.IsReached(limit, bad, decided));
        }
    }
}
