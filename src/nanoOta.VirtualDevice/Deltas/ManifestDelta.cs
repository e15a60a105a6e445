using System.Text.Json;

namespace nanoOta.VirtualDevice.Deltas
{
    /// <summary>A patch as a manifest names it.</summary>
    /// <param name="From"><see cref="ImageParts.Id"/> of the predecessor.</param>
    /// <param name="Url">Where it is; a relative one lies beside the manifest.</param>
    /// <param name="Size">Bytes of the patch file.</param>
    /// <param name="Sha256">SHA-256 of the patch file, 64 hexadecimal digits in lower case.</param>
    public sealed record ManifestPatch(string From, string Url, int Size, string Sha256);

    /// <summary>The members <c>parts</c> and <c>patches</c> of a component in a manifest (docs/manifest.md).</summary>
    public sealed class ManifestDelta
    {
        /// <summary>The most patches of a component.</summary>
        public const int MaxPatches = 8;

        private readonly List<string> _faults = [];
        private readonly List<ManifestPatch> _patches = [];

        private ManifestDelta(string component)
        {
            Component = component;
        }

        /// <summary>The component's id.</summary>
        public string Component { get; }

        /// <summary>The image's parts; null when there are none, or wrong ones.</summary>
        public IReadOnlyList<PartIdentity>? Parts { get; private set; }

        /// <summary>The patches that are as they should be.</summary>
        public IReadOnlyList<ManifestPatch> Patches => _patches;

        /// <summary>What is wrong, one sentence each.</summary>
        public IReadOnlyList<string> Faults => _faults;

        /// <summary>Reads the members of each component that has one of them. Never throws on what it reads.</summary>
        /// <param name="manifest">A manifest, without a byte order mark.</param>
        public static IReadOnlyList<ManifestDelta> Read(ReadOnlyMemory<byte> manifest)
        {
            try
            {
                using JsonDocument json = JsonDocument.Parse(manifest);
                return [.. json.RootElement.GetProperty("components").EnumerateArray().Select(Of).Where(delta => delta != null)!];
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                // Not a manifest, or texts that are no Unicode: not for here to say.
                return [];
            }
        }

        private static ManifestDelta? Of(JsonElement component)
        {
            bool hasParts = component.TryGetProperty("parts", out JsonElement parts);
            bool hasPatches = component.TryGetProperty("patches", out JsonElement patches);
            if (!hasParts && !hasPatches)
            {
                return null;
            }

            var delta = new ManifestDelta(Text(component, "id") ?? "");
            delta.ReadParts(hasParts ? parts : null, Number(component, "size"));
            delta.ReadPatches(hasPatches ? patches : null, hasParts);
            return delta;
        }

        private void ReadParts(JsonElement? member, int size)
        {
            if (member == null)
            {
                return;
            }

            Parts = member.Value.ValueKind == JsonValueKind.String ? ImageParts.ParseMember(member.Value.GetString()!) : null;
            long sum = Parts?.Sum(part => (long)part.Size) ?? size;
            Require(Parts != null, $"parts is not the base64 of 1 to {ImageParts.Maximum} identities of {PartIdentity.Length} bytes.");
            Require(sum == size, $"the sizes of parts are {sum} bytes together, and the image has {size}.");
        }

        private void ReadPatches(JsonElement? member, bool hasParts)
        {
            if (member == null)
            {
                return;
            }

            Require(hasParts, "patches without parts: devices cannot use them.");
            if (member.Value.ValueKind != JsonValueKind.Array || member.Value.GetArrayLength() > MaxPatches)
            {
                Require(false, $"patches is not a list of at most {MaxPatches}.");
                return;
            }

            foreach (JsonElement element in member.Value.EnumerateArray())
            {
                if (ReadPatch(element) is { } patch)
                {
                    Require(_patches.All(other => other.From != patch.From), $"two patches are from {patch.From}: devices take the first.");
                    _patches.Add(patch);
                }
                else
                {
                    Require(false, $"patches[{_patches.Count}]: from is 16 hexadecimal digits, url a reference, size 1 to {int.MaxValue}, sha256 64 hexadecimal digits.");
                    return;
                }
            }
        }

        private static ManifestPatch? ReadPatch(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            string? from = Text(element, "from");
            string? url = Text(element, "url");
            string? sha256 = Text(element, "sha256");
            return from != null && Hex.Parse(from, ImageParts.IdLength) != null && url != null && Url.IsReference(url) && sha256 != null && Hex.Parse(sha256, Sha256.DigestLength) != null
                && Number(element, "size") > 0
                ? new ManifestPatch(from.ToLowerInvariant(), url, Number(element, "size"), sha256.ToLowerInvariant()) : null;
        }

        private static string? Text(JsonElement element, string name)
        {
            return element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }

        private static int Number(JsonElement element, string name)
        {
            return element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : 0;
        }

        private void Require(bool holds, string fault)
        {
            if (!holds)
            {
                _faults.Add($"{Component}: {fault}");
            }
        }
    }
}
