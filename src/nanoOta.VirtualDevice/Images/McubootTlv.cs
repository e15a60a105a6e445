namespace nanoOta.VirtualDevice.Images
{
    /// <summary>One tag-length-value entry behind an MCUboot image.</summary>
    /// <param name="Type">IMAGE_TLV_… of MCUboot's image.h.</param>
    /// <param name="Protected">Whether the image's hash covers it.</param>
    /// <param name="Offset">Where its value begins in the file.</param>
    /// <param name="Value">Its bytes.</param>
    public sealed record McubootTlv(ushort Type, bool Protected, int Offset, byte[] Value)
    {
        internal const ushort KeyHash = 0x01;
        internal const ushort Sha256 = 0x10;
        internal const ushort Sha384 = 0x11;
        internal const ushort Sha512 = 0x12;
        internal const ushort Rsa2048Pss = 0x20;
        internal const ushort Ecdsa = 0x22;
        internal const ushort Rsa3072Pss = 0x23;
        internal const ushort Ed25519 = 0x24;
        internal const ushort SignaturePure = 0x25;

        private static readonly Dictionary<ushort, string> _names = new()
        {
            [KeyHash] = "key hash",
            [0x02] = "public key",
            [Sha256] = "SHA-256",
            [Sha384] = "SHA-384",
            [Sha512] = "SHA-512",
            [Rsa2048Pss] = "RSA-2048 PSS signature",
            [0x21] = "ECDSA P-224 signature",
            [Ecdsa] = "ECDSA signature",
            [Rsa3072Pss] = "RSA-3072 PSS signature",
            [Ed25519] = "Ed25519 signature",
            [SignaturePure] = "signature covers the image itself",
            [0x30] = "encryption key, RSA-2048",
            [0x31] = "encryption key, AES key wrap",
            [0x32] = "encryption key, EC P-256",
            [0x33] = "encryption key, X25519",
            [0x34] = "encryption key, X25519 with SHA-512",
            [0x40] = "dependency",
            [0x50] = "security counter",
            [0x60] = "boot record",
            [0x70] = "size when decompressed",
            [0x71] = "SHA when decompressed",
            [0x72] = "signature when decompressed",
            [0x73] = "size when decrypted and compressed",
            [0x74] = "vendor",
            [0x75] = "device class",
        };

        /// <summary>The type in words.</summary>
        public string Name => _names.GetValueOrDefault(Type, $"TLV 0x{Type:X4}");

        /// <summary>Whether this is a signature, of whatever kind.</summary>
        public bool IsSignature => Type is >= Rsa2048Pss and <= Ed25519;
    }
}
