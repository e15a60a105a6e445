using System.Buffers.Binary;
using System.Security.Cryptography;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Mcu
{
    /// <summary>Makes MCUboot images that are whole and not signed: header, payload, and the SHA-256 over both.</summary>
    public static class McubootImages
    {
        /// <summary>Bytes that an image has beside its payload.</summary>
        public const int Overhead = HeaderLength + 40;

        private const int HeaderLength = 32;

        /// <summary>Makes an image.</summary>
        /// <param name="version">a.b.c.</param>
        /// <param name="payload">Bytes of payload, made up.</param>
        /// <param name="seed">Another one gives another payload.</param>
        public static byte[] Make(string version, int payload, ulong seed = 0)
        {
            int[] parts = [.. version.Split('.').Select(int.Parse)];
            var image = new byte[HeaderLength + payload];
            BinaryPrimitives.WriteUInt32LittleEndian(image, McubootImage.Magic);
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(8), HeaderLength);
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(12), payload);
            image[20] = (byte)parts[0];
            image[21] = (byte)parts[1];
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(22), (ushort)parts[2]);
            new Random(payload * 31 + parts[0] * 7 + parts[1] * 3 + parts[2] + (int)seed).NextBytes(image.AsSpan(HeaderLength));
            byte[] tlvs = [0x07, 0x69, 40, 0, 0x10, 0, 32, 0, .. SHA256.HashData(image)];
            return [.. image, .. tlvs];
        }
    }
}
