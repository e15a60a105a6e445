using System.Buffers.Binary;
using System.Security.Cryptography;

namespace nanoOta.VirtualDevice.Flash
{
    // What lasts without power, as a whole: copied, compared, hashed.
    public sealed partial class NorFlash
    {
        private NorFlash(NorFlash other)
            : this(other.Sectors)
        {
            Become(other);
        }

        /// <summary>Rises with every change of the content, whoever makes it.</summary>
        internal long Changes { get; private set; }

        /// <summary>Receives each operation before it takes place: whether it erases, and where. Null: nobody wants to know.</summary>
        internal List<(bool Erase, int Offset)>? Trace { get; set; }

        /// <summary>Where the sequence stands by which unstable bits read: two chips with the same number read alike.</summary>
        internal ulong Noise { get; set; } = 1;

        /// <summary>Decides how unstable bits read.</summary>
        public int NoiseSeed
        {
            // Odd, and so never 0, which would stay 0.
            set => Noise = ((ulong)(uint)value * 0x9E3779B97F4A7C15UL) | 1;
        }

        /// <summary>Another chip with the same content, which from then on goes its own way. Its power is on, nothing counted.</summary>
        public NorFlash Copy()
        {
            return new NorFlash(this);
        }

        /// <summary>Shares the blocks of a range with all other chips that hold the same; the content stays as it is.</summary>
        /// <param name="pool">The blocks of all chips.</param>
        /// <param name="offset">Where the range begins, at a block.</param>
        /// <param name="count">Bytes, whole blocks.</param>
        public void Share(BlockPool pool, int offset, int count)
        {
            for (int block = offset / BlockLength; block < (offset + count) / BlockLength; block++)
            {
                if (_own[block] && _blocks[block] is { } bytes && _weak[block] == null)
                {
                    _blocks[block] = pool.Find(bytes);
                    _own[block] = false;
                }
            }
        }

        /// <summary>
        /// SHA-256 over what lasts without power: every byte, and which bits are unstable. Of an unstable bit it does not matter how it
        /// happens to be stored.
        /// </summary>
        public byte[] StateHash()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> number = stackalloc byte[5];
            BinaryPrimitives.WriteInt32LittleEndian(number, Size);
            hash.AppendData(number);
            var merged = new byte[BlockLength];
            for (int block = 0; block < _blocks.Length; block++)
            {
                ReadOnlySpan<byte> weak = IsUnstable(block) ? _weak[block] : [];
                if (weak.IsEmpty && IsBlank(_blocks[block]))
                {
                    continue;
                }

                BinaryPrimitives.WriteInt32LittleEndian(number, block);
                number[4] = weak.IsEmpty ? (byte)0 : (byte)1;
                hash.AppendData(number);
                ReadOnlySpan<byte> bytes = _blocks[block];
                for (int i = 0; i < weak.Length; i++)
                {
                    merged[i] = (byte)(bytes[i] | weak[i]);
                }

                hash.AppendData(weak.IsEmpty ? bytes : merged);
                hash.AppendData(weak);
            }

            return hash.GetHashAndReset();
        }

        /// <summary>Takes over another chip's content, and how its unstable bits will read next. Both go their own way from then on.</summary>
        internal void Become(NorFlash other)
        {
            Array.Clear(other._own);
            Array.Clear(_own);
            other._blocks.CopyTo(_blocks, 0);
            other._weak.CopyTo(_weak, 0);
            other._erases.CopyTo(_erases, 0);
            Worn = [.. other.Worn];
            Noise = other.Noise;
        }

        /// <summary>Whether a block holds the same bytes as another chip's, and the same bits are unstable.</summary>
        internal bool IsSame(NorFlash other, int block)
        {
            bool unstable = IsUnstable(block);
            return unstable == other.IsUnstable(block) && (!unstable || _weak[block].AsSpan().SequenceEqual(other._weak[block]))
                && (IsBlank(_blocks[block]) ? IsBlank(other._blocks[block]) : _blocks[block].AsSpan().SequenceEqual(other._blocks[block]));
        }

        private static bool IsBlank(byte[]? block)
        {
            return block == null || block.AsSpan().IndexOfAnyExcept((byte)0xFF) < 0;
        }

        private bool IsUnstable(int block)
        {
            return _weak[block] != null && _weak[block].AsSpan().IndexOfAnyExcept((byte)0) >= 0;
        }

        // Xorshift, Marsaglia 2003, with the multiplier of xorshift64*: a generator whose state is one number can be copied.
        private int NextNoise()
        {
            ulong x = Noise;
            x ^= x >> 12;
            x ^= x << 25;
            x ^= x >> 27;
            Noise = x;
            return (int)((x * 0x2545F4914F6CDD1DUL) >> 56);
        }
    }
}
