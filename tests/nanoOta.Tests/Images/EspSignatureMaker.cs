using System.Buffers.Binary;
using System.Security.Cryptography;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    /// <summary>Puts Secure Boot signatures behind images as espsecure does; keys and signatures are any bytes, which nobody verifies here.</summary>
    internal static class EspSignatureMaker
    {
        public const int Sector = 0x1000;
        public const int Block = 1216;

        /// <summary>Version 1: 68 bytes.</summary>
        public static byte[] Version1(byte[] image, uint version = 0)
        {
            return [.. image, .. BitConverter.GetBytes(version), .. Enumerable.Repeat((byte)0x5A, 64)];
        }

        /// <summary>Version 2: padding, and a sector with a block for each kind: 0 RSA, otherwise the number of an ECDSA curve.</summary>
        public static byte[] Version2(byte[] image, params int[] kinds)
        {
            byte[] padded = Pad(image, Sector);
            return [.. padded, .. Pad([.. kinds.SelectMany((kind, i) => BlockOf(padded, kind, (byte)(i + 1)))], Sector)];
        }

        public static byte[] BlockOf(byte[] image, int kind, byte filler)
        {
            var block = new byte[Block];
            block[0] = 0xE7;
            block[1] = (byte)(kind == 0 ? 2 : 3);
            block[2] = (byte)(kind == 3 ? 1 : 0);
            byte[] digest = kind == 3 ? SHA384.HashData(image) : SHA256.HashData(image);
            digest.CopyTo(block, 4);
            int key = 4 + digest.Length;
            int length = kind switch { 0 => 776 + 384, 3 => 1 + 192, _ => 1 + 128 };
            block.AsSpan(key, length).Fill(filler);
            block[key] = kind == 0 ? filler : (byte)kind;
            Seal(block);
            return block;
        }

        /// <summary>Makes the CRC of a block right.</summary>
        public static void Seal(Span<byte> block)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[1196..], Crc32.Ieee(block[..1196]));
        }

        private static byte[] Pad(byte[] bytes, int step)
        {
            return [.. bytes, .. Enumerable.Repeat((byte)0xFF, (step - (bytes.Length % step)) % step)];
        }
    }
}
