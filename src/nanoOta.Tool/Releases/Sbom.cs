using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Releases
{
    /// <summary>
    /// A CycloneDX 1.6 list of what a release consists of: its assemblies, and the firmware, each with version and SHA-256, and who
    /// refers to whom. What native code is linked into a firmware the image does not tell, and so this list does not either.
    /// </summary>
    internal static class Sbom
    {
        /// <summary>Makes the list.</summary>
        /// <param name="name">The product's name; null: the application's.</param>
        /// <param name="version">The release.</param>
        /// <param name="images">Its images.</param>
        /// <param name="created">UTC, as text.</param>
        public static byte[] Make(string? name, string version, IReadOnlyList<PackedImage> images, string created)
        {
            var components = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
            var needs = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
            string? application = null;
            foreach (PackedImage image in images)
            {
                if (image.Id == ManifestComponent.Clr)
                {
                    AddFirmware(components, image);
                    continue;
                }

                Deployment deployment = Deployment.Read(image.Bytes);
                application ??= deployment.Application!.Name;
                foreach (NanoAssembly assembly in deployment.Assemblies)
                {
                    AddAssembly(components, needs, assembly, image.Bytes, deployment.Assemblies);
                }
            }

            string main = name ?? application ?? images[0].Id;
            var bom = new JsonObject
            {
                ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
                ["bomFormat"] = "CycloneDX",
                ["specVersion"] = "1.6",
                ["serialNumber"] = "urn:uuid:" + Uuid(string.Join('\n', components.Keys.Prepend($"{main} {version} {created}"))),
                ["version"] = 1,
                ["metadata"] = new JsonObject
                {
                    ["timestamp"] = created,
                    ["tools"] = new JsonObject { ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "nanoota", ["version"] = ToolVersion }) },
                    ["component"] = new JsonObject { ["type"] = "firmware", ["bom-ref"] = "release", ["name"] = main, ["version"] = version },
                },
                ["components"] = new JsonArray([.. components.Values]),
                ["dependencies"] = new JsonArray([new JsonObject { ["ref"] = "release", ["dependsOn"] = Texts(components.Keys) }, .. needs.Select(pair => new JsonObject { ["ref"] = pair.Key, ["dependsOn"] = Texts(pair.Value) })]),
            };
            return JsonFile.ToBytes(bom);
        }

        private static string ToolVersion => typeof(Sbom).Assembly.GetName().Version!.ToString(3);

        private static void AddAssembly(SortedDictionary<string, JsonObject> components, SortedDictionary<string, SortedSet<string>> needs, NanoAssembly assembly, byte[] image, IReadOnlyList<NanoAssembly> all)
        {
            byte[] hash = SHA256.HashData(image.AsSpan(assembly.Offset, (int)assembly.TotalSize));
            string reference = Reference(assembly);
            var component = new JsonObject { ["type"] = "library", ["bom-ref"] = reference, ["name"] = assembly.Name, ["version"] = $"{assembly.Version}", ["hashes"] = Hash(hash) };
            if (assembly.NativeChecksum != 0)
            {
                component["properties"] = new JsonArray(new JsonObject { ["name"] = "nanoframework:nativeChecksum", ["value"] = $"0x{assembly.NativeChecksum:X8}" });
            }

            components[reference] = component;
            needs[reference] = [.. assembly.References.Select(wanted => all.FirstOrDefault(other => other.Name == wanted.Name)).Where(other => other != null).Select(other => Reference(other!))];
        }

        private static void AddFirmware(SortedDictionary<string, JsonObject> components, PackedImage image)
        {
            EspAppDescriptor descriptor = EspImage.Read(image.Bytes).Descriptor!;
            string reference = $"firmware/{descriptor.Project}@{descriptor.Version}";
            components[reference] = new JsonObject
            {
                ["type"] = "firmware",
                ["bom-ref"] = reference,
                ["name"] = descriptor.Project,
                ["version"] = descriptor.Version,
                ["hashes"] = Hash(SHA256.HashData(image.Bytes)),
                ["properties"] = new JsonArray(new JsonObject { ["name"] = "esp-idf:version", ["value"] = descriptor.IdfVersion }),
            };
        }

        private static string Reference(NanoAssembly assembly) => $"assembly/{assembly.Name}@{assembly.Version}";

        private static JsonArray Hash(byte[] hash) => new(new JsonObject { ["alg"] = "SHA-256", ["content"] = Convert.ToHexStringLower(hash) });

        private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

        // RFC 9562, version 8: of our own making, so that the same release has the same number.
        private static string Uuid(string text)
        {
            byte[] bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new Guid(bytes, bigEndian: true).ToString();
        }
    }
}
