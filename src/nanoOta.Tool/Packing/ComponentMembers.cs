using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Packing
{
    /// <summary>Members of a component in a manifest that its image does not tell.</summary>
    /// <param name="Id">The component.</param>
    internal sealed record ComponentMembers(string Id)
    {
        // As many as devices read.
        private const int MaxUrls = 4;

        /// <summary>What the component is, for people; null: nothing.</summary>
        public string? Description { get; init; }

        /// <summary>An object of other tools, passed through as it is; null: none.</summary>
        public JsonObject? Annotations { get; init; }

        /// <summary>The reboot priority, for people and other tools: devices go by their modules' own; null: none is named.</summary>
        public int? Priority { get; init; }

        /// <summary>Component ids with the lowest version each must have.</summary>
        public IReadOnlyDictionary<string, string> Requires { get; init; } = new Dictionary<string, string>();

        /// <summary>URLs that come before the file beside the manifest.</summary>
        public IReadOnlyList<string> Urls { get; init; } = [];

        /// <summary>Where the image lies, in the order in which devices try it.</summary>
        /// <param name="name">Its file beside the manifest.</param>
        /// <param name="mirrors">Containers that hold the same files.</param>
        /// <exception cref="Failure">They are too many, or one is no reference.</exception>
        public IReadOnlyList<string> UrlsOf(string name, IReadOnlyList<string> mirrors)
        {
            string[] urls = [.. Urls, name, .. mirrors.Select(mirror => mirror + name)];
            return urls.Length > MaxUrls
                ? throw new Failure(ExitCode.Usage, $"{Id} has {urls.Length} URLs with its mirrors; devices read {MaxUrls}.")
                : urls.FirstOrDefault(url => !Url.IsReference(url)) is { } bad
                ? throw new Failure(ExitCode.Usage, $"'{bad}' of {Id} is no URL: devices take printable ASCII without spaces and '#', at most {Url.MaxLength} characters.")
                : urls;
        }

        /// <summary>Writes those that are there; stands in the component's object.</summary>
        public void WriteTo(Utf8JsonWriter json)
        {
            if (Requires.Count > 0)
            {
                json.WriteStartObject("requires");
                foreach ((string id, string version) in Requires)
                {
                    json.WriteString(id, version);
                }

                json.WriteEndObject();
            }

            if (Priority is { } priority)
            {
                json.WriteNumber("priority", priority);
            }

            if (Description != null)
            {
                json.WriteString("description", Description);
            }

            if (Annotations != null)
            {
                json.WritePropertyName("annotations");
                Annotations.WriteTo(json);
            }
        }
    }
}
