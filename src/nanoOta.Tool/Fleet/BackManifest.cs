using System.Text.Json.Nodes;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Fleet
{
    /// <summary>
    /// The way back to a version that was published before: a new manifest for the old images, which allows a downgrade and has a
    /// counter above all others, so that the old permission cannot be replayed. The version's own manifest stays as it is.
    /// </summary>
    internal static class BackManifest
    {
        /// <summary>The folder, below the container, that holds the way back with a counter.</summary>
        public static string FolderOf(uint counter) => $"back-{counter}";

        /// <summary>Makes it.</summary>
        /// <param name="old">The version's own manifest.</param>
        /// <param name="counter">The counter.</param>
        public static byte[] Make(PublishedManifest old, uint counter)
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
