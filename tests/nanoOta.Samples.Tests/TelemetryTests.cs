namespace nanoOta.Samples.Tests
{
    public sealed class TelemetryTests : IDisposable
    {
        private readonly TwinBench _twin = new("Telemetry", "esp32-4mb", "washer-30aea4cc1234", hasKey: false);

        public TelemetryTests()
        {
            (string certificate, string key) = TestServer.Device("washer-30aea4cc1234");
            _twin.Bench.Provide(@"I:\device.pem", certificate);
            _twin.Bench.Provide(@"I:\device-key.pem", key);
        }

        public void Dispose() => _twin.Dispose();

        [Fact]
        public void Main_sends_messages_before_and_after_an_update_that_is_confirmed()
        {
            _twin.Bench.RunUntil(() =>
            {
                if (_twin.Cloud.Messages.Count == 3 && _twin.Cloud.Twin.DesiredVersion == 1)
                {
                    _twin.Request("1.1.0");
                }

                return _twin.Bench.Device.Confirmed == "1.1.0" && _twin.Cloud.Messages.Count == 6;
            });

            Assert.Equal((int)ResultCode.Applied, (int?)_twin.Reported!["last"]!["code"]);
            Assert.All(_twin.Cloud.Messages, message => Assert.Equal("""{"running":false}""", message));
            Assert.Empty(_twin.Bench.Device.Uncaught);
            _twin.Bench.HasPrintedWhatItsReadmeShows();
        }

        [Fact]
        public void After_a_connection_that_broke_messages_go_by_the_next_one()
        {
            bool isBroken = false;
            _twin.Bench.RunUntil(() =>
            {
                if (_twin.Cloud.Messages.Count == 2 && !isBroken)
                {
                    isBroken = true;
                    _twin.Cloud.Drop();
                }

                return _twin.Cloud.Messages.Count == 5;
            });

            Assert.Equal(2, _twin.Cloud.Connects);
            Assert.Empty(_twin.Bench.Device.Uncaught);
        }

        [Fact]
        public void A_version_whose_pump_does_not_answer_is_rolled_back_and_messages_go_on()
        {
            _twin.Bench.Break("1.1.0");
            _twin.Request("1.1.0");

            _twin.RunUntilReported(ResultCode.SelfTestFailed);
            int sent = _twin.Cloud.Messages.Count;
            _twin.Bench.RunUntil(() => _twin.Cloud.Messages.Count == sent + 2);
        }
    }
}
