namespace nanoOta.VirtualDevice.Flash
{
    /// <summary>How a flash is divided into what is erased at once. Each sector is a multiple of a block.</summary>
    public sealed class FlashSectors
    {
        // For each block where its sector begins, and for the first block of each sector its length.
        private readonly int[] _start;
        private readonly int[] _length;

        /// <summary>Sectors of these lengths, one behind the other.</summary>
        public FlashSectors(IReadOnlyList<int> lengths)
        {
            Size = lengths.Sum();
            _start = new int[Size / NorFlash.BlockLength];
            _length = new int[_start.Length];
            int start = 0;
            foreach (int length in lengths)
            {
                _length[start / NorFlash.BlockLength] = length;
                _start.AsSpan(start / NorFlash.BlockLength, length / NorFlash.BlockLength).Fill(start);
                start += length;
            }
        }

        /// <summary>Bytes in all.</summary>
        public int Size { get; }

        /// <summary>Sectors of one block each.</summary>
        /// <param name="size">Bytes in all.</param>
        public static FlashSectors OfBlocks(int size)
        {
            return new FlashSectors([.. Enumerable.Repeat(NorFlash.BlockLength, size / NorFlash.BlockLength)]);
        }

        /// <summary>The length of the sector that begins at an offset; 0 when none begins there.</summary>
        public int LengthAt(int offset)
        {
            return offset >= 0 && offset < Size && offset % NorFlash.BlockLength == 0 ? _length[offset / NorFlash.BlockLength] : 0;
        }

        /// <summary>Where the sector begins that an offset lies in.</summary>
        public int StartOf(int offset)
        {
            return _start[offset / NorFlash.BlockLength];
        }

        /// <summary>Where each sector of a range begins.</summary>
        public IEnumerable<int> In(uint offset, uint end)
        {
            for (int at = (int)offset; at < end; at += LengthAt(at))
            {
                yield return at;
            }
        }
    }
}
