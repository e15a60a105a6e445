using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace nanoOta.Profile.Redirect
{
    /// <summary>A copy of an assembly's metadata (ECMA-335 II.24.2) whose string heap can grow and whose rows can be patched.</summary>
    internal sealed class MetadataImage
    {
        private byte[] _bytes;

        public MetadataImage(ImmutableArray<byte> metadata)
        {
            _bytes = [.. metadata];
            byte heapSizes = _bytes[Stream("#~").Offset + 6];
            StringIndexSize = (heapSizes & 1) != 0 ? 4 : 2;
            BlobIndexSize = (heapSizes & 4) != 0 ? 4 : 2;
        }

        public int StringIndexSize { get; }

        public int BlobIndexSize { get; }

        /// <summary>A row of a table, by its offset from the metadata's start. Valid until the next string is appended.</summary>
        public Span<byte> Row(int offset, int size) => _bytes.AsSpan(offset, size);

        public byte[] ToArray() => _bytes;

        /// <summary>Appends to the string heap, which must come after the tables, so that their offsets stay.</summary>
        /// <returns>The string's index.</returns>
        /// <exception cref="InvalidDataException">The tables would need wider indices.</exception>
        public int AppendString(string text)
        {
            (int header, int offset, int size) = Stream("#Strings");
            if (offset < Stream("#~").Offset)
            {
                throw new InvalidDataException("the string heap comes before the tables");
            }

            byte[] added = new byte[(Encoding.UTF8.GetByteCount(text) + 4) & ~3];
            Encoding.UTF8.GetBytes(text, added);
            if (StringIndexSize == 2 && size + added.Length > ushort.MaxValue)
            {
                throw new InvalidDataException($"the string heap of {size} bytes would outgrow the tables' 2-byte indices");
            }

            _bytes = [.. _bytes.AsSpan(0, offset + size), .. added, .. _bytes.AsSpan(offset + size)];
            Write(header + 4, size + added.Length);
            foreach ((string _, int otherHeader, int otherOffset, int _) in Streams())
            {
                if (otherOffset > offset)
                {
                    Write(otherHeader, otherOffset + added.Length);
                }
            }

            return size;
        }

        private (int Header, int Offset, int Size) Stream(string name)
        {
            (string Name, int Header, int Offset, int Size) stream = Streams().Find(stream => stream.Name == name);
            return stream.Name is null
                ? throw new InvalidDataException($"the metadata has no stream {name}")
                : (stream.Header, stream.Offset, stream.Size);
        }

        private List<(string Name, int Header, int Offset, int Size)> Streams()
        {
            var streams = new List<(string, int, int, int)>();
            int position = 16 + Read(12);
            int count = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(position + 2));
            position += 4;
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> name = _bytes.AsSpan(position + 8);
                name = name[..name.IndexOf((byte)0)];
                streams.Add((Encoding.ASCII.GetString(name), position, Read(position), Read(position + 4)));
                position += 8 + ((name.Length + 4) & ~3);
            }

            return streams;
        }

        private int Read(int position) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(position));

        private void Write(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), value);
    }
}
