using nanoOta.Tool.Keys;
using nanoOta.Tool.Packing;

namespace nanoOta.Tool.Publishing
{
    /// <summary>A manifest that lies in a container.</summary>
    /// <param name="Name">Its file's name, with its folder.</param>
    /// <param name="Read">What it says.</param>
    /// <param name="Json">Its text, without a signature.</param>
    /// <param name="IsSigned">Whether it is signed.</param>
    /// <param name="KeyId">The id of the key that signed it; null: none is named.</param>
    internal sealed record PublishedManifest(string Name, UpdateManifest Read, byte[] Json, bool IsSigned, string? KeyId);

    /// <summary>The manifests of a container.</summary>
    internal sealed class PublishedManifests(IContainer container)
    {
        /// <summary>The manifest of a version; the signed one when there is one. Null: the version is not there.</summary>
        public async Task<PublishedManifest?> FindAsync(SemanticVersion version, CancellationToken stop)
        {
            return await ReadAsync(version.FileStem + ".jws", stop).ConfigureAwait(false) ?? await ReadAsync(version.FileStem + ".json", stop).ConfigureAwait(false);
        }

        /// <summary>The highest counter of all manifests, those in folders included; 0: none has one.</summary>
        /// <param name="stop">Ends it.</param>
        /// <param name="stem">What the names of those that count begin with, folder included; "": all count.</param>
        public async Task<uint> HighestCounterAsync(CancellationToken stop, string stem = "")
        {
            uint highest = 0;
            foreach (string name in await container.ListAsync(stop).ConfigureAwait(false))
            {
                if (name.StartsWith(stem, StringComparison.Ordinal) && ManifestText.IsCandidate(name) && await ReadAsync(name, stop).ConfigureAwait(false) is { } manifest)
                {
                    highest = Math.Max(highest, manifest.Read.Counter);
                }
            }

            return highest;
        }

        /// <summary>The counter for what is published next: above all that are there.</summary>
        /// <param name="given">The highest counter that is known from elsewhere, 0 for none.</param>
        /// <param name="stop">Ends it.</param>
        /// <exception cref="Failure">No number is left.</exception>
        public async Task<uint> NextCounterAsync(uint given, CancellationToken stop)
        {
            uint highest = 0;
            try
            {
                highest = await HighestCounterAsync(stop).ConfigureAwait(false);
            }
            catch (Failure failure) when (failure.Code == ExitCode.NoTarget)
            {
                // The container is not there yet: publishing makes it, or says that it cannot.
            }

            return Math.Max(given, highest) + 1 is > 0 and uint next ? next
                : throw new Failure(ExitCode.Usage, $"no counter is left: {container.Name} has {uint.MaxValue}, the highest there is.");
        }

        private async Task<PublishedManifest?> ReadAsync(string name, CancellationToken stop)
        {
            byte[]? bytes = await container.ReadAsync(name, stop).ConfigureAwait(false);
            bool isSigned = name.EndsWith(".jws", StringComparison.Ordinal);
            byte[]? json = isSigned && bytes != null ? ManifestText.PayloadOf(bytes) : bytes;
            return json != null && ManifestReader.Read(json, 0, json.Length, out UpdateManifest? read) == ResultCode.None ? new PublishedManifest(name, read!, json, isSigned, isSigned ? SignedFile.KeyIdOf(bytes!) : null) : null;
        }
    }
}
