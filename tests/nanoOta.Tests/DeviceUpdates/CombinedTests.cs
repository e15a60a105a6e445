using nanoOta.Tests.Devices;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>Plain update requests and Device Update on one device, over one connection.</summary>
    public sealed class CombinedTests
    {
        private const string Request = $"\"updateVersion\":\"1.2.0\",\"updateUrl\":\"{Bench.Container}\"";
        private readonly DeploymentBench _bench = new(combined: true);

        public CombinedTests()
        {
            _bench.Device.Publish("1.2.0", ("deployment", "1.2.0", Bench.Deployment("1.2.0", 200_000)));
        }

        private string Current => _bench.Device.Status.Current;

        [Fact]
        public void Either_alone_is_followed_by_the_same_channel()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.Run();
            Assert.Equal(("1.1.0", "1.1"), (Current, _bench.Installed));
            _bench.Hub.Twin.ReplaceDesired($"{{{Request}}}");
            _bench.Run();
            Assert.Equal(("1.2.0", "1.2.0", "1.2.0"), (Current, _bench.Installed, (string?)_bench.Reported["ota"]!["current"]));
        }

        [Fact]
        public void When_both_wait_at_the_start_Device_Update_wins_and_the_plain_request_is_followed_afterwards()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1"))[..^1] + "," + Request + "}");
            _bench.Run();
            Assert.Contains("state 0 of workflow-1, result 700, installed 1.1", _bench.Told);
            Assert.Contains(_bench.Device.Log, line => line.Contains("application=1.1.0.0 trial=True"));
            Assert.Equal("1.2.0", Current);
            Assert.Equal(["state 0", "state 0, installed 1.2.0"], _bench.Told[^2..]);
        }

        [Fact]
        public void A_request_during_a_plain_update_is_rejected_as_busy_and_followed_when_that_is_done()
        {
            string manifest = _bench.Publish("1.3");
            _bench.Hub.Twin.ReplaceDesired($"{{{Request}}}");
            _bench.AtBytes(50_000, () => _bench.Hub.PatchDesired(DeploymentBench.Request(manifest)));
            _bench.Run();
            Assert.Contains("answer 406 to 3: nanoOta 12", _bench.Told);
            Assert.Contains(_bench.Device.Log, line => line.Contains("application=1.2.0.0 trial=True"));
            Assert.Equal(("1.3.0", "1.3"), (Current, _bench.Installed));
        }

        [Fact]
        public void A_plain_request_during_a_deployment_waits()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1", 200_000)));
            _bench.AtBytes(50_000, () => _bench.Hub.PatchDesired($"{{{Request}}}"));
            _bench.Run();
            Assert.Contains("state 0 of workflow-1, result 700, installed 1.1", _bench.Told);
            Assert.Equal("1.2.0", Current);
        }

        [Fact]
        public void A_rejected_request_does_not_keep_a_plain_request_waiting()
        {
            string manifest = _bench.Publish("1.1");
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest + " ", signature: Service.Sign(manifest))[..^1] + "," + Request + "}");
            _bench.Run();
            Assert.Contains("answer 406 to 2: nanoOta 514", _bench.Told);
            Assert.Equal("1.2.0", Current);
        }
    }
}
