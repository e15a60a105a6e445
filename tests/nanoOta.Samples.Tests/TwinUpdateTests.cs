using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Samples.Tests
{
    public sealed class TwinUpdateTests : IDisposable
    {
        private readonly TwinBench _twin = new("TwinUpdate", "esp32-4mb", "washer-30aea4cc1234");

        public TwinUpdateTests()
        {
            _twin.Request("1.1.0");
        }

        private SampleBench Bench => _twin.Bench;

        public void Dispose() => _twin.Dispose();

        [Fact]
        public void Main_joins_the_network_is_assigned_its_hub_and_updates_the_device_to_a_confirmed_version()
        {
            _twin.RunUntilReported(ResultCode.Applied);

            Assert.Equal(("1.1.0", "1.1.0", 1), (Bench.Device.Version, Bench.Device.Confirmed, Bench.Device.Reboots));
            Assert.Equal("1.1.0", (string?)_twin.Reported!["current"]);
            Assert.Equal(2, _twin.Service.Registrations);
            Assert.Empty(Bench.Device.Uncaught);
            Bench.HasPrintedWhatItsReadmeShows();
        }

        [Fact]
        public void A_version_whose_pump_does_not_answer_is_rolled_back_and_reported()
        {
            Bench.Break("1.1.0");

            _twin.RunUntilReported(ResultCode.SelfTestFailed);

            Assert.Equal(("1.0.0", null, 2), (Bench.Device.Version, Bench.Device.Confirmed, Bench.Device.Reboots));
        }

        [Fact]
        public void Without_a_network_at_the_start_the_agent_starts_after_a_minute_and_updates_once_there_is_one()
        {
            Bench.Network.IsThere = false;
            Bench.RunUntilPrinted("network: not yet");
            Assert.Equal(60, Bench.Device.Clock.Elapsed.TotalSeconds, 1.0);

            Bench.RunUntil(() =>
            {
                Bench.Network.IsThere |= Bench.Device.Clock.Elapsed > TimeSpan.FromMinutes(20);
                return Bench.Device.Confirmed == "1.1.0";
            });
            Assert.Contains("hub: not known yet", Bench.Device.Console);
        }

        [Fact]
        public void Without_a_time_server_the_agent_starts_after_a_minute()
        {
            Bench.Network.HasTimeServers = false;

            Bench.RunUntilPrinted("network: not yet");
        }

        [Theory]
        [InlineData(ProvisioningOutcome.Failed)]
        [InlineData(ProvisioningOutcome.Disabled)]
        [InlineData(ProvisioningOutcome.Unauthorized)]
        [InlineData(ProvisioningOutcome.Silent)]
        public void A_device_that_is_not_assigned_asks_again_until_it_is(ProvisioningOutcome outcome)
        {
            _twin.Service.Outcome = outcome;
            Bench.RunUntil(() => _twin.Service.Registrations == 3);
            Assert.Equal(0, _twin.Cloud.Connects);
            Assert.Contains("hub: not known yet", Bench.Device.Console);
            _twin.Service.Outcome = ProvisioningOutcome.Assigned;

            _twin.RunUntilReported(ResultCode.Applied);
        }

        [Fact]
        public void A_device_with_a_wrong_key_is_not_let_in()
        {
            Bench.Provide(@"I:\device.key", Convert.ToBase64String(new byte[32]));

            Bench.RunUntil(() => Bench.Device.Clock.Elapsed > TimeSpan.FromHours(1));

            Assert.Equal((0, 0), (_twin.Service.Registrations, _twin.Cloud.Connects));
        }

        [Fact]
        public void A_version_that_cannot_reach_the_hub_is_taken_back()
        {
            Bench.RunUntil(() =>
            {
                _twin.Cloud.Faults.Unreachable = Bench.Device.Version == "1.1.0";
                return (int?)_twin.Reported?["last"]?["code"] == (int)ResultCode.NoCloudContact;
            });

            Assert.Equal("1.0.0", Bench.Device.Version);
        }
    }
}
