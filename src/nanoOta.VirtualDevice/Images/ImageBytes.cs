using System.Buffers.Binary;
using System.Text;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>Little-endian fields and untrusted text. The caller has checked that the bytes are there.</summary>
    internal static class ImageBytes
    {
        public static ushort U16(ReadOnlySpan<byte> bytes, int offset)
        {
            return BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);
        }

        public static uint U32(ReadOnlySpan<byte> bytes, int offset)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
        }

        public static void Put(Span<byte> bytes, int offset, ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);
        }

        public static void Put(Span<byte> bytes, int offset, uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
        }

        /// <summary>UTF-8 up to the first NUL or the end. Control characters are replaced: a file must not steer the terminal it is printed on.</summary>
        public static string Text(ReadOnlySpan<byte> bytes)
        {
            int end = bytes.IndexOf((byte)0);
            string text = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
            return string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        }

        public static long AlignUp(long value, int alignment)
        {
            return (value + alignment - 1) / alignment * alignment;
        }
    }
}
