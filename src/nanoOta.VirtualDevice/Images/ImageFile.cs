using System.Text;
using static nanoOta.VirtualDevice.Images.ImageBytes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>Tells what an image file is.</summary>
    public static class ImageFile
    {
        /// <summary>What is wrong with an assembly of .NET.</summary>
        public const string NotForBoards = "It is a .dll or .exe of .NET. A board runs a deployment of .pe files: build the .nfproj, or with -p:MetadataProcessor=COMMAND (docs/getting-started.md).";

        /// <summary>Identifies and checks a file of any known format. Never throws on its bytes.</summary>
        /// <param name="bytes">The whole file.</param>
        /// <param name="mcubootKeyPem">A public key to verify an MCUboot image's signature with.</param>
        /// <exception cref="ArgumentException">The key is not a PEM public key, ECDSA or RSA; raised only when it is needed.</exception>
        public static ImageReport Identify(ReadOnlySpan<byte> bytes, string? mcubootKeyPem = null)
        {
            return AssemblyFormat.Of(bytes) != null ? Deployment.Read(bytes).Report()
                : bytes.Length >= 4 && U32(bytes, 0) == McubootImage.Magic ? McubootImage.Read(bytes, mcubootKeyPem).Report()
                : bytes.Length >= 2 && U16(bytes, 0) == PartitionTable.EntryMagic ? PartitionTableFile.FromBinary(bytes).Report()
                : bytes.Length >= 1 && bytes[0] == EspImage.Magic ? EspImage.Read(bytes).Report()
                : BundleFile.IsOne(bytes) ? BundleFile.Report(bytes)
                : ManifestFile.IsOne(bytes) ? ManifestFile.Report(bytes)
                : JwkFile.IsOne(bytes) ? JwkFile.Report(bytes)
                : JwsFile.IsOne(bytes) ? JwsFile.Report(bytes)
                : AsTable(bytes) is { } csv ? PartitionTableFile.FromCsv(csv).Report()
                : Unknown(bytes);
        }

        /// <summary>The text, when this is text whose first line that is no comment looks like a partition.</summary>
        private static string? AsTable(ReadOnlySpan<byte> bytes)
        {
            if (!System.Text.Unicode.Utf8.IsValid(bytes))
            {
                return null;
            }

            string text = Encoding.UTF8.GetString(bytes);
            string? first = text.TrimStart('\uFEFF').Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#');
            return first != null && PartitionTableCsv.LooksLikeOne(first) ? text : null;
        }

        private static ImageReport Unknown(ReadOnlySpan<byte> bytes)
        {
            string why = bytes.IsEmpty ? "The file is empty."
                : bytes.StartsWith("MZ"u8) ? NotForBoards
                : !bytes.ContainsAnyExcept((byte)0xFF) ? "The file is erased flash (0xFF) throughout."
                : $"Offset 0x0: the first bytes, {Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 8)])}, begin no known format.";
            return new ImageReport(ImageKind.Unknown, "unknown format", "", [new("Length", $"{bytes.Length} bytes")], [], [new ImageCheck("Format", false, why)]);
        }
    }
}
