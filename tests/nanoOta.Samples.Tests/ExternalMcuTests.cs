using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Mcu;

namespace nanoOta.Samples.Tests
{
    public sealed class ExternalMcuTests : IDisposable
    {
        private const string Manifest = "washer/latest.json";

        // As in the sample's Board.cs.
        private const int ResetPin = 26;
        private const int RecoveryPin = 27;
        private const int LongestImage = 262144;
        private const int FactoryImage = 81920;

        private readonly SampleBench _bench;
        private readonly McuBench _desk;

        public ExternalMcuTests()
        {
            byte[] factory = McubootImages.Make("1.0.0", FactoryImage - McubootImages.Overhead);
            var chip = new NorFlash(1 << 20);
            McuBench.Provision(chip, factory);
            _desk = new McuBench(chip, new McubootMcu(factory, LongestImage), LongestImage);
            _desk.PowerOn();
            _bench = new SampleBench("ExternalMcu", "esp32-4mb", _desk.Wiring, "updates.example");
            WireReset();
            byte[] motor = McubootImages.Make("1.1.0", 60000);
            _bench.Server.Publish(Manifest, "1.1.0", ("deployment", "1.1.0", SampleBench.Image("1.1.0")), ("motor", "1.1.0", motor));
        }

        public void Dispose() => _bench.Dispose();

        [Fact]
        public void Main_updates_its_own_firmware_and_that_of_the_motor_controller_to_a_confirmed_version()
        {
            _bench.RunUntilPrinted("""update: components {"motor":{"state":"idle","version":"1.1.0"}}""");

            Assert.Equal(("1.1.0", "1.1.0", "1.1.0"), (_bench.Device.Version, _bench.Device.Confirmed, _desk.Mcu.Running));
            Assert.Empty(_bench.Device.Uncaught);
            _bench.HasPrintedWhatItsReadmeShows();
        }

        [Fact]
        public void When_the_self_test_fails_both_are_rolled_back()
        {
            _bench.Break("1.1.0");

            _bench.RunUntil(() => _bench.Device.Reboots == 2 && _bench.Device.Console[^1].Contains("\"idle\""));

            Assert.Equal(("1.0.0", null, "1.0.0"), (_bench.Device.Version, _bench.Device.Confirmed, _desk.Mcu.Running));
        }

        [Fact]
        public void Without_a_network_at_the_start_both_are_updated_once_there_is_one()
        {
            _bench.Network.IsThere = false;
            _bench.RunUntil(() =>
            {
                _bench.Network.IsThere |= _bench.Device.Clock.Elapsed > TimeSpan.FromMinutes(20);
                return _bench.Device.Confirmed == "1.1.0";
            });
            Assert.Equal("1.1.0", _desk.Mcu.Running);
        }

        // The MCU resets when the pin rises again, and stays in its bootloader when the other pin is low then.
        private void WireReset()
        {
            bool isHeld = false;
            _desk.Wiring.PinChanged = (pin, isHigh) =>
            {
                if (pin == ResetPin && isHigh && isHeld)
                {
                    _desk.Mcu.Reset(!_desk.Wiring.IsHigh(RecoveryPin));
                }

                isHeld = pin == ResetPin ? !isHigh : isHeld;
            };
        }
    }
}
