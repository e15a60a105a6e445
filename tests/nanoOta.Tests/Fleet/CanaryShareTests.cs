using System.Text.Json.Nodes;
using nanoOta.Tool;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tests.Fleet
{
    /// <summary>A canary widens when a device of its share has passed the trial, and for no other reason.</summary>
    public sealed class CanaryShareTests : IDisposable
    {
        private const int Devices = 10;

        private readonly FleetScene _scene = new(Devices);

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
                looks += OnTrial().Count > 0 ? 1 : 0;
                if (looks == 3)
                {
                    hold.Set();
                }
            });
            Assert.Equal(ExitCode.Paused, code);
            Assert.DoesNotContain("widened", output);
            Assert.Equal(rollout.TakesIn, id => _scene.Devices.Begun.Any(begun => begun.Device == id), _scene.Ids());
        }

        private IReadOnlyList<string> OnTrial() => [.. _scene.Hub.DeviceIds.Where(id => (string?)_scene.Hub.GetTwin(id).Json["properties"]!["reported"]!["ota"]?["state"] == "trial")];

        // The smallest percentage that takes in a device.
        private static Rollout OneDevice(string? pauseAt)
        {
            var rollout = new Rollout { Group = new DeviceGroup("washer", "field"), Version = "1.1.0", Container = "http://127.0.0.1/www", PauseAt = pauseAt };
            return Enumerable.Range(1, 99).Select(percent => rollout with { Percent = percent, Plan = [percent, 100] }).First(some => Ids.Any(some.TakesIn));
        }
    }
}
