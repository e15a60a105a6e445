using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>An import manifest of Azure Device Update, version 5: what an operator uploads with the files.</summary>
    internal static class ImportManifest
    {
        /// <summary>The handler that devices of nanoOta take.</summary>
        public const string Handler = "nanoota/image:1";

        private static readonly JsonSerializerOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        /// <summary>Makes a manifest with a step for each image.</summary>
        /// <param name="images">Paths of deployments and firmwares, or ID=PATH for what a module of that id takes.</param>
        public static JsonObject Make(IReadOnlyList<string> images, JsonObject updateId, JsonArray compatibility, string handler, string? description, DateTime now)
        {
            var steps = new JsonArray();
            var files = new JsonArray();
            foreach (string image in images)
            {
                (string path, string component, string criteria, ImageParts? parts) = Describe(image, (string)updateId["version"]!);
                byte[] bytes = InputFile.Bytes(path);
                var properties = new JsonObject { ["component"] = component, ["installedCriteria"] = criteria };
                if (parts != null)
                {
                    properties["parts"] = parts.Base64;
                }

                string name = Path.GetFileName(path);
                steps.Add(new JsonObject
                {
                    ["type"] = "inline",
                    ["handler"] = handler,
                    ["files"] = new JsonArray(name),
                    ["handlerProperties"] = properties,
                });
                files.Add(new JsonObject { ["filename"] = name, ["sizeInBytes"] = (long)bytes.Length, ["hashes"] = new JsonObject { ["sha256"] = Convert.ToBase64String(SHA256.HashData(bytes)) } });
            }

            var manifest = new JsonObject { ["updateId"] = updateId };
            if (description != null)
            {
                manifest["description"] = description;
            }

            manifest["compatibility"] = compatibility;
            manifest["instructions"] = new JsonObject { ["steps"] = steps };
            manifest["files"] = files;
            manifest["createdDateTime"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            manifest["manifestVersion"] = "5.0";
            return manifest;
        }

        /// <summary>The text as it is signed, and as hubs write it: their clients cannot read every escape.</summary>
        public static string ToText(JsonNode json)
        {
            return json.ToJsonString(_compact);
        }

        /// <summary>Sets of compatibility properties from k=v texts: a name that comes again begins another set.</summary>
        public static JsonArray Compatibility(IEnumerable<string> properties)
        {
            var sets = new JsonArray();
            JsonObject? set = null;
            foreach (string property in properties)
            {
                string[] parts = property.Split('=', 2);
                if (parts.Length < 2)
                {
                    throw new Failure(ExitCode.Usage, $"--compat takes name=value, not '{property}'.");
                }

                if (set == null || set.ContainsKey(parts[0]))
                {
                    sets.Add(set = []);
                }

                set[parts[0]] = parts[1];
            }

            return sets;
        }

        private static (string Path, string Component, string Criteria, ImageParts? Parts) Describe(string image, string version)
        {
            int at = image.IndexOf('=');
            if (at > 0 && !File.Exists(image))
            {
                return (image[(at + 1)..], image[..at], version, null);
            }

            PackedImage packed = PackedImage.Read(image, null);
            return (image, packed.Id, packed.Version, packed.Delta?.Parts);
        }
    }
}
