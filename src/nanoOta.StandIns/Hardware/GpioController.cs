using nanoOta.StandIns;

namespace System.Device.Gpio
{
    /// <summary>What a pin is.</summary>
    public enum PinMode
    {
        /// <summary>An input.</summary>
        Input = 0,

        /// <summary>An input that is pulled low.</summary>
        InputPullDown = 1,

        /// <summary>An input that is pulled high.</summary>
        InputPullUp = 2,

        /// <summary>An output.</summary>
        Output = 3,

        /// <summary>An output that only pulls low.</summary>
        OutputOpenDrain = 4,

        /// <summary>The same, pulled high.</summary>
        OutputOpenDrainPullUp = 5,

        /// <summary>An output that only pulls high.</summary>
        OutputOpenSource = 6,

        /// <summary>The same, pulled low.</summary>
        OutputOpenSourcePullDown = 7,
    }

    /// <summary>A level.</summary>
    public readonly struct PinValue
    {
        private readonly bool _high;

        private PinValue(bool high)
        {
            _high = high;
        }

        /// <summary>High.</summary>
        public static PinValue High => new(true);

        /// <summary>Low.</summary>
        public static PinValue Low => new(false);

        /// <summary>Whether the level is the same.</summary>
        public bool Equals(PinValue other) => _high == other._high;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is PinValue other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => _high ? 1 : 0;

        /// <inheritdoc/>
        public override string ToString() => _high ? "High" : "Low";

        /// <summary>High when true.</summary>
        public static implicit operator PinValue(bool value) => new(value);

        /// <summary>Low when 0.</summary>
        public static implicit operator PinValue(int value) => new(value != 0);

        /// <summary>True when high.</summary>
        public static explicit operator bool(PinValue value) => value._high;

        /// <summary>Whether the levels are the same.</summary>
        public static bool operator ==(PinValue a, PinValue b) => a._high == b._high;

        /// <summary>Whether the levels differ.</summary>
        public static bool operator !=(PinValue a, PinValue b) => a._high != b._high;
    }

    /// <summary>The device's pins. There are no events here.</summary>
    public sealed class GpioController : IDisposable
    {
        private readonly DeviceWiring _wiring = DeviceWiring.Current;

        /// <summary>Whether a pin is open, by any controller.</summary>
        public bool IsPinOpen(int pinNumber) => _wiring.OpenPins.Contains(pinNumber);

        /// <summary>Opens a pin as an input.</summary>
        public GpioPin OpenPin(int pinNumber) => OpenPin(pinNumber, PinMode.Input);

        /// <summary>Opens a pin.</summary>
        public GpioPin OpenPin(int pinNumber, PinMode mode)
        {
            if (!_wiring.OpenPins.Add(pinNumber))
            {
                throw new InvalidOperationException(string.Empty);
            }

            return new GpioPin(_wiring, pinNumber, mode);
        }

        /// <summary>Closes a pin.</summary>
        public void ClosePin(int pinNumber) => _wiring.OpenPins.Remove(pinNumber);

        /// <summary>Closes all pins, whoever opened them.</summary>
        public void Dispose() => _wiring.OpenPins.Clear();
    }

    /// <summary>An open pin.</summary>
    public sealed class GpioPin : IDisposable
    {
        private readonly DeviceWiring _wiring;
        private PinMode _mode;

        internal GpioPin(DeviceWiring wiring, int number, PinMode mode)
        {
            _wiring = wiring;
            PinNumber = number;
            _mode = mode;
        }

        /// <summary>Its number.</summary>
        public int PinNumber { get; }

        /// <summary>What it is.</summary>
        public PinMode GetPinMode() => _mode;

        /// <summary>Makes it something else.</summary>
        public void SetPinMode(PinMode value) => _mode = value;

        /// <summary>Its level.</summary>
        public PinValue Read() => _wiring.IsHigh(PinNumber);

        /// <summary>Drives it.</summary>
        public void Write(PinValue value)
        {
            if (_mode < PinMode.Output)
            {
                throw new ArgumentException(string.Empty);
            }

            _wiring.Drive(PinNumber, (bool)value);
        }

        /// <summary>Closes it.</summary>
        public void Dispose() => _wiring.OpenPins.Remove(PinNumber);
    }
}
