using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Deltas
{
    /// <summary>How a record holds its piece.</summary>
    public enum PatchMethod : byte
    {
        /// <summary>As it is.</summary>
        Stored = 0,

        /// <summary>As a standard LZ4 block.</summary>
        Lz4 = 1,
    }

    /// <summary>The head of a record in a patch file: one for each piece of each part that the predecessor does not hold, in the image's order (docs/delta.md).</summary>
    /// <remarks>
    /// LZ4 reaches back 65535 bytes, and to where a piece of the new part lies in the old one it is as far as from there to the dictionary's
    /// end. With pieces, and a dictionary that ends 16 KiB behind the piece, it is never further than 48 KiB, however large the part is.
    /// </remarks>
    /// <param name="Dictionary">Which part of the predecessor is the dictionary, from 0; <see cref="NoDictionary"/>: none.</param>
    /// <param name="Method">How the part is held.</param>
    /// <param name="Length">Bytes that follow the head.</param>
    public readonly record struct PatchRecord(ushort Dictionary, PatchMethod Method, int Length)
    {
        /// <summary>Bytes of a head: u16 dictionary, u8 method, u8 0, u32 length; little-endian.</summary>
        public const int HeadLength = 8;

        /// <summary>Stands for no dictionary.</summary>
        public const ushort NoDictionary = 0xFFFF;

        /// <summary>Bytes of a piece; the last one of a part has what is left.</summary>
        public const int PieceLength = 32768;

        private const int Ahead = 16384;

        /// <summary>Reads a head; nothing in it is judged but the fourth byte.</summary>
        /// <param name="bytes">At least <see cref="HeadLength"/> bytes.</param>
        /// <returns>The head; null when the fourth byte is not 0 or the length is above 2147483647.</returns>
        public static PatchRecord? Read(ReadOnlySpan<byte> bytes)
        {
            uint length = U32(bytes, 4);
            return bytes[3] == 0 && length <= int.MaxValue ? new PatchRecord(U16(bytes, 0), (PatchMethod)bytes[2], (int)length) : null;
        }

        /// <summary>What a piece has as its dictionary.</summary>
        /// <param name="old">The predecessor's part.</param>
        /// <param name="start">Where the piece begins in its part.</param>
        public static ReadOnlySpan<byte> DictionaryOf(ReadOnlySpan<byte> old, int start)
        {
            return old[..(int)Math.Min(old.Length, (long)start + PieceLength + Ahead)];
        }

        /// <summary>The head's bytes.</summary>
        public byte[] ToBytes()
        {
            var bytes = new byte[HeadLength];
            Put(bytes, 0, Dictionary);
            bytes[2] = (byte)Method;
            Put(bytes, 4, (uint)Length);
            return bytes;
        }
    }
}
