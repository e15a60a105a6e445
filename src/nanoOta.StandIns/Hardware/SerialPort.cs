using nanoOta.StandIns;

namespace System.IO.Ports
{
    /// <summary>A parity bit.</summary>
    public enum Parity
    {
        /// <summary>None.</summary>
        None = 0,

        /// <summary>Odd.</summary>
        Odd = 1,

        /// <summary>Even.</summary>
        Even = 2,
    }

    /// <summary>Stop bits.</summary>
    public enum StopBits
    {
        /// <summary>One.</summary>
        One = 1,

        /// <summary>Two.</summary>
        Two = 2,

        /// <summary>One and a half.</summary>
        OnePointFive = 3,
    }

    /// <summary>
    /// A serial port as the device's is: a read waits for all that it is asked for, what does not fit into the buffer is lost without a word,
    /// and the buffer's size is set while the port is closed. There are no events here.
    /// </summary>
    public sealed class SerialPort : IDisposable
    {
        private const int Infinite = -1;

        private readonly DeviceWiring _wiring = DeviceWiring.Current;
        private readonly Queue<byte> _received = new();
        private int _bufferSize = 256;

        /// <summary>Takes a port; there is one object for each at a time.</summary>
        public SerialPort(string portName, int baudRate = 9600, Parity parity = Parity.None, int dataBits = 8, StopBits stopBits = StopBits.One)
        {
            if (portName.Length != 4 || !portName.StartsWith("COM", StringComparison.Ordinal) || portName[3] is < '1' or > '9' || !_wiring.LivePorts.Add(portName))
            {
                throw new ArgumentException(string.Empty);
            }

            PortName = portName;
            BaudRate = baudRate;
            Parity = parity;
            DataBits = dataBits;
            StopBits = stopBits;
        }

        /// <summary>Its name.</summary>
        public string PortName { get; }

        /// <summary>Bits a second.</summary>
        public int BaudRate { get; set; }

        /// <summary>The parity bit.</summary>
        public Parity Parity { get; set; }

        /// <summary>Bits of a character.</summary>
        public int DataBits { get; set; }

        /// <summary>Stop bits.</summary>
        public StopBits StopBits { get; set; }

        /// <summary>Milliseconds; -1: for ever.</summary>
        public int ReadTimeout { get; set; } = Infinite;

        /// <summary>Milliseconds; -1: for ever.</summary>
        public int WriteTimeout { get; set; } = Infinite;

        /// <summary>Whether it is open.</summary>
        public bool IsOpen { get; private set; }

        /// <summary>Bytes that wait to be read.</summary>
        public int BytesToRead
        {
            get
            {
                Collect();
                return _received.Count;
            }
        }

        /// <summary>The buffer's size, set while the port is closed.</summary>
        public int ReadBufferSize
        {
            get => _bufferSize;
            set => _bufferSize = IsOpen ? throw new InvalidOperationException(string.Empty) : value;
        }

        /// <summary>Opens it.</summary>
        public void Open()
        {
            if (IsOpen)
            {
                throw new InvalidOperationException(string.Empty);
            }

            IsOpen = true;
        }

        /// <summary>Closes it.</summary>
        public void Close() => IsOpen = false;

        /// <summary>Closes it, and frees its name.</summary>
        public void Dispose()
        {
            IsOpen = false;
            _wiring.LivePorts.Remove(PortName);
        }

        /// <summary>Reads so many bytes, and not fewer.</summary>
        public int Read(byte[] buffer, int offset, int count)
        {
            Collect();
            if (_received.Count < count)
            {
                if (ReadTimeout == Infinite)
                {
                    throw new DeviceHangException($"A read of {PortName} waits for {count} bytes, and {_received.Count} are there.");
                }

                DeviceClock.Current.Schedule.RunUntil(() =>
                {
                    Collect();
                    return _received.Count >= count;
                }, ReadTimeout);
                if (_received.Count < count)
                {
                    // What came stays.
                    throw new TimeoutException(string.Empty);
                }
            }

            for (int i = 0; i < count; i++)
            {
                buffer[offset + i] = _received.Dequeue();
            }

            return count;
        }

        /// <summary>Writes.</summary>
        public void Write(byte[] buffer, int offset, int count)
        {
            RequireOpen();
            _wiring.Peer(PortName)?.Receive(buffer.AsSpan(offset, count));
        }

        private void Collect()
        {
            RequireOpen();
            foreach (byte b in _wiring.Peer(PortName)?.TakeSent() ?? [])
            {
                if (_received.Count < _bufferSize)
                {
                    _received.Enqueue(b);
                }
            }
        }

        private void RequireOpen()
        {
            if (!IsOpen)
            {
                throw new InvalidOperationException(string.Empty);
            }
        }
    }
}
