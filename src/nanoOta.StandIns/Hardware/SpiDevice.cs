using System.Device.Gpio;
using nanoOta.StandIns;

namespace System.Device.Spi
{
    /// <summary>Order of the bits.</summary>
    public enum DataFlow
    {
        /// <summary>The highest first.</summary>
        MsbFirst = 0,

        /// <summary>The lowest first.</summary>
        LsbFirst = 1,
    }

    /// <summary>Which lines there are.</summary>
    public enum SpiBusConfiguration
    {
        /// <summary>Both directions at once.</summary>
        FullDuplex = 0,

        /// <summary>One direction at a time.</summary>
        HalfDuplex = 1,

        /// <summary>One direction alone.</summary>
        Simplex = 2,
    }

    /// <summary>Clock polarity and phase.</summary>
    public enum SpiMode
    {
        /// <summary>Idle low, first edge.</summary>
        Mode0 = 0,

        /// <summary>Idle low, second edge.</summary>
        Mode1 = 1,

        /// <summary>Idle high, first edge.</summary>
        Mode2 = 2,

        /// <summary>Idle high, second edge.</summary>
        Mode3 = 3,
    }

    /// <summary>How a chip is spoken to. The device copies it when it opens the chip.</summary>
    /// <param name="busId">The bus, from 1 on.</param>
    /// <param name="chipSelectLine">The chip-select line.</param>
    public sealed class SpiConnectionSettings(int busId, int chipSelectLine = -1)
    {
        /// <summary>The bus.</summary>
        public int BusId { get; set; } = busId;

        /// <summary>The chip-select line.</summary>
        public int ChipSelectLine { get; set; } = chipSelectLine;

        /// <summary>Its level while the chip is selected.</summary>
        public PinValue ChipSelectLineActiveState { get; set; } = PinValue.Low;

        /// <summary>In hertz.</summary>
        public int ClockFrequency { get; set; } = 500_000;

        /// <summary>Which lines there are.</summary>
        public SpiBusConfiguration Configuration { get; set; }

        /// <summary>Never read by native code.</summary>
        public int DataBitLength { get; set; } = 8;

        /// <summary>Order of the bits.</summary>
        public DataFlow DataFlow { get; set; }

        /// <summary>Clock polarity and phase.</summary>
        public SpiMode Mode { get; set; }
    }

    /// <summary>The chip select is in use already.</summary>
    public class SpiDeviceAlreadyInUseException : Exception;

    /// <summary>A chip on a bus, with the device's limits (docs/fidelity.md). A chip that is not wired reads as 0xFF.</summary>
    public class SpiDevice : IDisposable
    {
        // ESP32; other boards take up to 32767.
        private const int MaxLength = 16384;
        private const int Buses = 2;

        private readonly DeviceWiring _wiring = DeviceWiring.Current;
        private readonly (int Bus, int ChipSelect) _line;
        private readonly bool _isFullDuplex;

        /// <summary>Opens the chip, and clocks two zero bytes out to it.</summary>
        public SpiDevice(SpiConnectionSettings settings)
        {
            _line = (settings.BusId, settings.ChipSelectLine);
            _isFullDuplex = settings.Configuration == SpiBusConfiguration.FullDuplex;
            if (settings.BusId is < 1 or > Buses)
            {
                throw new ArgumentException(string.Empty);
            }

            if (!_wiring.OpenSlaves.Add(_line))
            {
                throw new SpiDeviceAlreadyInUseException();
            }

            Frame([0, 0], new byte[2]);
        }

        /// <summary>Opens a chip.</summary>
        public static SpiDevice Create(SpiConnectionSettings settings) => new(settings);

        /// <summary>Writes and reads at once, in one frame.</summary>
        public void TransferFullDuplex(SpanByte writeBuffer, SpanByte readBuffer)
        {
            if (!_isFullDuplex)
            {
                throw new InvalidOperationException(string.Empty);
            }

            if (writeBuffer.Length != readBuffer.Length)
            {
                throw new DeviceHangException("The buffers of a full-duplex transfer are not of one length: a device writes past the shorter one.");
            }

            Frame(writeBuffer.Bytes, readBuffer.Bytes);
        }

        /// <summary>Writes one frame.</summary>
        public void Write(SpanByte buffer) => Frame(buffer.Bytes, new byte[buffer.Length]);

        /// <summary>Reads one frame.</summary>
        public void Read(SpanByte buffer) => Frame(new byte[buffer.Length], buffer.Bytes);

        /// <summary>Frees the chip select.</summary>
        public void Dispose()
        {
            _wiring.OpenSlaves.Remove(_line);
            GC.SuppressFinalize(this);
        }

        private void Frame(ReadOnlySpan<byte> sent, Span<byte> received)
        {
            if (sent.Length > MaxLength)
            {
                throw new ArgumentException(string.Empty);
            }

            received.Fill(0xFF);
            _wiring.Slave(_line.Bus, _line.ChipSelect)?.Transfer(sent, received);
        }
    }
}
