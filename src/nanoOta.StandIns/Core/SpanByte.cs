namespace System
{
    /// <summary>
    /// Stands in for the device's span. <c>CopyTo</c> is left out on purpose: on the device that of a slice copies other
    /// bytes than the slice's (CoreLibrary 1.17, SpanByte.cs), so code that uses it should not pass here.
    /// </summary>
    public readonly ref struct SpanByte
    {
        private readonly Span<byte> _bytes;

        /// <summary>All of an array; nothing for null.</summary>
        public SpanByte(byte[]? array)
        {
            _bytes = array;
        }

        /// <summary>Part of an array.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The range is not within the array.</exception>
        public SpanByte(byte[]? array, int start, int length)
        {
            _bytes = new Span<byte>(array, start, length);
        }

        /// <summary>A span of no bytes.</summary>
        public static SpanByte Empty => default;

        /// <summary>Number of bytes.</summary>
        public int Length => _bytes.Length;

        /// <summary>Whether <see cref="Length"/> is 0.</summary>
        public bool IsEmpty => _bytes.IsEmpty;

        /// <summary>One byte, counted from 0.</summary>
        /// <exception cref="ArgumentOutOfRangeException">Not within the span.</exception>
        public byte this[int index]
        {
            get => _bytes.Slice(index, 1)[0];
            set => _bytes.Slice(index, 1)[0] = value;
        }

        /// <summary>The rest of the span, from an index.</summary>
        /// <exception cref="ArgumentOutOfRangeException">Not within the span.</exception>
        public SpanByte Slice(int start) => new(_bytes[start..]);

        /// <summary>Part of the span.</summary>
        /// <exception cref="ArgumentOutOfRangeException">Not within the span.</exception>
        public SpanByte Slice(int start, int length) => new(_bytes.Slice(start, length));

        /// <summary>The bytes themselves, for other stand-ins.</summary>
        internal Span<byte> Bytes => _bytes;

        /// <summary>A copy of the bytes.</summary>
        public byte[] ToArray() => _bytes.ToArray();

        /// <summary>All of an array.</summary>
        public static implicit operator SpanByte(byte[]? array) => new(array);

        private SpanByte(Span<byte> bytes)
        {
            _bytes = bytes;
        }
    }
}
