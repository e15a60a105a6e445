namespace nanoOta.Samples.Tests
{
    public sealed class Stm32UpdateTests : IDisposable
    {
        private readonly TwinBench _twin = new("Stm32Update", "stm32f769-2mb", "washer-0280e1000001", @"D:\device.key");

        public Stm32UpdateTests()
        {
            _twin.Bench.Network.IsWifi = false;
            _twin.Bench.Network.MacAddress = [0x02, 0x80, 0xE1, 0x00, 0x00, 0x01];
            _twin.Request("1.1.0");
        }

        public void Dispose() => _twin.Dispose();

        [Fact]
        public void Main_waits_for_an_address_and_updates_the_device_to_a_confirmed_version()
        {
            _twin.RunUntilReported(ResultCode.Applied);

            Assert.Equal(("1.1.0", "1.1.0", 1), (_twin.Bench.Device.Version, _twin.Bench.Device.Confirmed, _twin.Bench.Device.Reboots));
            Assert.Equal("deploy_1", (string?)_twin.Reported!["slot"]);
            _twin.Bench.HasPrintedWhatItsReadmeShows();
        }

        [Fact]
        public void A_version_whose_pump_does_not_answer_is_rolled_back_and_reported()
        {
            _twin.Bench.Break("1.1.0");

            _twin.RunUntilReported(ResultCode.SelfTestFailed);

            Assert.Equal("1.0.0", _twin.Bench.Device.Version);
        }

        [Fact]
        public void Without_a_cable_at_the_start_it_is_updated_once_there_is_one()
        {
            _twin.Bench.Network.IsThere = false;
            _twin.Bench.RunUntilPrinted("network: not yet");
            _twin.Bench.Network.IsThere = true;

            _twin.RunUntilReported(ResultCode.Applied);
        }
    }
}
