using System.Text.Json.Nodes;
using nanoOta.Tool;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tests.Fleet
{
    /// <summary>A canary widens when a device of its share has passed the trial, and for no other reason, also over a network that breaks.</summary>
    public sealed class CanaryShareTests : IDisposable
    {
        private const int Devices = 10;

        private static readonly DeviceGroup _group = new("washer", "field");
        private readonly FleetScene _scene = new(Devices);
        private readonly BreakingNetwork _network = new();

        public void Dispose()
        {
            _scene.Dispose();
        }

        [Fact]
        public async Task A_device_on_trial_has_not_applied_so_that_a_self_test_that_fails_late_widens_nothing()
        {
            using var hold = new ManualResetEventSlim();
            int looks = 0;
            _scene.Devices.ReportTrials = true;
            _scene.Devices.Outcome = (_, _) =>
            {
                hold.Wait(TestContext.Current.CancellationToken);
                return ResultCode.SelfTestFailed;
            };
            Rollout rollout = OneDevice("1");
            (ExitCode code, string output) = await RunAsync(rollout, () =>
            {
                looks += OnTrial() > 0 ? 1 : 0;
                if (looks == 3)
                {
                    hold.Set();
                }
            });
            Assert.Equal(ExitCode.Paused, code);
            Assert.DoesNotContain("widened", output);
            Assert.True(rollout.TakesIn(Assert.Single(_scene.Devices.Begun).Device));
        }

        [Fact]
        public async Task A_version_that_nobody_took_is_paused_even_without_a_limit()
        {
            _scene.Devices.Outcome = (_, _) => ResultCode.SelfTestFailed;
            (ExitCode code, string output) = await RunAsync(OneDevice(null), () => { });
            Assert.Equal(ExitCode.Paused, code);
            Assert.DoesNotContain("widened", output);
            Assert.Contains("PAUSED: none of the 1 devices that decided took 1.1.0", output);
        }

        [Fact]
        public async Task A_share_without_a_device_widens_nothing_and_says_which_percentage_has_one()
        {
            Rollout one = OneDevice(null);
            Rollout none = one with { Percent = one.Percent - 1, Plan = [one.Percent - 1, 100] };
            int looks = 0;
            using var stop = new CancellationTokenSource();
            using HubClient hub = Hub(() =>
            {
                if (++looks == 10)
                {
                    stop.Cancel();
                }
            });
            await new Rollouts(hub).WriteAsync(none, null, 10, 0, TestContext.Current.CancellationToken);
            var text = new StringWriter();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Canary(hub, new Output(text, text, json: false, terminal: false)).RunAsync(_group, stop.Token));
            Assert.DoesNotContain("widened", text.ToString());
            Assert.Contains($"takes in none of them, and nothing widens until a device took the version: nanoota rollout washer field --percent {one.Percent} --watch", text.ToString());
            Assert.Empty(_scene.Devices.Begun);
        }

        [Fact]
        public void A_canary_that_takes_in_nobody_is_refused_with_the_smallest_that_takes_in_one()
        {
            int least = OneDevice(null).Percent;
            string sentence = _scene.Refusal(ExitCode.NoTarget, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--canary", $"{least - 1}");
            Assert.Contains($"takes in none of the {Devices} devices", sentence);
            Assert.EndsWith($"--canary {least}.", sentence);
            Assert.Contains("--canary is from 1 to 100", _scene.Refusal(ExitCode.Usage, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--canary", "0"));
            Assert.Empty(_scene.Hub.ListConfigurations());
        }

        [Fact]
        public async Task A_network_that_is_away_for_a_while_does_not_end_the_watch()
        {
            int waits = 0;
            (ExitCode code, string output) = await RunAsync(OneDevice("1"), () => _network.IsAway = ++waits < 40, isAway: true);
            Assert.True(code == ExitCode.Done, output);
            Assert.Contains("cannot be reached", output);
            Assert.Contains("Watching goes on.", output);
            Assert.Equal(Devices, _scene.Devices.Begun.Count);
        }

        [Fact]
        public async Task A_step_whose_answer_was_lost_is_found_again()
        {
            _network.DeletesToLose = 9;
            (ExitCode code, string output) = await RunAsync(OneDevice("1"), () => { });
            Assert.True(code == ExitCode.Done, output);
            Assert.Equal(Devices, _scene.Devices.Begun.Count);
        }

        [Fact]
        public async Task A_pause_is_tried_until_it_is_written_and_is_not_taken_for_somebody_else()
        {
            _network.DeletesToLose = 9;
            _scene.Devices.Outcome = (_, _) => ResultCode.SelfTestFailed;
            (ExitCode code, string output) = await RunAsync(OneDevice("1"), () => { });
            Assert.True(code == ExitCode.Paused, output);
            Assert.Contains("PAUSED: 1 devices of 1 that decided failed; the limit is 1", output);
            Assert.InRange(_network.DeletesToLose, int.MinValue, 8);
            FleetScene.Await(() => _scene.Ids().All(id => _scene.Desired(id)["updateVersion"] == null), "the request is taken out of the twins");
        }

        private int OnTrial() => _scene.Ids().Count(id => (string?)_scene.Hub.GetTwin(id).Json["properties"]!["reported"]!["ota"]?["state"] == "trial");

        private HubClient Hub(Action each)
        {
            return new HubClient(HubAddress.Parse(_scene.Connection), _network)
            {
                Delay = (_, stop) =>
                {
                    each();
                    return Task.Delay(20, stop);
                },
            };
        }

        private async Task<(ExitCode Code, string Output)> RunAsync(Rollout rollout, Action each, bool isAway = false)
        {
            using HubClient hub = Hub(each);
            await new Rollouts(hub).WriteAsync(rollout, null, 10, 0, TestContext.Current.CancellationToken);
            _network.IsAway = isAway;
            var text = new StringWriter();
            ExitCode code = await new Canary(hub, new Output(text, text, json: false, terminal: false)).RunAsync(_group, TestContext.Current.CancellationToken);
            return (code, text.ToString());
        }

        // The smallest percentage that takes in a device takes in one.
        private Rollout OneDevice(string? pauseAt)
        {
            var rollout = new Rollout { Group = _group, Version = "1.1.0", Container = "http://127.0.0.1/www", PauseAt = pauseAt };
            int least = rollout.LeastPercent(_scene.Ids());
            return rollout with { Percent = least, Plan = [least, 100] };
        }

        private sealed class BreakingNetwork : DelegatingHandler
        {
            public BreakingNetwork()
                : base(new SocketsHttpHandler())
            {
            }

            public bool IsAway { get; set; }

            /// <summary>The step is written then, and the configuration before it is not deleted.</summary>
            public int DeletesToLose { get; set; }

            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                return IsAway || (request.Method == HttpMethod.Delete && DeletesToLose-- > 0) ? throw new HttpRequestException("away") : base.SendAsync(request, cancellationToken);
            }
        }
    }
}
