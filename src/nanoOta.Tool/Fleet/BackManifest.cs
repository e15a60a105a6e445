using System.Text.Json.Nodes;
using nanoOta.Tool.Keys;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Fleet
{
    /// <summary>
    /// The way back to a version that was published before: a new manifest for the old images, which allows a downgrade and has a
    /// counter above all others, so that the old permission cannot be replayed. The version's own manifest stays as it is.
    /// </summary>
    internal static class BackManifest
    {
        /// <summary>What the name of a folder that holds a way back begins with; a counter follows.</summary>
        public const string FolderStem = "back-";

        /// <summary>Makes and publishes it.</summary>
        /// <param name="container">The container that holds the version.</param>
        /// <param name="version">The version to go back to.</param>
        /// <param name="highest">The highest counter that the devices were asked for so far, which the container may not know.</param>
        /// <param name="keyPath">The private key to sign with; null: it stays unsigned.</param>
        /// <param name="kid">The id that devices know the key by; null: its own.</param>
        /// <param name="output">Where it says what it publishes.</param>
        /// <param name="stop">Ends it.</param>
        /// <returns>The counter, and the folder below the container.</returns>
        public static async Task<(uint Counter, string Folder)> PublishAsync(IContainer container, SemanticVersion version, uint highest, string? keyPath, string? kid, Output output, CancellationToken stop)
        {
            var published = new PublishedManifests(container);
            PublishedManifest old = await published.FindAsync(version, stop).ConfigureAwait(false)
                ?? throw new Failure(ExitCode.NoTarget, $"{container.Name} does not hold {version.Text}: publish it there, or name another version by --to.");
            if (old.IsSigned && keyPath == null)
            {
                throw new Failure(ExitCode.Usage, $"{version.Text} was signed, so devices take a signed way back alone: give the key by --key.");
            }

            uint counter = await published.NextCounterAsync(highest, stop).ConfigureAwait(false);
            byte[] manifest = Make(old, counter);
            string folder = $"{FolderStem}{counter}";
            List<(string, byte[])> files = [($"{folder}/{version.FileStem}.json", manifest)];
            if (keyPath != null)
            {
                KeyPair key = KeyPair.ReadPrivate(keyPath, kid);
                files.Add(($"{folder}/{version.FileStem}.jws", SignedFile.Make(manifest, key)));
                if (old.KeyId is { } before && before != key.Id)
                {
                    output.Line($"Note: {version.Text} was signed with key '{before}', and the way back to it is signed with '{key.Id}'. Devices that do not trust that key refuse it (KeyUnknown).");
                }
            }

            await new Publisher(container, output).PublishAsync(new Publication(files, []), stop).ConfigureAwait(false);
            return (counter, folder);
        }

        private static byte[] Make(PublishedManifest old, uint counter)
        {
            JsonObject json = JsonNode.Parse(old.Json)!.AsObject();
            json["counter"] = counter;
            json["allowDowngrade"] = true;
            json.Remove("notBefore");
            foreach (JsonNode? component in json["components"]!.AsArray())
            {
                // One folder further down than the images. No patch leads from a newer version to this one.
                component!.AsObject().Remove("patches");
                component["urls"] = new JsonArray([.. component["urls"]!.AsArray().Select(url => (JsonNode)Below((string)url!))]);
            }

            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(Output.Readable) + "\n");
            ResultCode code = ManifestReader.Read(bytes, 0, bytes.Length, out UpdateManifest? read);
            return code != ResultCode.None ? throw new Failure(ExitCode.Unsound, $"no device would read the manifest that goes back to {old.Read.Version.Text} ({ResultText.Name(code)}: {ResultText.Sentence(code)}).")
                : read!.Expires > 0 && read.Expires < DateTimeOffset.UtcNow.ToUnixTimeSeconds() ? throw new Failure(ExitCode.Unsound, $"the manifest of {old.Read.Version.Text} has expired: pack its image again, as a new version.")
                : bytes;
        }

        private static string Below(string url)
        {
            return url.StartsWith('/') || url.Contains("://", StringComparison.Ordinal) ? url : "../" + url;
        }
    }
}
