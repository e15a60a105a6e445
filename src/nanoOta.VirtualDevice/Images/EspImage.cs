using System.Security.Cryptography;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A segment of an ESP image.</summary>
    /// <param name="LoadAddress">Where the bootloader loads or maps it.</param>
    /// <param name="Offset">Where its data begins in the image.</param>
    /// <param name="Length">Bytes of data.</param>
    public sealed record EspSegment(uint LoadAddress, int Offset, int Length);

    /// <summary>What ESP-IDF's esp_app_desc says about an application.</summary>
    /// <param name="Version">For nanoCLR the firmware's BUILD_VERSION, a.b.c.d.</param>
    /// <param name="Project">"nanoCLR" for nanoFramework's firmware.</param>
    /// <param name="Built">Date and time of the build, as the compiler wrote them.</param>
    /// <param name="IdfVersion">The ESP-IDF it was built with.</param>
    /// <param name="SecureVersion">Anti-rollback counter; 0 unless that is in use.</param>
    public sealed record EspAppDescriptor(string Version, string Project, string Built, string IdfVersion, uint SecureVersion);

    /// <summary>An ESP-IDF application image (docs/images.md; esp_image_format.c of ESP-IDF 5.5). Reading never throws.</summary>
    public sealed class EspImage
    {
        /// <summary>The first byte.</summary>
        public const byte Magic = 0xE9;

        internal const int HeaderSize = 24;
        internal const int SegmentHeaderSize = 8;
        internal const int DescriptorOffset = 32;
        internal const int DescriptorSize = 256;
        internal const uint DescriptorMagic = 0xABCD5432;
        internal const byte ChecksumSeed = 0xEF;
        internal const int HashSize = 32;
        private const int MaximumSegments = 16;

        private readonly List<EspSegment> _segments = [];
        private readonly List<ImageCheck> _checks = [];
        private string _nativesFault = "";

        private EspImage()
        {
        }

        /// <summary>The chip it is for (esp_chip_id_t); <see cref="EspChips"/> names it. A bootloader refuses another chip's.</summary>
        public ushort ChipId { get; private set; }

        /// <summary>The segments, as far as they could be followed.</summary>
        public IReadOnlyList<EspSegment> Segments => _segments;

        /// <summary>Version and project; null when there is no descriptor (a second-stage bootloader has none).</summary>
        public EspAppDescriptor? Descriptor { get; private set; }

        /// <summary>Which native assemblies this CLR holds; null when the image does not say.</summary>
        public NativesDescriptor? Natives { get; private set; }

        /// <summary>Bytes of the image, checksum and hash included, a signature not; 0 when it could not be followed to its end.</summary>
        public int Length { get; private set; }

        /// <summary>The Secure Boot signature that a file has behind the image; null when there is none.</summary>
        public EspSignature? Signature { get; private set; }

        /// <summary>Every check that was made.</summary>
        public IReadOnlyList<ImageCheck> Checks => _checks;

        /// <summary>Whether every check holds.</summary>
        public bool Sound => Checks.All(check => check.Ok);

        /// <summary>Reads an image file: everything is checked, and behind the image there may be a Secure Boot signature and nothing else.</summary>
        public static EspImage Read(ReadOnlySpan<byte> file)
        {
            EspImage image = ReadSlot(file);
            image.CheckFile(file);
            return image;
        }

        /// <summary>
        /// Reads the image at the start of a flash partition and checks what ESP-IDF's bootloader does: header, segments, checksum and hash;
        /// what lies behind is no concern. Whether it is for this chip is for the caller to compare.
        /// </summary>
        public static EspImage ReadSlot(ReadOnlySpan<byte> slot)
        {
            var image = new EspImage();
            if (image.ReadHeader(slot) && image.ReadSegments(slot))
            {
                image.ReadDescriptor(slot);
                image.CheckTail(slot);
            }

            return image;
        }

        /// <summary>The uniform report of an image file.</summary>
        public ImageReport Report()
        {
            string chip = EspChips.Name(ChipId) ?? $"unknown chip {ChipId}";
            List<ImageFact> facts = [new("Chip", chip), new("Length", $"{Length} bytes")];
            if (Descriptor is { } d)
            {
                facts.AddRange([new("Project", d.Project), new("Version", d.Version), new("Built", d.Built), new("ESP-IDF", d.IdfVersion), new("Secure version", $"{d.SecureVersion}")]);
            }

            facts.Add(new("Native assemblies", Natives == null ? "not stated" : $"{Natives.Count}"));
            if (Signature != null)
            {
                facts.Add(new("Secure Boot", $"version {Signature.Version}, signature at offset 0x{Signature.Offset:X}: {string.Join("; ", Signature.Blocks)}"));
            }

            string title = $"ESP application image for {chip}: {Descriptor?.Project ?? "no descriptor"} {Descriptor?.Version}".TrimEnd();
            var contents = _segments.Select(s => $"0x{s.Offset:X6} {s.Length,8} bytes  segment loaded at 0x{s.LoadAddress:X8}");
            return new ImageReport(ImageKind.EspApplication, title, Descriptor?.Version ?? "", facts, [.. contents], Checks);
        }

        internal static byte Checksum(ReadOnlySpan<byte> segment, byte sum)
        {
            foreach (byte value in segment)
            {
                sum ^= value;
            }

            return sum;
        }

        private bool ReadHeader(ReadOnlySpan<byte> bytes)
        {
            bool ok = bytes.Length >= HeaderSize && bytes[0] == Magic && bytes[1] is >= 1 and <= MaximumSegments;
            _checks.Add(ImageCheck.Of("Header", ok, "Magic and segment count are right.", bytes.Length < HeaderSize
                ? $"Offset 0x0: {bytes.Length} bytes, the header alone has {HeaderSize}."
                : $"Offset 0x0: magic 0x{bytes[0]:X2} with {bytes[1]} segments; wanted are 0x{Magic:X2} and 1 to {MaximumSegments}."));
            ChipId = ok ? U16(bytes, 12) : ushort.MaxValue;
            return ok;
        }

        private bool ReadSegments(ReadOnlySpan<byte> bytes)
        {
            int offset = HeaderSize;
            string? fault = null;
            for (int i = 0; i < bytes[1] && fault == null; i++)
            {
                uint length = bytes.Length - offset < SegmentHeaderSize ? uint.MaxValue : U32(bytes, offset + 4);
                if (length % 4 != 0 || length > bytes.Length - offset - SegmentHeaderSize)
                {
                    fault = $"Offset 0x{offset:X}: segment {i} does not fit: {(length == uint.MaxValue ? "no room for its header" : $"{length} bytes")}, {bytes.Length - offset} bytes are left.";
                }
                else
                {
                    _segments.Add(new EspSegment(U32(bytes, offset), offset + SegmentHeaderSize, (int)length));
                    offset += SegmentHeaderSize + (int)length;
                }
            }

            _checks.Add(ImageCheck.Of("Segments", fault == null, $"{_segments.Count} segments end at offset 0x{offset:X}.", fault ?? ""));
            Length = fault == null ? (int)AlignUp(offset + 1, 16) : 0;
            return fault == null;
        }

        private void CheckTail(ReadOnlySpan<byte> bytes)
        {
            int hashOffset = Length;
            bool hashAppended = bytes[23] != 0;
            Length += hashAppended ? HashSize : 0;
            if (Length > bytes.Length)
            {
                _checks.Add(new ImageCheck("Checksum", false, $"Offset 0x{bytes.Length:X}: cut off, the image has {Length} bytes."));
                Length = 0;
                return;
            }

            byte sum = ChecksumSeed;
            foreach (EspSegment segment in _segments)
            {
                sum = Checksum(bytes.Slice(segment.Offset, segment.Length), sum);
            }

            byte stored = bytes[hashOffset - 1];
            _checks.Add(ImageCheck.Of("Checksum", sum == stored, "The segments' checksum agrees.", $"Offset 0x{hashOffset - 1:X}: checksum 0x{stored:X2} is stored, 0x{sum:X2} computed."));
            bool hashOk = !hashAppended || SHA256.HashData(bytes[..hashOffset]).AsSpan().SequenceEqual(bytes.Slice(hashOffset, HashSize));
            _checks.Add(ImageCheck.Of("SHA-256", hashOk,
                hashAppended ? "The appended hash agrees." : "No hash is appended; the checksum alone protects this image.",
                $"Offset 0x{hashOffset:X}: the appended hash is not that of the bytes before it."));
        }

        private void ReadDescriptor(ReadOnlySpan<byte> bytes)
        {
            EspSegment first = _segments[0];
            if (first.Length < DescriptorSize || U32(bytes, DescriptorOffset) != DescriptorMagic)
            {
                return;
            }

            ReadOnlySpan<byte> d = bytes.Slice(DescriptorOffset, DescriptorSize);
            Descriptor = new EspAppDescriptor(Text(d.Slice(16, 32)), Text(d.Slice(48, 32)), $"{Text(d.Slice(96, 16))} {Text(d.Slice(80, 16))}", Text(d.Slice(112, 32)), U32(d, 4));
            ReadOnlySpan<byte> behind = bytes[NativesDescriptor.FileOffset..(first.Offset + first.Length)];
            if (NativesDescriptor.IsAt(behind))
            {
                Natives = NativesDescriptor.Read(behind, out _nativesFault);
            }
        }

        private void CheckFile(ReadOnlySpan<byte> file)
        {
            if (Length == 0)
            {
                return; // the image could not be followed to its end, which says enough
            }

            _checks.Add(ImageCheck.Of("Chip", EspChips.Name(ChipId) != null, $"{EspChips.Name(ChipId)}.", $"Offset 0xC: {ChipId} is no known chip."));
            _checks.Add(ImageCheck.Of("Descriptor", Descriptor != null, "The application descriptor is there.", $"Offset 0x{DescriptorOffset:X}: no application descriptor; this is not an application."));
            if (Natives != null || _nativesFault.Length > 0)
            {
                _checks.Add(ImageCheck.Of("Natives", Natives != null, "The table of native assemblies is well formed.", $"Offset 0x{NativesDescriptor.FileOffset:X}: {_nativesFault}."));
            }

            Signature = EspSignature.Read(file, Length);
            if (Signature != null)
            {
                _checks.AddRange(ImageCheck.ForEach("Secure Boot signature", Signature.Faults, Signature.Version == 1
                    ? "Well formed; not verified, no key was given." : "Kind, CRC and image digest of each block are right; not verified, no key was given."));
            }

            _checks.Add(ImageCheck.Of("Length", Signature != null || Length == file.Length, $"The file ends where the {(Signature == null ? "image" : "signature")} does.", $"Offset 0x{Length:X}: {file.Length - Length} bytes behind the image."));
        }
    }
}
