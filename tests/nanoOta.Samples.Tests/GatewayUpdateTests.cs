namespace nanoOta.Samples.Tests
{
    public sealed class GatewayUpdateTests : IDisposable
    {
        private readonly TwinBench _twin = new("GatewayUpdate", "esp32-4mb", "washer-30aea4cc1234");

        public GatewayUpdateTests()
        {
            _twin.Cloud.Gateway = "gateway.example";
            _twin.Bench.Provide(@"I:\gateway.pem", TestServer.Stranger());
            _twin.Request("1.1.0");
        }

        public void Dispose() => _twin.Dispose();

        [Fact]
        public void Main_reaches_its_hub_through_the_gateway_and_updates_the_device_to_a_confirmed_version()
        {
            _twin.RunUntilReported(ResultCode.Applied);

            Assert.Equal(("1.1.0", "1.1.0", 1), (_twin.Bench.Device.Version, _twin.Bench.Device.Confirmed, _twin.Bench.Device.Reboots));
            Assert.Equal(0, _twin.Service.Registrations);
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
        public void Without_the_gateway_the_hub_is_not_reached()
        {
            _twin.Cloud.Gateway = null;

            _twin.Bench.RunUntil(() => _twin.Bench.Device.Clock.Elapsed > TimeSpan.FromMinutes(30));

            Assert.Equal(0, _twin.Cloud.Connects);
        }
    }
}
