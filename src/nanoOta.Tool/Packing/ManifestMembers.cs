using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;

namespace nanoOta.Tool.Packing
{
    /// <summary>Members of a manifest that the images do not tell.</summary>
    internal sealed record ManifestMembers
    {
        /// <summary>None.</summary>
        public static readonly ManifestMembers None = new();

        /// <summary>The maker; null: none is named.</summary>
        public string? Provider { get; init; }

        /// <summary>The product; null: none is named.</summary>
        public string? Name { get; init; }

        /// <summary>Devices wait until then, as text; null: they do not.</summary>
        public string? NotBefore { get; init; }

        /// <summary>Devices refuse the update from then on, as text; null: never.</summary>
        public string? Expires { get; init; }

        /// <summary>The platform id: which devices have the same components, for people and other tools; null: none is named.</summary>
        public string? Platform { get; init; }

        /// <summary>What the release is, for people; null: nothing.</summary>
        public string? Description { get; init; }

        /// <summary>An object of other tools, passed through as it is; null: none.</summary>
        public JsonObject? Annotations { get; init; }

        /// <summary>Containers that hold the same files: their absolute URLs, with a slash at the end.</summary>
        public IReadOnlyList<string> Mirrors { get; init; } = [];

        /// <summary>Whether each component's SHA-512 is published, for other tools.</summary>
        public bool HasSha512 { get; init; }

        /// <summary>What is said of single components besides.</summary>
        public IReadOnlyList<ComponentMembers> Components { get; init; } = [];

        /// <summary>What is said of a component.</summary>
        public ComponentMembers Of(string id)
        {
            return Components.FirstOrDefault(component => component.Id == id) ?? new ComponentMembers(id);
        }

        /// <summary>Writes those that are there; stands in the manifest's object.</summary>
        public void WriteTo(Utf8JsonWriter json)
        {
            foreach ((string member, string? value) in new[] { ("provider", Provider), ("name", Name), ("platformId", Platform), ("description", Description), ("notBefore", NotBefore), ("expires", Expires) })
            {
                if (value != null)
                {
                    json.WriteString(member, value);
                }
            }

            if (Annotations != null)
            {
                json.WritePropertyName("annotations");
                Annotations.WriteTo(json);
            }
        }
    }

    /// <summary>The options that name them.</summary>
    internal sealed class ManifestMemberOptions
    {
        private readonly Option<string?> _provider = new("--provider") { Description = "The maker; devices that know theirs refuse others." };
        private readonly Option<string?> _name = new("--name") { Description = "The product; devices that know theirs refuse others." };
        private readonly Option<string?> _notBefore = new("--not-before") { Description = "Devices wait until then: UTC, such as 2026-11-20T22:00:00Z." };
        private readonly Option<string?> _expires = new("--expires") { Description = "Devices refuse the update from then on: UTC, such as 2027-11-20T00:00:00Z." };

        /// <summary>Gives a command the options.</summary>
        public void AddTo(Command command)
        {
            command.Options.Add(_provider);
            command.Options.Add(_name);
            command.Options.Add(_notBefore);
            command.Options.Add(_expires);
        }

        /// <summary>Reads them.</summary>
        /// <exception cref="Failure">A time is none.</exception>
        public ManifestMembers Read(ParseResult result)
        {
            return new ManifestMembers
            {
                Provider = result.GetValue(_provider),
                Name = result.GetValue(_name),
                NotBefore = Time(result, _notBefore),
                Expires = Time(result, _expires),
            };
        }

        /// <summary>A time as devices read it; null when the option was not given.</summary>
        /// <exception cref="Failure">It is none.</exception>
        internal static string? Time(ParseResult result, Option<string?> option)
        {
            string? text = result.GetValue(option);
            return text == null || UtcTime.TryParse(text, out _) ? text
                : throw new Failure(ExitCode.Usage, $"{option.Name} is '{text}', which is no time. Write it in UTC, such as 2026-11-20T22:00:00Z.");
        }
    }
}
