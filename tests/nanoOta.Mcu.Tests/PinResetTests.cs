extern alias StandIns;

using StandIns::nanoOta.StandIns;
using StandIns::System.Device.Gpio;

namespace nanoOta.Mcu.Tests
{
    /// <summary>The levels of the two pins that reset an MCU.</summary>
    public class PinResetTests
    {
        private const int ResetPin = 26;
        private const int RecoveryPin = 27;

        private readonly List<string> _levels = [];

        public PinResetTests()
        {
            DeviceWiring.Current = new DeviceWiring { PinChanged = (pin, high) => _levels.Add($"{(pin == ResetPin ? "reset" : "recovery")} {(high ? "high" : "low")}") };
        }

        [Fact]
        public void Both_pins_are_active_low_by_default_and_recovery_is_released_before_the_reset_is()
        {
            var pins = new PinReset(new GpioController(), ResetPin, RecoveryPin);
            Assert.Equal(["recovery high", "reset high"], _levels);

            Assert.Equal(["recovery low", "reset low", "reset high"], Reset(pins, true));
            Assert.Equal(["recovery high", "reset low", "reset high"], Reset(pins, false));
        }

        [Fact]
        public void Either_pin_may_be_active_high()
        {
            var pins = new PinReset(new GpioController(), ResetPin, RecoveryPin, true, true);
            Assert.Equal(["recovery low", "reset low"], _levels);
            Assert.Equal(["recovery high", "reset high", "reset low"], Reset(pins, true));
            Assert.Equal(["recovery low", "reset high", "reset low"], Reset(pins, false));

            DeviceWiring.Current.Restart();
            _levels.Clear();
            pins = new PinReset(new GpioController(), ResetPin, RecoveryPin, false, true);
            Assert.Equal(["recovery low", "reset high"], _levels);
            Assert.Equal(["recovery high", "reset low", "reset high"], Reset(pins, true));
        }

        private List<string> Reset(PinReset pins, bool recovery)
        {
            _levels.Clear();
            pins.ResetMilliseconds = 1;
            pins.Reset(recovery);
            return [.. _levels];
        }
    }
}
