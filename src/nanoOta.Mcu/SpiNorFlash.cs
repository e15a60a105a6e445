// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Device.Spi;
using System.Threading;

namespace nanoOta
{
    /// <summary>
    /// A serial NOR flash chip with 3-byte addresses, such as Winbond's W25Q128JV (16 MiB): pages of 256 bytes, sectors of 4 KiB, blocks of
    /// 64 KiB. Its limits allow for slower chips. Every transfer holds up all threads of a device, so none is longer than
    /// a page: at 10 MHz some 0.2 ms.
    /// </summary>
    public sealed class SpiNorFlash : IBlockDevice
    {
        /// <summary>Bytes that are programmed at once.</summary>
        public const int PageLength = 256;

        private const int SectorLength = 4096;
        private const int BlockLength = 65536;
        private const int HeadLength = 4;

        private const byte WriteEnable = 0x06;
        private const byte ReadStatus = 0x05;
        private const byte ReadId = 0x9F;
        private const byte ReadData = 0x03;
        private const byte PageProgram = 0x02;
        private const byte SectorErase = 0x20;
        private const byte BlockErase = 0xD8;
        private const byte WakeUp = 0xAB;

        private const int Busy = 1;
        private const int WriteEnabled = 2;

        // Milliseconds at the most: 3 for a page, 400 for a sector, 2000 for a block; and room for older chips.
        private const int ProgramPatience = 20;
        private const int SectorPatience = 1000;
        private const int BlockPatience = 4000;

        private readonly SpiDevice _spi;
        private readonly byte[] _out = new byte[HeadLength + PageLength];
        private readonly byte[] _in = new byte[HeadLength + PageLength];
        private int _size;

        /// <summary>Takes a chip; nothing is sent before <see cref="Open"/>.</summary>
        /// <param name="spi">The chip on its bus: mode 0, full duplex, chip select by the device.</param>
        public SpiNorFlash(SpiDevice spi)
        {
            _spi = spi;
        }

        /// <summary>The three bytes of its JEDEC id, the maker's first: 0xEF4018 for a W25Q128JV. 0 before <see cref="Open"/>.</summary>
        public int JedecId;

        /// <inheritdoc/>
        public int Size => _size;

        /// <inheritdoc/>
        public int EraseLength => SectorLength;

        /// <summary>Wakes the chip, waits for what it was at when the device reset, and reads its id, whose third byte tells its size.</summary>
        /// <returns><see cref="ResultCode.None"/>, or <see cref="ResultCode.FlashFailed"/>: no chip answers, or not one of 64 KiB to 16 MiB.</returns>
        public ResultCode Open()
        {
            lock (_spi)
            {
                Send(WakeUp, 0, 1);
                if (!IsReady(BlockPatience))
                {
                    return ResultCode.FlashFailed;
                }

                Send(ReadId, 0, HeadLength);
                int maker = _in[1];
                int capacity = _in[3];
                JedecId = (maker << 16) | (_in[2] << 8) | capacity;
                bool isKnown = maker != 0 && maker != 0xFF && capacity >= 0x10 && capacity <= 0x18;
                _size = isKnown ? 1 << capacity : 0;
                return isKnown ? ResultCode.None : ResultCode.FlashFailed;
            }
        }

        /// <inheritdoc/>
        public ResultCode Read(int offset, byte[] buffer, int start, int count)
        {
            if (!IsWithin(offset, count))
            {
                return ResultCode.FlashFailed;
            }

            lock (_spi)
            {
                while (count > 0)
                {
                    int part = count < PageLength ? count : PageLength;
                    Send(ReadData, offset, HeadLength + part);
                    Array.Copy(_in, HeadLength, buffer, start, part);
                    offset += part;
                    start += part;
                    count -= part;
                }
            }

            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Program(int offset, byte[] buffer, int start, int count)
        {
            if (!IsWithin(offset, count))
            {
                return ResultCode.FlashFailed;
            }

            lock (_spi)
            {
                while (count > 0)
                {
                    // A page that is written beyond its end goes on at its own beginning.
                    int room = PageLength - offset % PageLength;
                    int part = count < room ? count : room;
                    Array.Copy(buffer, start, _out, HeadLength, part);
                    if (!Change(PageProgram, offset, HeadLength + part, ProgramPatience))
                    {
                        return ResultCode.FlashFailed;
                    }

                    Send(ReadData, offset, HeadLength + part);
                    if (!Bytes.Equal(_in, HeadLength, buffer, start, part))
                    {
                        return ResultCode.FlashFailed;
                    }

                    offset += part;
                    start += part;
                    count -= part;
                }
            }

            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Erase(int offset, int count)
        {
            if (!IsWithin(offset, count) || offset % SectorLength != 0 || count % SectorLength != 0)
            {
                return ResultCode.FlashFailed;
            }

            lock (_spi)
            {
                while (count > 0)
                {
                    bool isBlock = offset % BlockLength == 0 && count >= BlockLength;
                    int length = isBlock ? BlockLength : SectorLength;
                    if (!Change(isBlock ? BlockErase : SectorErase, offset, HeadLength, isBlock ? BlockPatience : SectorPatience))
                    {
                        return ResultCode.FlashFailed;
                    }

                    offset += length;
                    count -= length;
                }
            }

            return ResultCode.None;
        }

        private bool IsWithin(int offset, int count)
        {
            return offset >= 0 && count >= 0 && offset <= _size - count;
        }

        // Enables writing, which the chip takes back by itself after each change; then changes, and waits.
        private bool Change(byte command, int offset, int length, int patience)
        {
            Send(WriteEnable, 0, 1);
            if ((Status() & (WriteEnabled | Busy)) != WriteEnabled)
            {
                return false;
            }

            Send(command, offset, length);
            return IsReady(patience);
        }

        private bool IsReady(int patience)
        {
            // A page takes less than the shortest sleep: the first looks come at once.
            for (int tries = -8; tries < patience; tries++)
            {
                if ((Status() & Busy) == 0)
                {
                    return true;
                }

                if (tries >= 0)
                {
                    Thread.Sleep(1);
                }
            }

            return false;
        }

        private int Status()
        {
            Send(ReadStatus, 0, 2);
            return _in[1];
        }

        // One frame of the chip select: command, address and data; what comes back is as long.
        private void Send(byte command, int offset, int length)
        {
            _out[0] = command;
            _out[1] = (byte)(offset >> 16);
            _out[2] = (byte)(offset >> 8);
            _out[3] = (byte)offset;
            _spi.TransferFullDuplex(new SpanByte(_out, 0, length), new SpanByte(_in, 0, length));
        }
    }
}
