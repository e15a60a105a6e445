using System.Text.Json.Nodes;
using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Azure
{
    /// <summary>Whole updates of a virtual device that hears of them from a hub, with the agent and the channel as they ship.</summary>
    public sealed class TwinUpdateTests
    {
        private const int Size = 200_000;
        private const string Host = ClientBench.Host;
        private const string Rubbish = "\"theirs\":\"caf\\u002B\"";

        private readonly LocalHub _hub = new(Host, "virtual", ClientBench.Key);
        private readonly List<HubConnection> _connections = [];
        private Bench _bench = null!;
        private HubMemory _memory = null!;

        public TwinUpdateTests()
        {
            DeviceCloud.Hub = _hub;
            Use(new Bench());
        }

        private static string Request => $"\"updateVersion\":\"1.1.0\",\"updateUrl\":\"{Bench.Container}\"";

        private JsonNode Ota => JsonNode.Parse(_hub.Twin.Text)!["reported"]!["ota"]!;

        [Fact]
        public void A_request_in_the_twin_leads_to_a_confirmed_update_and_the_twin_says_so()
        {
            _hub.Twin.ReplaceDesired($"{{{Request}}}");
            Assert.Equal(RunEnd.Settled, _bench.Run());
            AssertApplied();
            Assert.Equal(("1.1.0", "idle", (int)ResultCode.Applied, "1.1.0"), ((string?)Ota["current"], (string?)Ota["state"], (int?)Ota["last"]!["code"], (string?)Ota["last"]!["version"]));
            Assert.Equal(0, _memory.Refusals);
        }

        [Theory]
        [InlineData(SelfTestMode.Pass, ResultCode.Applied, "1.1.0")]
        [InlineData(SelfTestMode.Fail, ResultCode.SelfTestFailed, "1.0.0")]
        [InlineData(SelfTestMode.Hang, ResultCode.TrialHung, "1.0.0")]
        public void An_STM32_says_in_the_twin_how_the_trial_ended_and_what_it_runs(SelfTestMode selfTest, ResultCode result, string current)
        {
            Use(new Bench("stm32f769-2mb") { SelfTest = selfTest });
            _hub.Twin.ReplaceDesired($"{{{Request}}}");
            Assert.Equal(RunEnd.Settled, _bench.Run());
            Assert.Equal((current, "idle", (int)result, "1.1.0"), ((string?)Ota["current"], (string?)Ota["state"], (int?)Ota["last"]!["code"], (string?)Ota["last"]!["version"]));
            Assert.Equal((current, 0), (_bench.Status.Current, _memory.Refusals));
            Assert.Null(_bench.Flash.Misuse);
        }

        [Fact]
        public void A_patch_to_a_device_at_rest_leads_to_a_confirmed_update()
        {
            At(TimeSpan.FromMinutes(10), () => _hub.PatchDesired($"{{{Request}}}"));
            RunUntilApplied();
            AssertApplied();
        }

        [Fact]
        public void A_direct_method_leads_to_a_confirmed_update()
        {
            At(TimeSpan.FromMinutes(10), () => _hub.CallMethod("update", $"{{{Request}}}"));
            RunUntilApplied();
            AssertApplied();
        }

        [Fact]
        public void A_direct_method_leads_to_a_confirmed_update_though_the_twin_holds_rubbish_of_another_team()
        {
            _hub.Twin.ReplaceDesired($"{{{Rubbish}}}");
            At(TimeSpan.FromMinutes(10), () => _hub.CallMethod("update", $"{{{Request}}}"));
            RunUntilApplied();
            Assert.Contains(_bench.Log, line => line.Contains("application=1.1.0.0 trial=True"));
            Assert.Equal("1.1.0", _bench.Status.Current);
            Assert.Equal("1.1.0", (string?)Ota["current"]);
        }

        [Fact]
        public void A_twin_full_of_what_the_client_can_read_and_nobody_here_wants_does_not_matter()
        {
            _hub.Twin.ReplaceDesired($$"""{"a":[1,{"update":null}],"updated":true,"update_":{"version":5},{{Request}},"date":"2026-11-20T10:00:00Z"}""");
            _bench.Run();
            AssertApplied();
        }

        [Fact]
        public void A_device_that_lost_its_connection_for_a_day_updates_when_it_is_back()
        {
            At(TimeSpan.FromMinutes(10), () =>
            {
                _hub.Faults.Unreachable = true;
                _hub.Drop();
                _hub.Twin.ReplaceDesired($"{{{Request}}}");
            });
            At(TimeSpan.FromDays(1), () => _hub.Faults.Unreachable = false);
            RunUntilApplied();
            AssertApplied();
            Assert.InRange(_bench.Clock!.Elapsed.TotalHours, 24, 25);
        }

        [Fact]
        public void A_connection_that_drops_every_four_seconds_delays_an_update_and_no_more()
        {
            _hub.Twin.ReplaceDesired($"{{{Request}}}");
            Every(TimeSpan.FromSeconds(4), _hub.Drop);
            RunUntilApplied();
            AssertApplied();
            Assert.Contains(_connections, connection => connection.Fault is MqttCommunicationException);
        }

        [Fact]
        public void A_hub_that_throttles_for_five_minutes_delays_an_update_and_no_more()
        {
            _hub.Twin.ReplaceDesired($"{{{Request}}}");
            Enumerable.Repeat(429, 6).ToList().ForEach(_hub.Faults.Codes.Enqueue);
            RunUntilApplied();
            AssertApplied();
        }

        [Fact]
        public void A_cancel_by_method_is_heard_between_two_turns()
        {
            TakesTime(2000);
            _hub.Twin.ReplaceDesired($"{{{Request}}}");
            Every(TimeSpan.FromMilliseconds(100), () =>
            {
                if (_bench.Server.ImageBytesRead > 0)
                {
                    _hub.CallMethod("cancel", "null");
                }
            });
            _bench.Run();
            Assert.Equal((ResultCode.Cancelled, "1.0.0"), (_bench.Status.LastCode, _bench.Status.Current));
            Assert.InRange(_bench.Server.ImageBytesRead, 4096, Size / 2);
        }

        [Fact]
        public void During_the_download_each_turn_leaves_its_progress_in_the_twin()
        {
            _hub.Twin.ReplaceDesired($"{{{Request}}}");
            TakesTime(5000);
            _bench.Run();
            string[] states = [.. _hub.Reports.Select(report => JsonNode.Parse(report)!["ota"]!).Select(ota => $"{ota["state"]} {ota["progress"]}")];
            Assert.Superset(new HashSet<string> { "checking 0", "rebooting 100" }, states.ToHashSet());

            // Ten blocks of 5 s a turn are a fifth of the image.
            int[] progress = [.. states.Where(state => state.StartsWith("downloading", StringComparison.Ordinal)).Select(state => int.Parse(state.Split(' ')[1]))];
            Assert.Equal(progress.Order(), progress);
            Assert.InRange(progress.Distinct().Count(), 4, 6);
        }

        private void Use(Bench bench)
        {
            _bench = bench;
            _bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", Size)));
            _bench.MakeChannel = options =>
            {
                var connection = new HubConnection(options, () => new DeviceClient(Host, "virtual", ClientBench.Key));
                _connections.Add(connection);
                return new TwinChannel(options, connection);
            };

            _memory = new HubMemory(_hub);
            _bench.Network = _memory.Over;
        }

        // Each read from the server of files.
        private void TakesTime(int milliseconds)
        {
            _bench.Server.OnRead = _ =>
            {
                _bench.Clock!.Skip(milliseconds);
                return ResultCode.None;
            };
        }

        private void AssertApplied()
        {
            Assert.True((ResultCode.Applied, "1.1.0") == (_bench.Status.LastCode, _bench.Status.Current), string.Join("\n", _bench.Log));
            Assert.Equal("1.1.0", (string?)Ota["current"]);
        }

        // The device is idle before anybody requests anything: it runs on until it is done.
        private void RunUntilApplied()
        {
            _bench.KeepsRunning = () => _bench.Status.Current != "1.1.0" || _bench.Device!.Slots!.IsOnTrial;
            _bench.Run();
        }

        private void At(TimeSpan time, Action work) => _bench.OnClock += clock => clock.Schedule.Add((long)time.TotalMilliseconds, null, work);

        private void Every(TimeSpan time, Action work)
        {
            _bench.OnClock += clock => Plan(clock);

            void Plan(VirtualClock clock)
            {
                clock.Schedule.Add((long)time.TotalMilliseconds, null, () =>
                {
                    work();
                    Plan(clock);
                });
            }
        }
    }
}
