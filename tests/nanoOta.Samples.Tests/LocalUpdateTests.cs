namespace nanoOta.Samples.Tests
{
    public sealed class LocalUpdateTests : IDisposable
    {
        private const string Manifest = "washer/latest.json";

        private readonly SampleBench _bench = new("LocalUpdate", "esp32-4mb", "updates.example");

        public LocalUpdateTests()
        {
            _bench.Server.Publish(Manifest, "1.1.0", ("deployment", "1.1.0", SampleBench.Image("1.1.0")));
        }

        public void Dispose() => _bench.Dispose();

        [Fact]
        public void Main_updates_the_device_from_the_factorys_image_to_a_confirmed_version()
        {
            _bench.RunUntilPrinted("update: last result 1");

            Assert.Equal(("1.1.0", "1.1.0", 1), (_bench.Device.Version, _bench.Device.Confirmed, _bench.Device.Reboots));
            Assert.Contains("update: 1.0.0 runs, rebooting, 100 %", _bench.Device.Console);
            Assert.Contains("update: 1.1.0 runs, confirming, 0 %", _bench.Device.Console);
            Assert.Empty(_bench.Device.Uncaught);
            _bench.HasPrintedWhatItsReadmeShows();
        }

        [Fact]
        public void A_version_whose_pump_does_not_answer_is_rolled_back_and_not_tried_again()
        {
            _bench.Break("1.1.0");

            _bench.RunUntilPrinted("update: last result 700");
            Assert.Equal(("1.0.0", null, 2), (_bench.Device.Version, _bench.Device.Confirmed, _bench.Device.Reboots));
            TimeSpan later = _bench.Device.Clock.Elapsed + TimeSpan.FromHours(3);
            _bench.RunUntil(() => _bench.Device.Clock.Elapsed > later);

            // The power came on once more, for the second run.
            Assert.Equal(("1.0.0", 2), (_bench.Device.Version, _bench.Device.Reboots));
            Assert.DoesNotContain(_bench.Device.Console.SkipWhile(line => line != "update: last result 700"), line => line.Contains("downloading"));
        }

        [Fact]
        public void Without_a_network_at_the_start_it_is_updated_once_there_is_one()
        {
            _bench.Network.IsThere = false;
            _bench.RunUntil(() =>
            {
                _bench.Network.IsThere |= _bench.Device.Clock.Elapsed > TimeSpan.FromMinutes(20);
                return _bench.Device.Confirmed == "1.1.0";
            });

            Assert.Contains("update: last result 500", _bench.Device.Console);
            Assert.InRange(_bench.Device.Clock.Elapsed, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(90));
        }

        [Fact]
        public void A_power_cut_anywhere_in_the_update_is_survived()
        {
            int cuts = 0;
            foreach (int operation in new[] { 1, 12, 23, 34, 45 })
            {
                using var bench = new SampleBench("LocalUpdate", "esp32-4mb", "updates.example");
                bench.Server.Publish(Manifest, "1.1.0", ("deployment", "1.1.0", SampleBench.Image("1.1.0")));
                bench.Flash.CutAt = operation;
                cuts += bench.RunUntilPowerCut() ? 1 : 0;
                bench.Flash.PowerOn();

                bench.RunUntil(() => bench.Device.Confirmed == "1.1.0");
            }

            Assert.True(cuts >= 3, $"{cuts} cuts");
        }
    }
}
