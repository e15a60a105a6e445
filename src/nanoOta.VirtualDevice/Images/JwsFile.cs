using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A signed manifest or list of keys as a file: its form, its header, and what it holds. Whose signature it is takes a key to tell.</summary>
    internal static class JwsFile
    {
        private const int MostHeader = 2 * Jws.MaxLength;

        /// <summary>Whether these bytes look like a compact JWS, sound or not: before the first dot stands an object in base64url.</summary>
        public static bool IsOne(ReadOnlySpan<byte> bytes)
        {
            return Header(bytes).TrimStart(" \t\r\n"u8).StartsWith("{"u8);
        }

        /// <summary>Reads and reports it.</summary>
        public static ImageReport Report(ReadOnlySpan<byte> bytes)
        {
            byte[] document = ByteOrderMark.Skip(bytes.ToArray());
            ResultCode code = Jws.Read(document, document.Length, new ManagedHasher(), out Jws? jws);
            List<ImageFact> facts = [.. JsonFacts.Of(Header(bytes), ("alg", "Algorithm"), ("kid", "Key id"))];
            List<ImageCheck> checks =
            [
                .. ByteOrderMark.Checks(bytes),
                ImageCheck.Of("Form", code == ResultCode.None, "Three parts, and a header that devices follow.", $"{ResultText.Name(code)}: {ResultText.Sentence(code)}"),
                new("Signature", true, "Not verified: no key was given."),
            ];
            if (jws == null)
            {
                return new ImageReport(ImageKind.Signed, "signed file", "", facts, [], checks);
            }

            ReadOnlySpan<byte> payload = document.AsSpan(0, jws.PayloadLength);
            if (ManifestFile.IsOne(payload))
            {
                ImageReport manifest = ManifestFile.Report(payload);
                return manifest with { Kind = ImageKind.Signed, Title = "signed " + manifest.Title, Facts = [.. facts, .. manifest.Facts], Checks = [.. checks, .. manifest.Checks] };
            }

            KeyList? list = KeyList.Read(document, jws.PayloadLength);
            checks.Add(ImageCheck.Of("Content", list != null, "A list of keys that devices read.", "It holds neither a manifest nor a list of keys that devices read."));
            return list == null ? new ImageReport(ImageKind.Signed, "signed file", "", facts, [], checks)
                : new ImageReport(ImageKind.Signed, $"signed list of keys, version {list.Version}", "", facts, [.. list.Keys.Select(key => $"trusts {key.Id}, RSA of {key.Modulus.Length * 8} bits")], checks);
        }

        // The decoded header; empty when there is none.
        private static byte[] Header(ReadOnlySpan<byte> bytes)
        {
            ReadOnlySpan<byte> text = bytes.TrimStart("\uFEFF \t\r\n"u8);
            int dot = text[..Math.Min(text.Length, MostHeader)].IndexOf((byte)'.');
            return dot > 0 && Base64.IsValid(text[..dot]) ? Base64.DecodeFromUtf8(text[..dot]) : [];
        }
    }
}
