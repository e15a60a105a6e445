using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tool.Packing
{
    /// <summary>A patch to be published.</summary>
    /// <param name="Predecessor">What it is from.</param>
    /// <param name="Bytes">The patch file.</param>
    internal sealed record PackedPatch(Predecessor Predecessor, byte[] Bytes)
    {
        /// <summary>The file's name beside a manifest, for example <c>v1_1_0.from-v1_0_0.lz4</c>.</summary>
        /// <param name="stem">The manifest's, without extension.</param>
        public string FileName(string stem)
        {
            return $"{stem}.from-{Predecessor.Stem}.lz4";
        }
    }

    /// <summary>What a manifest says of an image so that devices need not fetch all of it.</summary>
    /// <param name="Parts">The image's parts; null: the manifest does not name them.</param>
    /// <param name="Patches">Patches, the most useful first; at most <see cref="ManifestDelta.MaxPatches"/>.</param>
    internal sealed record PackedDelta(ImageParts? Parts, IReadOnlyList<PackedPatch> Patches)
    {
        /// <summary>
        /// The longest manifest that can be signed with any key: in base64url, with a header of the longest key id and the signature of
        /// an RSA-4096 key, it has <see cref="Jws.MaxLength"/> bytes.
        /// </summary>
        public const int MaxManifest = (Jws.MaxLength - 2 - 683 - 123) / 4 * 3;

        private static readonly JsonSerializerOptions _oneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        /// <summary>Of an image: its parts, and no patch. Null when the image is no sequence of assemblies.</summary>
        public static PackedDelta? Of(byte[] image)
        {
            return ImageParts.Read(image) is { } parts ? new PackedDelta(parts, []) : null;
        }

        /// <summary>Less of it, for a shorter manifest: without the last patch, then without the parts; null when nothing is left.</summary>
        /// <param name="left">What was left out, for the user.</param>
        public PackedDelta? Less(out string left)
        {
            left = Patches.Count > 0 ? $"the patch from {Patches[^1].Predecessor.Name}" : "the parts";
            return Patches.Count > 0 ? this with { Patches = [.. Patches.SkipLast(1)] } : null;
        }

        /// <summary>Writes the members <c>parts</c> and <c>patches</c>; stands in the component's object.</summary>
        public void WriteTo(Utf8JsonWriter json, string stem)
        {
            if (Parts != null)
            {
                json.WriteString("parts", Parts.Base64);
            }

            if (Patches.Count == 0)
            {
                return;
            }

            json.WriteStartArray("patches");
            foreach (PackedPatch patch in Patches)
            {
                // A line each: a manifest has few bytes to spare.
                json.WriteRawValue(JsonSerializer.Serialize(new
                {
                    from = patch.Predecessor.Parts.Id,
                    url = patch.FileName(stem),
                    size = patch.Bytes.Length,
                    sha256 = Convert.ToHexStringLower(SHA256.HashData(patch.Bytes)),
                }, _oneLine));
            }

            json.WriteEndArray();
        }
    }
}
