namespace nanoOta.Samples.Tests
{
    public sealed class LocalUpdateTests : IDisposable
    {
        private const string Manifest = "washer/latest.json";

        private readonly SampleBench _bench = new("LocalUpdate", "esp32-4mb", "updates.example");

        public void Dispose() => _bench.Dispose();

        [Fact]
        public void Main_updates_the_device_from_the_factorys_image_to_a_confirmed_version()
        {
            _bench.Server.Publish(Manifest, "1.1.0", ("deployment", "1.1.0", SampleBench.Image("1.1.0")));

            _bench.RunUntilPrinted("update: 1.1.0 runs, idle, .*");

            Assert.Equal(("1.1.0", "1.1.0", 1), (_bench.Device.Version, _bench.Device.Confirmed, _bench.Device.Reboots));
            Assert.Contains("update: 1.0.0 runs, rebooting, 100 %", _bench.Device.Console);
            Assert.Contains("update: 1.1.0 runs, confirming, 100 %", _bench.Device.Console);
            Assert.Equal("update: last result 1", _bench.Device.Console[^1]);
            Assert.Empty(_bench.Device.Uncaught);
        }

        [Fact]
        public void A_version_whose_pump_does_not_answer_is_rolled_back_and_not_tried_again()
        {
            _bench.Break("1.1.0");
            _bench.Server.Publish(Manifest, "1.1.0", ("deployment", "1.1.0", SampleBench.Image("1.1.0")));

            _bench.RunUntilPrinted("update: last result (?!0$).*");
        }

        [Fact]
        public void Without_a_network_at_the_start_it_is_updated_once_there_is_one()
        {
            _bench.Network.IsThere = false;
            _bench.Server.Publish(Manifest, "1.1.0", ("deployment", "1.1.0", SampleBench.Image("1.1.0")));
            TimeSpan at = TimeSpan.FromMinutes(20);

            _bench.RunUntil(() => _bench.Device.Clock.Elapsed >= at);
            Assert.Equal("1.0.0", _bench.Device.Version);
        }
    }
}
