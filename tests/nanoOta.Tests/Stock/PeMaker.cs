using System.Buffers.Binary;
using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Stock
{
    /// <summary>
    /// An assembly (NFMRK1) by the rules of nanoFramework's metadata processor, each name given as the number that stands in the file:
    /// an offset into the strings, or that of a string which the CLR has built in.
    /// </summary>
    internal sealed record PeMaker(ushort Name, int Major, int Minor, int Build)
    {
        private const int HeaderSize = 124;

        public (ushort Name, int Major, int Minor)[] References { get; init; } = [];

        /// <summary>The strings with the offset of each; the first is always the empty one.</summary>
        public (int Offset, string Text)[] Strings { get; init; } = [];

        public byte[] Make()
        {
            int strings = HeaderSize + (References.Length * 12);
            int used = Strings.Select(text => text.Offset + Encoding.UTF8.GetByteCount(text.Text) + 1).Append(1).Max();
            var bytes = new byte[strings + ((used + 3) & ~3)];
            "NFMRK1\0\0"u8.CopyTo(bytes);
            Versions(28, Major, Minor, Build);
            U16(36, Name);
            U16(38, 1);
            for (int table = 0; table < 16; table++)
            {
                U32(40 + (4 * table), (uint)(table == 0 ? HeaderSize : table <= 11 ? strings : bytes.Length));
            }

            bytes[108 + 11] = (byte)(bytes.Length - strings - used);
            for (int i = 0; i < References.Length; i++)
            {
                U16(HeaderSize + (12 * i), References[i].Name);
                Versions(HeaderSize + (12 * i) + 4, References[i].Major, References[i].Minor, 0);
            }

            foreach ((int offset, string text) in Strings)
            {
                Encoding.UTF8.GetBytes(text, bytes.AsSpan(strings + offset));
            }

            U32(12, Crc32.Nano(bytes.AsSpan(HeaderSize)));
            U32(8, Crc32.Nano(bytes.AsSpan(0, HeaderSize)));
            return bytes;

            void U16(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)value);

            void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);

            void Versions(int at, params int[] numbers)
            {
                for (int i = 0; i < numbers.Length; i++)
                {
                    U16(at + (2 * i), numbers[i]);
                }
            }
        }
    }
}
