namespace nanoOta.StandIns
{
    /// <summary>What is wired to a virtual device: chips on its SPI buses, peers at its serial ports, and its pins.</summary>
    public sealed class DeviceWiring
    {
        // Flows into threads which the device code starts itself.
        private static readonly AsyncLocal<DeviceWiring?> _current = new();

        private readonly Dictionary<(int Bus, int ChipSelect), ISpiSlave> _slaves = [];
        private readonly Dictionary<string, ISerialPeer> _peers = [];
        private readonly Dictionary<int, bool> _levels = [];

        /// <summary>The wiring of the device that runs in this execution context.</summary>
        /// <exception cref="InvalidOperationException">None was set.</exception>
        public static DeviceWiring Current
        {
            get => _current.Value ?? throw new InvalidOperationException("No DeviceWiring is set in this context.");
            set => _current.Value = value;
        }

        /// <summary>Called with each level that a pin takes: the pin's number, and whether it is high.</summary>
        public Action<int, bool>? PinChanged { get; set; }

        internal HashSet<(int Bus, int ChipSelect)> OpenSlaves { get; } = [];

        internal HashSet<string> LivePorts { get; } = [];

        internal HashSet<int> OpenPins { get; } = [];

        /// <summary>Wires a chip.</summary>
        /// <param name="bus">The bus, from 1 on.</param>
        /// <param name="chipSelect">The chip-select line.</param>
        /// <param name="slave">The chip.</param>
        public void Connect(int bus, int chipSelect, ISpiSlave slave) => _slaves[(bus, chipSelect)] = slave;

        /// <summary>Wires a peer to a serial port.</summary>
        /// <param name="port">For instance <c>COM2</c>.</param>
        /// <param name="peer">The peer.</param>
        public void Connect(string port, ISerialPeer peer) => _peers[port] = peer;

        /// <summary>Whether a pin is high. One that nobody drives is.</summary>
        public bool IsHigh(int pin) => _levels.GetValueOrDefault(pin, true);

        /// <summary>The device resets: what its application had open is free again.</summary>
        public void Restart()
        {
            OpenSlaves.Clear();
            LivePorts.Clear();
            OpenPins.Clear();
        }

        internal ISpiSlave? Slave(int bus, int chipSelect) => _slaves.GetValueOrDefault((bus, chipSelect));

        internal ISerialPeer? Peer(string port) => _peers.GetValueOrDefault(port);

        internal void Drive(int pin, bool high)
        {
            _levels[pin] = high;
            PinChanged?.Invoke(pin, high);
        }
    }

    /// <summary>A chip on an SPI bus.</summary>
    public interface ISpiSlave
    {
        /// <summary>One frame of the chip select.</summary>
        /// <param name="sent">What the device clocks out.</param>
        /// <param name="received">What the chip clocks out meanwhile; as long.</param>
        void Transfer(ReadOnlySpan<byte> sent, Span<byte> received);
    }

    /// <summary>What is at the other end of a serial port.</summary>
    public interface ISerialPeer
    {
        /// <summary>Bytes from the device.</summary>
        void Receive(ReadOnlySpan<byte> bytes);

        /// <summary>Bytes for the device that have come since the last call.</summary>
        byte[] TakeSent();
    }
}
