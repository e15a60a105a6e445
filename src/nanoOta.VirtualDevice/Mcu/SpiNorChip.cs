extern alias StandIns;

using System.Numerics;
using nanoOta.VirtualDevice.Flash;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Mcu
{
    /// <summary>
    /// A chip of Winbond's W25Q series on an SPI bus, with that series' commands: what is programmed beyond a page goes on at the page's beginning, each change needs a
    /// write enable of its own, and while the chip is busy it answers to its status alone. Its cells are a <see cref="NorFlash"/>, whose
    /// power can be cut at any operation.
    /// </summary>
    /// <param name="flash">The cells.</param>
    public sealed class SpiNorChip(NorFlash flash) : ISpiSlave
    {
        private const int PageLength = 256;
        private const int BlockLength = 65536;

        private bool _writeEnabled;
        private int _busyReads;

        /// <summary>How often the status reads busy after a change.</summary>
        public int BusyReads { get; init; } = 2;

        /// <summary>Whether the chip never gets ready again after a change.</summary>
        public bool StaysBusy { get; set; }

        /// <summary>Whether its write protection is on: a write enable has no effect.</summary>
        public bool IsProtected { get; set; }

        /// <summary>The bytes of its JEDEC id.</summary>
        public byte[] JedecId { get; init; } = [0xEF, 0x40, (byte)BitOperations.Log2((uint)flash.Size)];

        /// <summary>Frames that it was sent.</summary>
        public int Frames { get; private set; }

        /// <summary>The longest frame, in bytes.</summary>
        public int LongestFrame { get; private set; }

        /// <inheritdoc/>
        public void Transfer(ReadOnlySpan<byte> sent, Span<byte> received)
        {
            Frames++;
            LongestFrame = Math.Max(LongestFrame, sent.Length);
            bool isBusy = _busyReads > 0 || StaysBusy;
            switch (sent[0])
            {
                case 0x05:
                    _busyReads -= _busyReads > 0 ? 1 : 0;
                    received[1..].Fill((byte)((isBusy ? 1 : 0) | (_writeEnabled ? 2 : 0)));
                    break;
                case 0x06 when !isBusy:
                    _writeEnabled = !IsProtected;
                    break;
                case 0x04 when !isBusy:
                    _writeEnabled = false;
                    break;
                case 0x9F when !isBusy:
                    JedecId.AsSpan(0, Math.Min(3, received.Length - 1)).CopyTo(received[1..]);
                    break;
                case 0x03 when !isBusy && sent.Length > 4:
                    flash.Read(Address(sent), received[4..]);
                    break;
                case 0x02 when !isBusy && _writeEnabled && sent.Length > 4:
                    Begin();
                    Program(Address(sent), sent[4..]);
                    break;
                case 0x20 when !isBusy && _writeEnabled && sent.Length == 4:
                    Begin();
                    flash.Erase(Address(sent) & ~(NorFlash.BlockLength - 1));
                    break;
                case 0xD8 when !isBusy && _writeEnabled && sent.Length == 4:
                    Begin();
                    for (int i = 0, at = Address(sent) & ~(BlockLength - 1); i < BlockLength; i += NorFlash.BlockLength)
                    {
                        flash.Erase(at + i);
                    }

                    break;
            }
        }

        /// <summary>The power comes back.</summary>
        public void PowerOn()
        {
            _writeEnabled = false;
            _busyReads = 0;
            flash.PowerOn();
        }

        private static int Address(ReadOnlySpan<byte> sent) => (sent[1] << 16) | (sent[2] << 8) | sent[3];

        private void Begin()
        {
            _writeEnabled = false;
            _busyReads = BusyReads;
        }

        // Of more than a page the last 256 bytes count.
        private void Program(int address, ReadOnlySpan<byte> data)
        {
            int start = address & ~(PageLength - 1);
            Span<byte> page = stackalloc byte[PageLength];
            page.Fill(0xFF);
            for (int i = 0; i < data.Length; i++)
            {
                page[(address + i) % PageLength] = data[i];
            }

            // Bits become 0 and never 1. Cells that are left out of the frame stay as they are.
            Span<byte> before = stackalloc byte[PageLength];
            flash.Read(start, before);
            for (int i = 0; i < PageLength; i++)
            {
                page[i] &= before[i];
            }

            flash.Program(start, page);
        }
    }
}
