using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tool.Keys;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>Azure Device Update's part for a desk: makes update manifests of import manifests, and signs them with test keys.</summary>
    internal sealed class TestService
    {
        private const int Bits = 3072;
        private readonly KeyPair _root;
        private readonly KeyPair _signing;

        /// <summary>Takes the keys of a folder; makes them when they are not there.</summary>
        public TestService(string folder)
        {
            Failure.OfFiles($"cannot make {folder}", () => Directory.CreateDirectory(folder));
            _root = Key(Path.Combine(folder, "root.pem"), "TEST.ROOT");
            _signing = Key(Path.Combine(folder, "signing.pem"), "TEST.SIGNING");
            RootKeys = Path.Combine(folder, "root-keys.json");
            OutputFile.Write(RootKeys, Encoding.UTF8.GetBytes($"{{\"{_root.Id}\":{_root.ToJwk(false).Trim()}}}\n"));
        }

        /// <summary>The file with the root key, for devices.</summary>
        public string RootKeys { get; }

        /// <summary>The desired property of a deployment.</summary>
        /// <param name="import">The import manifest.</param>
        /// <param name="container">The URL under which the files lie.</param>
        /// <param name="id">The workflow's id.</param>
        /// <param name="retry">The retry timestamp; null: none.</param>
        public JsonObject Request(JsonObject import, string container, string id, string? retry)
        {
            var files = new JsonObject();
            var urls = new JsonObject();
            var ids = new Dictionary<string, string>();
            foreach (JsonNode? node in import["files"]?.AsArray() ?? [])
            {
                string name = (string)node!["filename"]!;
                string file = "f" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
                ids[name] = file;
                files[file] = new JsonObject { ["fileName"] = name, ["sizeInBytes"] = JsonRules.WholeOf(node["sizeInBytes"]), ["hashes"] = node["hashes"]!.DeepClone() };
                urls[file] = container.TrimEnd('/') + "/" + Uri.EscapeDataString(name);
            }

            var steps = new JsonArray();
            foreach (JsonNode? node in import["instructions"]!["steps"]!.AsArray())
            {
                if (node!["handler"] == null)
                {
                    throw new Failure(ExitCode.Unsound, "devices of nanoOta take inline steps only; this import manifest has one that refers to another update.");
                }

                var step = new JsonObject { ["handler"] = node["handler"]!.DeepClone(), ["files"] = new JsonArray([.. node["files"]!.AsArray().Select(name => (JsonNode)ids[(string)name!])]) };
                if (node["handlerProperties"] is { } properties)
                {
                    step["handlerProperties"] = properties.DeepClone();
                }

                steps.Add(step);
            }

            var manifest = new JsonObject
            {
                ["manifestVersion"] = "5",
                ["updateId"] = import["updateId"]!.DeepClone(),
                ["compatibility"] = import["compatibility"]!.DeepClone(),
                ["instructions"] = new JsonObject { ["steps"] = steps },
                ["files"] = files,
                ["createdDateTime"] = import["createdDateTime"]!.DeepClone(),
            };
            string text = ImportManifest.ToText(manifest);
            var workflow = new JsonObject { ["action"] = DeviceUpdateRequest.Process, ["id"] = id };
            if (retry != null)
            {
                workflow["retryTimestamp"] = retry;
            }

            return Property(workflow, text, Sign(text), urls);
        }

        /// <summary>The desired property that cancels, or says that there is no deployment.</summary>
        public static JsonObject Cancel(string id)
        {
            return Property(new JsonObject { ["action"] = DeviceUpdateRequest.Cancel, ["id"] = id }, null, null, null);
        }

        private static JsonObject Property(JsonObject workflow, string? manifest, string? signature, JsonObject? urls)
        {
            var service = new JsonObject { ["workflow"] = workflow, ["updateManifest"] = manifest, ["updateManifestSignature"] = signature, ["fileUrls"] = urls };
            return new JsonObject { ["deviceUpdate"] = new JsonObject { ["__t"] = "c", ["service"] = service } };
        }

        private static KeyPair Key(string path, string id)
        {
            if (!File.Exists(path))
            {
                OutputFile.WriteSecret(path, Encoding.ASCII.GetBytes(KeyPair.Make(Bits, id).ToPem(true)));
            }

            return KeyPair.Read(path, id);
        }

        private static string Jws(KeyPair key, JsonObject header, string payload)
        {
            string signed = $"{Base64.EncodeToString(Encoding.UTF8.GetBytes(ImportManifest.ToText(header)))}.{Base64.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
            return $"{signed}.{Base64.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
        }

        private string Sign(string manifest)
        {
            string sjwk = Jws(_root, new JsonObject { ["alg"] = nanoOta.Jws.Algorithm, ["kid"] = _root.Id }, _signing.ToJwk(false).Trim());
            string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));
            return Jws(_signing, new JsonObject { ["alg"] = nanoOta.Jws.Algorithm, ["sjwk"] = sjwk }, ImportManifest.ToText(new JsonObject { ["sha256"] = hash }));
        }
    }
}
