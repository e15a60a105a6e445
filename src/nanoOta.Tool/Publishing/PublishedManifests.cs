using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.Tool.Publishing
{
    /// <summary>A manifest that lies in a container.</summary>
    /// <param name="Name">Its file's name, with its folder.</param>
    /// <param name="Read">What it says.</param>
    /// <param name="Json">Its text, without a signature.</param>
    /// <param name="IsSigned">Whether it is signed.</param>
    internal sealed record PublishedManifest(string Name, UpdateManifest Read, byte[] Json, bool IsSigned);

    /// <summary>The manifests of a container.</summary>
    internal sealed class PublishedManifests(IContainer container)
    {
        /// <summary>The manifest of a version; the signed one when there is one. Null: the version is not there.</summary>
        public async Task<PublishedManifest?> FindAsync(SemanticVersion version, CancellationToken stop)
        {
            return await ReadAsync(version.FileStem + ".jws", stop).ConfigureAwait(false) ?? await ReadAsync(version.FileStem + ".json", stop).ConfigureAwait(false);
        }

        /// <summary>The highest counter of all manifests, those in folders included; 0: none has one.</summary>
        public async Task<uint> HighestCounterAsync(CancellationToken stop)
        {
            uint highest = 0;
            foreach (string name in await container.ListAsync(stop).ConfigureAwait(false))
            {
                if (Path.GetExtension(name) is ".json" or ".jws" && await ReadAsync(name, stop).ConfigureAwait(false) is { } manifest)
                {
                    highest = Math.Max(highest, manifest.Read.Counter);
                }
            }

            return highest;
        }

        private async Task<PublishedManifest?> ReadAsync(string name, CancellationToken stop)
        {
            byte[]? bytes = await container.ReadAsync(name, stop).ConfigureAwait(false);
            bool isSigned = name.EndsWith(".jws", StringComparison.Ordinal);
            byte[]? json = isSigned ? Payload(bytes) : bytes;
            return json != null && ManifestReader.Read(json, 0, json.Length, out UpdateManifest? read) == ResultCode.None ? new PublishedManifest(name, read!, json, isSigned) : null;
        }

        private static byte[]? Payload(byte[]? jws)
        {
            string[] parts = jws == null ? [] : System.Text.Encoding.Latin1.GetString(jws).Trim().Split('.');
            return parts.Length == 3 && Base64.IsValid(parts[1]) ? Base64.DecodeFromChars(parts[1]) : null;
        }
    }
}
