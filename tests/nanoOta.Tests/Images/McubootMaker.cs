using System.Buffers.Binary;
using System.Security.Cryptography;

namespace nanoOta.Tests.Images
{
    /// <summary>Makes MCUboot images as imgtool does, for tests: no part of the product signs or packs them.</summary>
    internal sealed class McubootMaker
    {
        public int HeaderSize { get; init; } = 0x20;

        public int PayloadSize { get; init; } = 100;

        public uint Flags { get; init; }

        /// <summary>A protected security counter of this value; none when null.</summary>
        public uint? SecurityCounter { get; init; }

        public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

        public AsymmetricAlgorithm? Key { get; init; }

        /// <summary>The value of the mark that the signature covers the image itself; then there is an Ed25519 signature, any bytes, and no hash.</summary>
        public byte[]? Pure { get; init; }

        /// <summary>Bytes of that signature.</summary>
        public int PureSignature { get; init; } = 64;

        /// <summary>Pads to a slot of this size with a trailer of this alignment.</summary>
        public (int Size, int Alignment)? Slot { get; init; }

        public byte[] Make()
        {
            byte[] protectedTlvs = SecurityCounter is { } counter ? Area(0x6908, Tlv(0x50, BitConverter.GetBytes(counter))) : [];
            byte[] image = [.. Header(protectedTlvs.Length), .. Enumerable.Range(0, PayloadSize).Select(i => (byte)(i * 7)), .. protectedTlvs];
            (ushort type, byte[] hash) = Hash.Name switch
            {
                "SHA384" => ((ushort)0x11, SHA384.HashData(image)),
                "SHA512" => ((ushort)0x12, SHA512.HashData(image)),
                _ => ((ushort)0x10, SHA256.HashData(image)),
            };
            byte[] tlvs = Pure == null ? [.. Tlv(type, hash), .. Signature(hash)] : [.. Tlv(0x24, new byte[PureSignature]), .. Tlv(0x25, Pure)];
            return Pad([.. image, .. Area(0x6907, tlvs)]);
        }

        private byte[] Header(int protectedSize)
        {
            var header = new byte[HeaderSize];
            BinaryPrimitives.WriteUInt32LittleEndian(header, 0x96F3B83D);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)HeaderSize);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), (ushort)protectedSize);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), PayloadSize);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Flags);
            header[20] = 3;
            header[21] = 4;
            header[22] = 5;
            return header;
        }

        private byte[] Signature(byte[] hash)
        {
            return Key switch
            {
                ECDsa ecdsa => [.. Tlv(0x01, SHA256.HashData(ecdsa.ExportSubjectPublicKeyInfo())), .. Tlv(0x22, ecdsa.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence))],
                RSA rsa => [.. Tlv(0x01, SHA256.HashData(rsa.ExportRSAPublicKey())), .. Tlv(0x20, rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pss))],
                _ => [],
            };
        }

        private byte[] Pad(byte[] image)
        {
            if (Slot is not (int size, int alignment))
            {
                return image;
            }

            var slot = new byte[size];
            slot.AsSpan().Fill(0xFF);
            image.CopyTo(slot, 0);
            byte[] magic = alignment == 8
                ? Convert.FromHexString("77c295f360d2ef7f3552500f2cb67980")
                : [(byte)alignment, (byte)(alignment >> 8), .. Convert.FromHexString("2de15d29410b8d77679c110f1f8a")];
            magic.CopyTo(slot, size - 16);
            return slot;
        }

        private static byte[] Area(ushort magic, byte[] tlvs)
        {
            return [(byte)magic, (byte)(magic >> 8), (byte)(tlvs.Length + 4), (byte)((tlvs.Length + 4) >> 8), .. tlvs];
        }

        private static byte[] Tlv(ushort type, byte[] value)
        {
            return [(byte)type, (byte)(type >> 8), (byte)value.Length, (byte)(value.Length >> 8), .. value];
        }
    }
}
