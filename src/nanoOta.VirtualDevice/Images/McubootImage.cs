using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>An MCUboot image, alone or with the trailer of its slot (docs/images.md; MCUboot's image.h). Reading never throws on its bytes.</summary>
    public sealed class McubootImage
    {
        /// <summary>The first four bytes, little-endian.</summary>
        public const uint Magic = 0x96F3B83D;

        private const int HeaderSize = 32;
        private const ushort ProtectedMagic = 0x6908;
        private const ushort UnprotectedMagic = 0x6907;
        private const uint EncryptedFlags = 0x0000000C;
        private const int Ed25519Length = 64;

        private readonly List<McubootTlv> _tlvs = [];
        private readonly List<ImageCheck> _checks = [];

        private McubootImage()
        {
        }

        /// <summary>"major.minor.revision" and, when it is not 0, "+build".</summary>
        public string Version { get; private set; } = "";

        /// <summary>Bytes in front of the payload.</summary>
        public int PayloadOffset { get; private set; }

        /// <summary>Bytes of payload: what a nanoFramework slot holds as deployment or CLR.</summary>
        public int PayloadLength { get; private set; }

        /// <summary>IMAGE_F_… of the header.</summary>
        public uint Flags { get; private set; }

        /// <summary>The entries of both areas, the protected ones first.</summary>
        public IReadOnlyList<McubootTlv> Tlvs => _tlvs;

        /// <summary>Bytes up to the end of the last TLV area; 0 when it could not be followed so far.</summary>
        public int Length { get; private set; }

        /// <summary>The slot's trailer; null when the file is the image alone.</summary>
        public McubootTrailer? Trailer { get; private set; }

        /// <summary>Every check that was made.</summary>
        public IReadOnlyList<ImageCheck> Checks => _checks;

        /// <summary>Whether every check holds. Without a key the signature is not among them.</summary>
        public bool Sound => Checks.All(check => check.Ok);

        /// <summary>Reads an image file or a whole slot.</summary>
        /// <param name="bytes">The file.</param>
        /// <param name="publicKeyPem">An ECDSA P-256 or RSA public key to verify the signature with; without it the signature is only named.</param>
        /// <exception cref="ArgumentException">The key is not a PEM public key of these kinds.</exception>
        public static McubootImage Read(ReadOnlySpan<byte> bytes, string? publicKeyPem = null)
        {
            using McubootKey? key = publicKeyPem == null ? null : McubootKey.FromPem(publicKeyPem);
            var image = new McubootImage();
            if (image.ReadHeader(bytes) && image.ReadTlvAreas(bytes, out int hashed))
            {
                byte[]? digest = image.CheckHash(bytes[..hashed]);
                image.CheckSignature(key, digest);
                image.CheckTrailing(bytes);
            }

            return image;
        }

        /// <summary>The uniform report.</summary>
        public ImageReport Report()
        {
            McubootTlv? signature = _tlvs.Find(tlv => tlv.IsSignature);
            List<ImageFact> facts =
            [
                new("Version", Version),
                new("Payload", $"{PayloadLength} bytes at offset 0x{PayloadOffset:X}"),
                new("Flags", $"0x{Flags:X8}"),
                new("Signature", signature?.Name ?? "none"),
            ];
            if (Trailer is { } t)
            {
                facts.Add(new("Trailer", $"alignment {t.Alignment}, image_ok {Word(t.ImageOk)}, copy_done {Word(t.CopyDone)}, swap {t.Swap}"));
            }

            var contents = _tlvs.Select(tlv => $"0x{tlv.Offset:X6} {tlv.Value.Length,8} bytes  {tlv.Name}{(tlv.Protected ? ", protected" : "")}");
            return new ImageReport(ImageKind.Mcuboot, $"MCUboot image {Version}".TrimEnd(), Version, facts, [.. contents], Checks);
        }

        private static string Word(bool? flag)
        {
            return flag switch { true => "set", false => "unset", null => "bad" };
        }

        private bool ReadHeader(ReadOnlySpan<byte> bytes)
        {
            bool magic = bytes.Length >= HeaderSize && U32(bytes, 0) == Magic;
            long end = magic ? (long)U16(bytes, 8) + U32(bytes, 12) : 0;
            bool ok = magic && U16(bytes, 8) >= HeaderSize && end <= bytes.Length;
            _checks.Add(ImageCheck.Of("Header", ok, "Magic and sizes are right.", magic
                ? $"Offset 0x8: a header of {U16(bytes, 8)} and a payload of {U32(bytes, 12)} bytes do not fit into {bytes.Length} bytes."
                : $"Offset 0x0: no MCUboot header in {bytes.Length} bytes."));
            if (!ok)
            {
                return false;
            }

            PayloadOffset = U16(bytes, 8);
            PayloadLength = (int)U32(bytes, 12);
            Flags = U32(bytes, 16);
            uint build = U32(bytes, 24);
            Version = $"{bytes[20]}.{bytes[21]}.{U16(bytes, 22)}{(build == 0 ? "" : $"+{build}")}";
            return true;
        }

        private bool ReadTlvAreas(ReadOnlySpan<byte> bytes, out int hashed)
        {
            int offset = PayloadOffset + PayloadLength;
            int protectedSize = U16(bytes, 10);
            string? fault = protectedSize == 0 ? null : ReadArea(bytes, ref offset, ProtectedMagic, protectedSize);
            hashed = offset;
            fault ??= ReadArea(bytes, ref offset, UnprotectedMagic, null);
            _checks.Add(ImageCheck.Of("TLVs", fault == null, $"{_tlvs.Count} entries end at offset 0x{offset:X}.", fault ?? ""));
            Length = fault == null ? offset : 0;
            return fault == null;
        }

        /// <summary>Reads one area and moves <paramref name="offset"/> behind it; answers what is wrong.</summary>
        private string? ReadArea(ReadOnlySpan<byte> bytes, ref int offset, ushort magic, int? size)
        {
            if (bytes.Length - offset < 4 || U16(bytes, offset) != magic)
            {
                return $"Offset 0x{offset:X}: no TLV area with magic 0x{magic:X4}.";
            }

            int total = U16(bytes, offset + 2);
            if (total < 4 || total > bytes.Length - offset || (size ?? total) != total)
            {
                return $"Offset 0x{offset + 2:X}: a TLV area of {total} bytes; {(size == null ? "" : $"the header states {size}, ")}{bytes.Length - offset} are left.";
            }

            int end = offset + total;
            for (int entry = offset + 4; entry < end;)
            {
                if (end - entry < 4 || U16(bytes, entry + 2) > end - entry - 4)
                {
                    return $"Offset 0x{entry:X}: a TLV reaches beyond its area, which ends at 0x{end:X}.";
                }

                int length = U16(bytes, entry + 2);
                _tlvs.Add(new McubootTlv(U16(bytes, entry), magic == ProtectedMagic, entry + 4, bytes.Slice(entry + 4, length).ToArray()));
                entry += 4 + length;
            }

            offset = end;
            return null;
        }

        /// <summary>The digest that the image's hash TLV must hold; null when it does not.</summary>
        private byte[]? CheckHash(ReadOnlySpan<byte> hashed)
        {
            const string Name = "Hash";
            McubootTlv? stored = _tlvs.Find(tlv => tlv.Type is McubootTlv.Sha256 or McubootTlv.Sha384 or McubootTlv.Sha512);
            if (stored == null && _tlvs.Find(tlv => tlv.Type == McubootTlv.SignaturePure) is { } pure)
            {
                CheckPure(pure);
                return null;
            }

            if (stored == null || (Flags & EncryptedFlags) != 0)
            {
                _checks.Add(new ImageCheck(Name, false, stored == null ? "There is no hash TLV." : "The payload is encrypted and the hash is that of the plain one: it cannot be checked here."));
                return null;
            }

            byte[] digest = McubootKey.Digest(stored.Type, hashed);
            bool ok = digest.AsSpan().SequenceEqual(stored.Value);
            _checks.Add(ImageCheck.Of(Name, ok, $"The {stored.Name} TLV agrees.", $"Offset 0x{stored.Offset:X}: the {stored.Name} TLV is not the hash of the {hashed.Length} bytes before it."));
            return ok ? digest : null;
        }

        // bootutil_check_for_pure of MCUboot: the mark is one byte, 1. imgtool makes such signatures with Ed25519 alone, and no hash.
        private void CheckPure(McubootTlv pure)
        {
            McubootTlv? signature = _tlvs.Find(tlv => tlv.Type == McubootTlv.Ed25519);
            string? fault = pure.Value is not [1] ? $"Offset 0x{pure.Offset:X}: the mark that the signature covers the image itself is not one byte of 1, and there is no hash TLV."
                : signature?.Value.Length != Ed25519Length ? $"Neither a hash TLV nor an Ed25519 signature of {Ed25519Length} bytes covers the image."
                : null;
            _checks.Add(ImageCheck.Of("Hash", fault == null, "There is none: the Ed25519 signature covers the image itself. Damage shows only to the one who has the key.", fault ?? ""));
        }

        private void CheckSignature(McubootKey? key, byte[]? digest)
        {
            const string Name = "Signature";
            McubootTlv? signature = _tlvs.Find(tlv => tlv.IsSignature);
            if (key == null)
            {
                _checks.Add(new ImageCheck(Name, true, signature == null ? "There is none." : $"{signature.Name}: not verified, no key was given."));
                return;
            }

            McubootTlv? keyHash = _tlvs.Find(tlv => tlv.Type == McubootTlv.KeyHash);
            _checks.Add(ImageCheck.Of("Key", keyHash != null && key.HasHash(keyHash.Value), "The image names the given key.", keyHash == null
                ? "There is no key hash TLV." : $"Offset 0x{keyHash.Offset:X}: the image was signed with another key."));
            bool ok = signature != null && digest != null && key.Verifies(signature, digest);
            _checks.Add(ImageCheck.Of(Name, ok, $"{signature?.Name}: verified with the given key.", signature == null
                ? "There is none." : $"Offset 0x{signature.Offset:X}: the {signature.Name} does not verify with the given key."));
        }

        private void CheckTrailing(ReadOnlySpan<byte> bytes)
        {
            Trailer = McubootTrailer.Read(bytes, Length);
            if (Trailer != null)
            {
                _checks.Add(ImageCheck.Of("Trailer", Trailer.ImageOk != null && Trailer.CopyDone != null, "The slot's trailer is well formed.",
                    $"Offset 0x{Trailer.Offset:X}: image_ok or copy_done is neither set (0x01) nor unset (0xFF)."));
                return;
            }

            int stray = bytes[Length..].IndexOfAnyExcept((byte)0xFF);
            _checks.Add(ImageCheck.Of("Trailing bytes", stray < 0, $"{bytes.Length - Length} erased bytes follow.", $"Offset 0x{Length + stray:X}: bytes behind the image that are neither erased nor a trailer."));
        }
    }
}
