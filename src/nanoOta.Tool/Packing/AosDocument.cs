using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Packing
{
    /// <summary>
    /// An update as AosEdge's cloud describes it: <c>imageVersion</c>, and components with id, version, description, annotations, urls, sha256,
    /// sha512 and size. The image version becomes the counter; size and hashes are compared with the files.
    /// </summary>
    internal sealed class AosDocument
    {
        private readonly string _path;
        private readonly List<(ComponentMembers Members, string Version, JsonObject Json)> _components = [];

        private AosDocument(string path)
        {
            _path = path;
        }

        /// <summary>The document's <c>imageVersion</c>: it rises with each release, and is not given twice.</summary>
        public uint Counter { get; private set; }

        /// <summary>What it says of its components.</summary>
        public IReadOnlyList<ComponentMembers> Components => [.. _components.Select(component => component.Members)];

        /// <summary>Reads a document.</summary>
        /// <exception cref="Failure">It is none; the message names the property.</exception>
        public static AosDocument Read(string path)
        {
            JsonObject json = JsonFile.Read(path);
            var document = new AosDocument(path);
            document.Counter = json["imageVersion"] is JsonValue number && number.TryGetValue(out uint counter) ? counter
                : throw document.Refusal("imageVersion", $"is no number from 0 to {uint.MaxValue}");
            if (json["decryptionInfo"] is not (null or JsonObject { Count: 0 }))
            {
                throw document.Refusal("decryptionInfo", "is not empty: it is encrypted for AosEdge's devices. Decrypt it, and pack that; --encrypt-for encrypts for yours");
            }

            JsonArray components = json["components"] as JsonArray ?? throw document.Refusal("components", "is no array");
            for (int i = 0; i < components.Count; i++)
            {
                string at = $"components[{i}]";
                JsonObject component = components[i] as JsonObject ?? throw document.Refusal(at, "is no object");
                string id = document.Text(component, "id", at) ?? throw document.Refusal(at + ".id", "is missing");
                string own = document.Text(component, "version", at) ?? throw document.Refusal(at + ".version", "is missing");

                // The document's own versions are of two numbers, and for information alone.
                string version = own.Split('.').Length == 2 && own.Split('.').All(part => part.Length > 0 && part.All(char.IsAsciiDigit)) ? own + ".0" : own;
                if (SemanticVersion.Parse(version) == null)
                {
                    throw document.Refusal(at + ".version", $"is '{own}', which is neither a.b nor a semantic version");
                }

                document._components.Add((new ComponentMembers(id)
                {
                    Description = document.Text(component, "description", at),
                    Annotations = component["annotations"] switch
                    {
                        null => null,
                        JsonObject annotations => annotations.DeepClone().AsObject(),
                        _ => throw document.Refusal(at + ".annotations", "is no object"),
                    },
                    Urls = component["urls"] is JsonArray urls && urls.All(url => url is JsonValue value && value.TryGetValue(out string? _))
                        ? [.. urls.Select(url => (string)url!)]
                        : throw document.Refusal(at + ".urls", "is no array of URLs"),
                }, version, component));
            }

            return document;
        }

        /// <summary>The files under the document's versions, each compared with what the document says of it.</summary>
        /// <exception cref="Failure">One is missing, is too many, or is not the file that the document describes.</exception>
        public PackedImage[] Match(PackedImage[] images)
        {
            if (images.FirstOrDefault(image => _components.All(component => component.Members.Id != image.Id)) is { } other)
            {
                throw new Failure(ExitCode.Usage, $"{_path} has no component '{other.Id}'; it has {string.Join(", ", Components.Select(component => component.Id))}.");
            }

            return [.. _components.Select(component =>
            {
                string id = component.Members.Id;
                PackedImage image = images.FirstOrDefault(candidate => candidate.Id == id)
                    ?? throw new Failure(ExitCode.Usage, $"{_path} has the component '{id}', and no file was given for it: add {id}=FILE.");
                if (component.Json["size"] is not JsonValue value || !value.TryGetValue(out int size) || size != image.Bytes.Length)
                {
                    throw new Failure(ExitCode.Unsound, $"{_path}: size of the component '{id}' is {component.Json["size"]?.ToJsonString() ?? "missing"}; the file has {image.Bytes.Length} bytes.");
                }

                Compare(id, component.Json, "sha256", image.Sha256, isRequired: true);
                Compare(id, component.Json, "sha512", Convert.ToHexStringLower(SHA512.HashData(image.Bytes)), isRequired: false);
                return image.IsFirmware ? image : image with { Version = component.Version };
            })];
        }

        private void Compare(string id, JsonObject json, string member, string own, bool isRequired)
        {
            string? said = Text(json, member, $"the component '{id}'");
            if (said == null ? isRequired : !said.Equals(own, StringComparison.OrdinalIgnoreCase))
            {
                throw new Failure(ExitCode.Unsound, $"{_path}: {member} of the component '{id}' is {(said == null ? "missing" : $"'{said}'")}; the file has {own}.");
            }
        }

        private string? Text(JsonObject json, string member, string at)
        {
            return json[member] switch
            {
                null => null,
                JsonValue value when value.TryGetValue(out string? text) => text,
                _ => throw Refusal($"{at}.{member}", "is no text"),
            };
        }

        private Failure Refusal(string property, string sentence)
        {
            return new Failure(ExitCode.Usage, $"{_path}: {property} {sentence}.");
        }
    }
}
