using System.Security.Cryptography;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>
    /// What ESP-IDF's Secure Boot finds behind an application image, checked as espsecure's signature-info does it: version 1 are 68 bytes
    /// right behind the image, version 2 a sector at the next multiple of 4 KiB. Whose signature it is takes the key to tell.
    /// </summary>
    public sealed class EspSignature
    {
        /// <summary>Bytes of a version 1 signature: a number that is 0, and an ECDSA signature over P-256.</summary>
        internal const int Version1Size = 68;

        /// <summary>Bytes of a version 2 signature, and what its place is a multiple of.</summary>
        internal const int SectorSize = 0x1000;

        internal const int BlockSize = 1216;
        internal const int MaximumBlocks = 3;
        internal const int CrcOffset = 1196;
        internal const byte BlockMagic = 0xE7;
        internal const byte RsaBlock = 2;
        internal const byte EcdsaBlock = 3;

        private readonly List<string> _blocks = [];
        private readonly List<string> _faults = [];

        private EspSignature(int version, int offset)
        {
            Version = version;
            Offset = offset;
        }

        /// <summary>Of Secure Boot: 1 or 2.</summary>
        public int Version { get; }

        /// <summary>Where it begins in the file; all before that is signed.</summary>
        public int Offset { get; }

        /// <summary>Its signatures in words; of version 2 with the digest of the public key, as it is burnt into the chip.</summary>
        public IReadOnlyList<string> Blocks => _blocks;

        /// <summary>What is wrong with it, one sentence each.</summary>
        internal IReadOnlyCollection<string> Faults => _faults;

        /// <summary>The signature between the end of the image and that of the file; null when it is none.</summary>
        internal static EspSignature? Read(ReadOnlySpan<byte> file, int imageEnd)
        {
            int rest = file.Length - imageEnd;
            if (rest == Version1Size)
            {
                var signature = new EspSignature(1, imageEnd);
                signature.ReadVersion1(U32(file, imageEnd));
                return signature;
            }

            int sector = file.Length - SectorSize;
            if (rest < SectorSize || file[sector] != BlockMagic || rest >= 2 * SectorSize)
            {
                return null;
            }

            var sectorSignature = new EspSignature(2, sector);
            sectorSignature.ReadVersion2(file, imageEnd);
            return sectorSignature;
        }

        private void ReadVersion1(uint number)
        {
            _blocks.Add("ECDSA over P-256");
            if (number != 0)
            {
                _faults.Add($"Offset 0x{Offset:X}: a Secure Boot signature of version 1 begins with 0, this one with {number}.");
            }
        }

        private void ReadVersion2(ReadOnlySpan<byte> file, int imageEnd)
        {
            if (Offset % SectorSize != 0)
            {
                _faults.Add($"Offset 0x{Offset:X}: the signature sector is at no multiple of 0x{SectorSize:X}; sign without --skip-padding.");
            }

            int stray = file[imageEnd..Offset].IndexOfAnyExcept((byte)0xFF);
            if (stray >= 0)
            {
                _faults.Add($"Offset 0x{imageEnd + stray:X}: between image and signature sector there is more than erased bytes (0xFF).");
            }

            int end = Offset;
            for (int i = 0; i < MaximumBlocks && file[end..(end + BlockSize)].ContainsAnyExcept((byte)0xFF); i++, end += BlockSize)
            {
                ReadBlock(file[..Offset], file.Slice(end, BlockSize), i, end);
            }

            stray = file[end..].IndexOfAnyExcept((byte)0xFF);
            if (stray >= 0)
            {
                _faults.Add($"Offset 0x{end + stray:X}: a byte behind the last signature block is not 0xFF.");
            }
        }

        private void ReadBlock(ReadOnlySpan<byte> image, ReadOnlySpan<byte> block, int number, int offset)
        {
            byte version = block[1];
            bool isEcdsa384 = version == EcdsaBlock && block[2] == 1;
            int digestLength = isEcdsa384 ? SHA384.HashSizeInBytes : SHA256.HashSizeInBytes;
            ReadOnlySpan<byte> key = block[(4 + digestLength)..];
            string? kind = Kind(version, block[2], key[0]);
            uint crc = Crc32.Ieee(block[..CrcOffset]);
            string where = $"Offset 0x{offset:X}: signature block {number}";
            if (block[0] != BlockMagic || kind == null)
            {
                _faults.Add($"{where} is of no known kind: magic 0x{block[0]:X2}, version {version}, hash {block[2]}, curve {key[0]}.");
                return;
            }

            if (U32(block, CrcOffset) != crc)
            {
                _faults.Add($"{where}: CRC 0x{U32(block, CrcOffset):X8} is stored, 0x{crc:X8} computed.");
            }

            if (block[(CrcOffset + 4)..].ContainsAnyExcept((byte)0))
            {
                _faults.Add($"{where}: its last 16 bytes are not 0.");
            }

            byte[] digest = isEcdsa384 ? SHA384.HashData(image) : SHA256.HashData(image);
            if (!digest.AsSpan().SequenceEqual(block.Slice(4, digestLength)))
            {
                _faults.Add($"{where} is of another image: its digest is not that of the {image.Length} bytes before the sector.");
            }

            int keyLength = version == RsaBlock ? 776 : isEcdsa384 ? 97 : 65;
            _blocks.Add($"{kind}, key digest {Convert.ToHexStringLower(SHA256.HashData(key[..keyLength]))}");
        }

        // RSA has no curve; curves are numbered from 1, and P-384 goes with SHA-384 alone.
        private static string? Kind(byte version, byte hash, byte curve)
        {
            return (version, hash, curve) switch
            {
                (RsaBlock, 0, _) => "RSA-3072 PSS",
                (EcdsaBlock, 0, 1) => "ECDSA over P-192",
                (EcdsaBlock, 0, 2) => "ECDSA over P-256",
                (EcdsaBlock, 1, 3) => "ECDSA over P-384",
                _ => null,
            };
        }
    }
}
