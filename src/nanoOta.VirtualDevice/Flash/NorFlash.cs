extern alias StandIns;

using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Flash
{
    /// <summary>
    /// A NOR flash chip: erasing sets a sector to 0xFF, programming only clears bits, and anything else is an error of the
    /// software. The power can be cut at any of these operations; the one that is cut may be left half done, with bits that
    /// read differently each time until they are erased or programmed again.
    /// </summary>
    public sealed partial class NorFlash
    {
        /// <summary>Bytes of a block: the shortest sector, and the most that is programmed at once.</summary>
        public const int BlockLength = 4096;

        // A copy of the chip shares a block's arrays until one of the two changes it. Null: blank, and nothing unstable.
        private readonly byte[]?[] _blocks;
        private readonly byte[]?[] _weak;
        private readonly bool[] _own;
        private readonly int[] _erases;

        /// <summary>Makes a blank chip with sectors of one block.</summary>
        /// <param name="size">Bytes, a multiple of the block length.</param>
        public NorFlash(int size)
            : this(FlashSectors.OfBlocks(size))
        {
        }

        /// <summary>Makes a blank chip.</summary>
        public NorFlash(FlashSectors sectors)
        {
            Sectors = sectors;
            _blocks = new byte[Size / BlockLength][];
            _weak = new byte[_blocks.Length][];
            _own = new bool[_blocks.Length];
            _erases = new int[_blocks.Length];
        }

        /// <summary>What is erased at once.</summary>
        public FlashSectors Sectors { get; }

        /// <summary>Bytes in all.</summary>
        public int Size => Sectors.Size;

        /// <summary>Erases and programs since the power came on.</summary>
        public long Operations { get; private set; }

        /// <summary>Cuts the power at this operation, counted from 1 since the power came on; 0: never.</summary>
        public long CutAt { get; set; }

        /// <summary>How the operation at <see cref="CutAt"/> is left.</summary>
        public Tear Tear { get; set; } = new(TearKind.Prefix, 0);

        /// <summary>Whether the power is off: every access then throws <see cref="PowerCutException"/>.</summary>
        public bool IsOff { get; private set; }

        /// <summary>Called with each operation before it takes place: whether it erases, and where.</summary>
        public Action<bool, int>? Watch { get; set; }

        /// <summary>Sectors that are worn out, by the number of their first block: erasing them no longer sets every bit.</summary>
        public HashSet<int> Worn { get; private set; } = [];

        /// <summary>What the software last asked for that no such chip does: a defect. Null: it never did.</summary>
        public FlashException? Misuse { get; private set; }

        /// <summary>How often each sector has been erased, by the number of its first block.</summary>
        public IReadOnlyList<int> Erases => _erases;

        /// <summary>Turns the power on, after a cut or not: operations count from 0 again, and none is to be cut.</summary>
        public void PowerOn()
        {
            IsOff = false;
            Operations = 0;
            CutAt = 0;
        }

        /// <summary>Cuts the power between two operations.</summary>
        public void CutPower()
        {
            IsOff = true;
        }

        /// <summary>Reads; unstable bits read as they please.</summary>
        public void Read(int offset, Span<byte> to)
        {
            CheckAccess(offset, to.Length);
            for (int done = 0; done < to.Length;)
            {
                (int block, int at) = Math.DivRem(offset + done, BlockLength);
                Span<byte> part = to.Slice(done, Math.Min(BlockLength - at, to.Length - done));
                if (_blocks[block] is { } bytes)
                {
                    bytes.AsSpan(at, part.Length).CopyTo(part);
                }
                else
                {
                    part.Fill(0xFF);
                }

                for (int i = 0; _weak[block] is { } weak && i < part.Length; i++)
                {
                    part[i] ^= weak[at + i] == 0 ? (byte)0 : (byte)(weak[at + i] & NextNoise());
                }

                done += part.Length;
            }
        }

        /// <summary>Reads into a new array.</summary>
        public byte[] Read(int offset, int count)
        {
            var bytes = new byte[count];
            Read(offset, bytes);
            return bytes;
        }

        /// <summary>
        /// Reads a partition up to its last block that was ever programmed since its erase; what follows is blank. A slot is mostly
        /// blank, and this reads it as fast as what it holds.
        /// </summary>
        public byte[] ReadUsed(int offset, int count)
        {
            while (count >= BlockLength && _blocks[(offset + count) / BlockLength - 1] == null)
            {
                count -= BlockLength;
            }

            return Read(offset, count);
        }

        /// <summary>Whether every bit of a range reads as erased. All of it is read, as the native code does: unstable bits read differently next time.</summary>
        public bool IsBlank(int offset, int count)
        {
            CheckAccess(offset, count);
            bool blank = true;
            for (int done = 0; done < count;)
            {
                (int block, int at) = Math.DivRem(offset + done, BlockLength);
                int length = Math.Min(BlockLength - at, count - done);
                ReadOnlySpan<byte> part = _weak[block] != null ? Read(offset + done, length) : _blocks[block] is { } bytes ? bytes.AsSpan(at, length) : [];
                blank &= part.IndexOfAnyExcept((byte)0xFF) < 0;
                done += length;
            }

            return blank;
        }

        /// <summary>Erases the sector that begins at an offset.</summary>
        public void Erase(int offset)
        {
            CheckAccess(offset, BlockLength);
            int length = Sectors.LengthAt(offset);
            if (length == 0)
            {
                throw Misused($"Erase at 0x{offset:X}: not the start of a sector.");
            }

            int first = offset / BlockLength;
            _erases[first]++;
            if (Begin(erase: true, offset))
            {
                TearErase(first, length);
                Die();
            }

            for (int block = first; block < first + length / BlockLength; block++)
            {
                _blocks[block] = null;
                _weak[block] = null;
                _own[block] = false;
                if (Worn.Contains(first))
                {
                    Own(block).AsSpan().Fill(0x7F);
                }
            }
        }

        /// <summary>Programs bytes of one block.</summary>
        public void Program(int offset, ReadOnlySpan<byte> data)
        {
            CheckAccess(offset, data.Length);
            (int block, int at) = Math.DivRem(offset, BlockLength);
            if (at + data.Length > BlockLength)
            {
                throw Misused($"Program of {data.Length} bytes at 0x{offset:X}: crosses a block's end.");
            }

            bool cut = Begin(erase: false, offset);
            bool worn = Worn.Contains(Sectors.StartOf(offset) / BlockLength);
            Span<byte> bytes = Own(block).AsSpan(at, data.Length);
            Span<byte> weak = cut || _weak[block] != null ? OwnWeak(block).AsSpan(at, data.Length) : [];
            var after = new byte[data.Length];
            for (int i = 0; i < data.Length; i++)
            {
                byte unstable = weak.IsEmpty ? (byte)0 : weak[i];
                if ((data[i] & ~(bytes[i] | unstable)) != 0 && !worn)
                {
                    throw Misused($"Program at 0x{offset + i:X}: 0x{data[i]:X2} over 0x{bytes[i]:X2} would set bits.");
                }

                // A bit that is to stay 1 stays as unstable as it was: only an erase mends that.
                after[i] = (byte)(bytes[i] & data[i]);
                if (unstable != 0 && !cut)
                {
                    weak[i] &= data[i];
                }
            }

            if (cut)
            {
                Tear.Apply(bytes, after, weak);
                Die();
            }

            after.CopyTo(bytes);
        }

        /// <summary>Bytes lose their bits, as no operation makes them: the chip's own failure, not counted.</summary>
        public void Decay(int offset, int count)
        {
            Changes++;
            for (int at = offset; at < offset + count; at++)
            {
                Own(at / BlockLength)[at % BlockLength] = 0;
            }
        }

        /// <summary>Replaces a block's content, as if another chip had been put in: not counted.</summary>
        public void Replace(int offset, ReadOnlySpan<byte> content)
        {
            Changes++;
            content.CopyTo(Own(offset / BlockLength));
        }

        /// <summary>Reads a whole chip from a file.</summary>
        /// <param name="path">The file, as long as the chip.</param>
        /// <param name="sectors">The chip's sectors.</param>
        public static NorFlash Load(string path, FlashSectors sectors)
        {
            byte[] all = File.ReadAllBytes(path);
            var flash = new NorFlash(sectors);
            for (int i = 0; i < flash._blocks.Length; i++)
            {
                ReadOnlySpan<byte> block = all.AsSpan(i * BlockLength, BlockLength);
                flash._blocks[i] = block.IndexOfAnyExcept((byte)0xFF) < 0 ? null : block.ToArray();
            }

            return flash;
        }

        /// <summary>Writes the whole chip to a file, whether its power is on or off. An unstable bit is written as it reads now.</summary>
        public void Save(string path)
        {
            bool off = IsOff;
            IsOff = false;
            string partial = path + ".new";
            File.WriteAllBytes(partial, Read(0, Size));
            File.Move(partial, path, overwrite: true);
            IsOff = off;
        }

        // Counts an operation; true when it is the one to be cut.
        private bool Begin(bool erase, int offset)
        {
            Watch?.Invoke(erase, offset);
            Trace?.Add((erase, offset));
            Changes++;
            return ++Operations == CutAt;
        }

        private void Die()
        {
            IsOff = true;
            throw new PowerCutException();
        }

        // Kept as well, because the software under test may catch what it caused.
        private FlashException Misused(string how)
        {
            return Misuse = new FlashException(how);
        }

        // As one operation: a cut leaves it half done somewhere in the whole sector.
        private void TearErase(int first, int length)
        {
            var bytes = new byte[length];
            var weak = new byte[length];
            var blank = new byte[length];
            blank.AsSpan().Fill(0xFF);
            for (int at = 0; at < length; at += BlockLength)
            {
                Own(first + at / BlockLength).CopyTo(bytes, at);
                OwnWeak(first + at / BlockLength).CopyTo(weak, at);
            }

            Tear.Apply(bytes, blank, weak);
            for (int at = 0; at < length; at += BlockLength)
            {
                bytes.AsSpan(at, BlockLength).CopyTo(Own(first + at / BlockLength));
                weak.AsSpan(at, BlockLength).CopyTo(OwnWeak(first + at / BlockLength));
            }
        }

        private byte[] Own(int block)
        {
            if (!_own[block] || _blocks[block] == null)
            {
                var bytes = new byte[BlockLength];
                bytes.AsSpan().Fill(0xFF);
                _blocks[block]?.CopyTo(bytes, 0);
                _blocks[block] = bytes;
                _weak[block] = (byte[]?)_weak[block]?.Clone();
                _own[block] = true;
            }

            return _blocks[block]!;
        }

        private byte[] OwnWeak(int block)
        {
            Own(block);
            return _weak[block] ??= new byte[BlockLength];
        }

        private void CheckAccess(int offset, int count)
        {
            if (IsOff)
            {
                throw new PowerCutException();
            }

            if (offset < 0 || count < 0 || offset > Size - count)
            {
                throw Misused($"{count} bytes at 0x{offset:X}: beyond the chip's {Size} bytes.");
            }
        }
    }
}
