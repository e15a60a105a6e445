using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>A board configuration: which components the devices of a platform have, how large they may be, and what they need (docs/bundles.md).</summary>
    internal sealed class BoardFile
    {
        private static readonly string[] _kinds = ["deployment", "esp32", "mcuboot", "file"];

        private readonly string _path;
        private readonly Dictionary<string, JsonObject> _components = [];

        private BoardFile(string path)
        {
            _path = path;
        }

        /// <summary>The platform id; null: none is named.</summary>
        public string? Platform { get; private set; }

        /// <summary>The firmware target; null: none is named.</summary>
        public string? Target { get; private set; }

        /// <summary>The flash layout's name; null: none is named.</summary>
        public string? Layout { get; private set; }

        /// <summary>The maker; null: none is named.</summary>
        public string? Provider { get; private set; }

        /// <summary>The product; null: none is named.</summary>
        public string? Name { get; private set; }

        /// <summary>The components' ids, each with the lowest versions of others that it needs.</summary>
        public IEnumerable<(string Id, IReadOnlyDictionary<string, string> Requires)> Components => _components.Select(component => (component.Key, RequiresOf(component.Key, component.Value)));

        /// <summary>Reads one. A member that is not known is refused: a misspelt limit would limit nothing.</summary>
        /// <exception cref="Failure">It is none; the message names the property.</exception>
        public static BoardFile Read(string path)
        {
            JsonObject json = JsonFile.Read(path);
            var board = new BoardFile(path);
            board.Know(json, "", "platform", "target", "layout", "provider", "name", "components");
            board.Platform = board.Text(json, "platform", "");
            board.Target = board.Text(json, "target", "");
            board.Layout = board.Text(json, "layout", "");
            board.Provider = board.Text(json, "provider", "");
            board.Name = board.Text(json, "name", "");
            JsonArray components = json["components"] as JsonArray ?? throw board.Refusal("components", "is no array of components");
            for (int i = 0; i < components.Count; i++)
            {
                string at = $"components[{i}]";
                JsonObject component = components[i] as JsonObject ?? throw board.Refusal(at, "is no object");
                board.Know(component, at + ".", "id", "kind", "slotSize", "priority", "requires");
                string id = board.Text(component, "id", at + ".") ?? throw board.Refusal(at + ".id", "is missing");
                if (!board._components.TryAdd(id, component))
                {
                    throw board.Refusal(at + ".id", $"is '{id}', which another component has");
                }

                if (board.Text(component, "kind", at + ".") is { } kind && !_kinds.Contains(kind))
                {
                    throw board.Refusal(at + ".kind", $"is '{kind}'; there are {string.Join(", ", _kinds)}");
                }

                board.Number(component, "slotSize", at + ".", 1);
                board.Number(component, "priority", at + ".", 0);
                foreach ((string other, JsonNode? version) in board.Requires(component, at))
                {
                    if (version is not JsonValue value || !value.TryGetValue(out string? text) || SemanticVersion.Parse(text) == null)
                    {
                        throw board.Refusal($"{at}.requires.{other}", "is no semantic version, such as 1.16.0");
                    }
                }
            }

            foreach ((string id, JsonObject component) in board._components)
            {
                if (board.Requires(component, id).FirstOrDefault(pair => !board._components.ContainsKey(pair.Key)).Key is { } unknown)
                {
                    throw board.Refusal($"the component {id}'s requires", $"names '{unknown}', which the board does not have");
                }
            }

            return board;
        }

        /// <summary>Refuses what the platform's devices would refuse, and adds what the board says of its components.</summary>
        /// <param name="images">The update's images.</param>
        /// <param name="members">What is said of them so far.</param>
        /// <exception cref="Failure">An image is not for this board.</exception>
        public ManifestMembers Apply(IReadOnlyList<PackedImage> images, ManifestMembers members)
        {
            List<ComponentMembers> components = [];
            foreach (PackedImage image in images)
            {
                if (!_components.TryGetValue(image.Id, out JsonObject? component))
                {
                    throw new Failure(ExitCode.Unsound, $"{_path} has no component '{image.Id}'; it has {string.Join(", ", _components.Keys)}. Devices would end in ComponentUnknown.");
                }

                if ((int?)component["slotSize"] is { } size && image.Bytes.Length > size)
                {
                    throw new Failure(ExitCode.Unsound, $"the component '{image.Id}' has {image.Bytes.Length} bytes; {_path} has {size} for it.");
                }

                string kind = Kind(image.Bytes);
                if ((string?)component["kind"] is { } wanted && wanted != kind && wanted != "file")
                {
                    throw new Failure(ExitCode.Unsound, $"the component '{image.Id}' is of kind {kind}; {_path} wants {wanted}.");
                }

                var requires = new Dictionary<string, string>(RequiresOf(image.Id, component));
                ComponentMembers own = members.Of(image.Id);
                foreach ((string id, string version) in own.Requires)
                {
                    requires[id] = !requires.TryGetValue(id, out string? least) || SemanticVersion.Parse(version)!.CompareTo(SemanticVersion.Parse(least)!) > 0 ? version : least;
                }

                foreach ((string id, string version) in requires)
                {
                    if (images.FirstOrDefault(other => other.Id == id) is { } sibling && SemanticVersion.Parse(sibling.Version)!.CompareTo(SemanticVersion.Parse(version)!) < 0)
                    {
                        throw new Failure(ExitCode.Unsound, $"the component '{image.Id}' needs {id} {version} or newer, and this update brings {sibling.Version}: devices would end in RequirementUnmet.");
                    }
                }

                components.Add(own with { Requires = requires, Priority = own.Priority ?? (int?)component["priority"] });
            }

            return members with
            {
                Platform = Same("platform", members.Platform, Platform),
                Provider = Same("provider", members.Provider, Provider),
                Name = Same("name", members.Name, Name),
                Components = components,
            };
        }

        /// <summary>What the board says and what an option says must not differ.</summary>
        /// <exception cref="Failure">They differ.</exception>
        public string? Same(string member, string? option, string? own)
        {
            return option != null && own != null && option != own
                ? throw new Failure(ExitCode.Usage, $"--{member} is '{option}', and {_path} says '{own}'. Leave the option out, or take the file of that board.")
                : option ?? own;
        }

        private static string Kind(byte[] bytes)
        {
            return ImageFile.Identify(bytes).Kind switch
            {
                ImageKind.Deployment or ImageKind.Assembly => "deployment",
                ImageKind.EspApplication => "esp32",
                ImageKind.Mcuboot => "mcuboot",
                _ => "file",
            };
        }

        private JsonObject Requires(JsonObject component, string at)
        {
            return component["requires"] switch
            {
                null => [],
                JsonObject requires => requires,
                _ => throw Refusal($"{at}.requires", "is no object of component ids with versions"),
            };
        }

        private IReadOnlyDictionary<string, string> RequiresOf(string id, JsonObject component)
        {
            return Requires(component, id).ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
        }

        private void Know(JsonObject json, string at, params string[] members)
        {
            if (json.FirstOrDefault(member => !members.Contains(member.Key)).Key is { } unknown)
            {
                throw Refusal(at + unknown, $"is no member of a board configuration; there are {string.Join(", ", members)}");
            }
        }

        private string? Text(JsonObject json, string member, string at)
        {
            return json[member] switch
            {
                null => null,
                JsonValue value when value.TryGetValue(out string? text) && text.Length > 0 => text,
                _ => throw Refusal(at + member, "is no text"),
            };
        }

        private void Number(JsonObject json, string member, string at, int least)
        {
            if (json[member] is { } node && (node is not JsonValue value || !value.TryGetValue(out int number) || number < least))
            {
                throw Refusal(at + member, $"is no number from {least} on");
            }
        }

        private Failure Refusal(string property, string sentence)
        {
            return new Failure(ExitCode.Usage, $"{_path}: {property} {sentence}.");
        }
    }
}
