extern alias StandIns;

using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Flash
{
    /// <summary>
    /// A NOR flash chip: erasing sets a sector of 4 KiB to 0xFF, programming only clears bits, and anything else is an error of
    /// the software. The power can be cut at any of these operations; the one that is cut may be left half done, with bits that
    /// read differently each time until they are erased or programmed again.
    /// </summary>
    public sealed class NorFlash
    {
        /// <summary>Bytes that are erased at once.</summary>
        public const int SectorSize = 4096;

        // A copy of the chip shares a sector's arrays until one of the two changes it. Null: blank, and nothing unstable.
        private readonly byte[]?[] _sectors;
        private readonly byte[]?[] _weak;
        private readonly bool[] _own;
        private readonly int[] _erases;
        private Random _noise = new(1);

        /// <summary>Makes a blank chip.</summary>
        /// <param name="size">Bytes, a multiple of the sector size.</param>
        public NorFlash(int size)
        {
            Size = size;
            _sectors = new byte[size / SectorSize][];
            _weak = new byte[_sectors.Length][];
            _own = new bool[_sectors.Length];
            _erases = new int[_sectors.Length];
        }

        private NorFlash(NorFlash other)
        {
            Array.Clear(other._own);
            Size = other.Size;
            _sectors = (byte[]?[])other._sectors.Clone();
            _weak = (byte[]?[])other._weak.Clone();
            _own = new bool[_sectors.Length];
            _erases = (int[])other._erases.Clone();
        }

        /// <summary>Bytes in all.</summary>
        public int Size { get; }

        /// <summary>Erases and programs since the power came on.</summary>
        public long Operations { get; private set; }

        /// <summary>Cuts the power at this operation, counted from 1 since the power came on; 0: never.</summary>
        public long CutAt { get; set; }

        /// <summary>How the operation at <see cref="CutAt"/> is left.</summary>
        public Tear Tear { get; set; } = new(TearKind.Prefix, 0);

        /// <summary>Whether the power is off: every access then throws <see cref="PowerCutException"/>.</summary>
        public bool IsOff { get; private set; }

        /// <summary>Is told of each operation before it takes place: whether it erases, and where.</summary>
        public Action<bool, int>? Watch { get; set; }

        /// <summary>Decides how unstable bits read.</summary>
        public int NoiseSeed
        {
            set => _noise = new Random(value);
        }

        /// <summary>Sectors that are worn out: erasing them no longer sets every bit.</summary>
        public HashSet<int> Worn { get; } = [];

        /// <summary>What the software last asked for that no such chip does: a defect. Null: it never did.</summary>
        public FlashException? Misuse { get; private set; }

        /// <summary>How often each sector has been erased.</summary>
        public IReadOnlyList<int> Erases => _erases;

        /// <summary>Another chip with the same content, which from then on goes its own way. Its power is on, nothing counted.</summary>
        public NorFlash Copy()
        {
            return new NorFlash(this);
        }

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
                (int sector, int at) = Math.DivRem(offset + done, SectorSize);
                Span<byte> part = to.Slice(done, Math.Min(SectorSize - at, to.Length - done));
                if (_sectors[sector] is { } bytes)
                {
                    bytes.AsSpan(at, part.Length).CopyTo(part);
                }
                else
                {
                    part.Fill(0xFF);
                }

                for (int i = 0; _weak[sector] is { } weak && i < part.Length; i++)
                {
                    part[i] ^= (byte)(weak[at + i] & _noise.Next(256));
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
        /// Reads a partition up to its last sector that was ever programmed since its erase; what follows is blank. A slot is mostly
        /// blank, and this reads it as fast as what it holds.
        /// </summary>
        public byte[] ReadUsed(int offset, int count)
        {
            while (count >= SectorSize && _sectors[(offset + count) / SectorSize - 1] == null)
            {
                count -= SectorSize;
            }

            return Read(offset, count);
        }

        /// <summary>Whether every bit of a range reads as erased.</summary>
        public bool IsBlank(int offset, int count)
        {
            return Read(offset, count).AsSpan().IndexOfAnyExcept((byte)0xFF) < 0;
        }

        /// <summary>Erases the sector that begins at an offset.</summary>
        public void Erase(int offset)
        {
            CheckAccess(offset, SectorSize);
            (int sector, int at) = Math.DivRem(offset, SectorSize);
            if (at != 0)
            {
                throw Misused($"Erase at 0x{offset:X}: not the start of a sector.");
            }

            _erases[sector]++;
            if (Begin(erase: true, offset))
            {
                var blank = new byte[SectorSize];
                blank.AsSpan().Fill(0xFF);
                Tear.Apply(Own(sector), blank, OwnWeak(sector));
                Die();
            }

            _sectors[sector] = null;
            _weak[sector] = null;
            _own[sector] = false;
            if (Worn.Contains(sector))
            {
                Own(sector).AsSpan().Fill(0x7F);
            }
        }

        /// <summary>Programs bytes of one sector.</summary>
        public void Program(int offset, ReadOnlySpan<byte> data)
        {
            CheckAccess(offset, data.Length);
            (int sector, int at) = Math.DivRem(offset, SectorSize);
            if (at + data.Length > SectorSize)
            {
                throw Misused($"Program of {data.Length} bytes at 0x{offset:X}: crosses a sector's end.");
            }

            bool cut = Begin(erase: false, offset);
            Span<byte> bytes = Own(sector).AsSpan(at, data.Length);
            Span<byte> weak = cut || _weak[sector] != null ? OwnWeak(sector).AsSpan(at, data.Length) : [];
            var after = new byte[data.Length];
            for (int i = 0; i < data.Length; i++)
            {
                byte unstable = weak.IsEmpty ? (byte)0 : weak[i];
                if ((data[i] & ~(bytes[i] | unstable)) != 0 && !Worn.Contains(sector))
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
            for (int at = offset; at < offset + count; at++)
            {
                Own(at / SectorSize)[at % SectorSize] = 0;
            }
        }

        /// <summary>Replaces a sector's content, as if another chip had been put in: not counted.</summary>
        public void Replace(int offset, ReadOnlySpan<byte> content)
        {
            content.CopyTo(Own(offset / SectorSize));
        }

        /// <summary>Reads a whole chip from a file.</summary>
        public static NorFlash Load(string path)
        {
            byte[] all = File.ReadAllBytes(path);
            var flash = new NorFlash(all.Length);
            for (int i = 0; i < flash._sectors.Length; i++)
            {
                ReadOnlySpan<byte> sector = all.AsSpan(i * SectorSize, SectorSize);
                flash._sectors[i] = sector.IndexOfAnyExcept((byte)0xFF) < 0 ? null : sector.ToArray();
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

        private byte[] Own(int sector)
        {
            if (!_own[sector] || _sectors[sector] == null)
            {
                var bytes = new byte[SectorSize];
                bytes.AsSpan().Fill(0xFF);
                _sectors[sector]?.CopyTo(bytes, 0);
                _sectors[sector] = bytes;
                _weak[sector] = (byte[]?)_weak[sector]?.Clone();
                _own[sector] = true;
            }

            return _sectors[sector]!;
        }

        private byte[] OwnWeak(int sector)
        {
            Own(sector);
            return _weak[sector] ??= new byte[SectorSize];
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
