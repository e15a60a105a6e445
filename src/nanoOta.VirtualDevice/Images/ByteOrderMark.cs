namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// The three bytes EF BB BF that editors put before a text in UTF-8. What the tool alone reads is read without them; what devices
    /// read must not have them, since JSON for exchange has none (RFC 8259, 8.1).
    /// </summary>
    public static class ByteOrderMark
    {
        /// <summary>Whether a file begins with one.</summary>
        public static bool IsIn(ReadOnlySpan<byte> bytes)
        {
            return bytes.StartsWith("\uFEFF"u8);
        }

        /// <summary>The bytes behind it; all of them when there is none.</summary>
        public static byte[] Skip(byte[] bytes)
        {
            return IsIn(bytes) ? bytes[3..] : bytes;
        }

        /// <summary>The check of a file that devices read; none when there is no such mark.</summary>
        internal static IEnumerable<ImageCheck> Checks(ReadOnlySpan<byte> bytes)
        {
            return IsIn(bytes)
                ? [new ImageCheck("Byte order mark", false, "Offset 0x0: the file begins with a byte order mark (EF BB BF), and devices refuse that. Save it as UTF-8 without one.")]
                : [];
        }
    }
}
