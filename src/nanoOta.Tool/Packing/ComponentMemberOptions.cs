using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Packing
{
    /// <summary>The options of <c>pack</c> that describe a release and its components beyond what the images tell.</summary>
    internal sealed class ComponentMemberOptions
    {
        private readonly Option<string?> _platform = new("--platform") { Description = "The platform id: which devices have the same components. For people and other tools; devices go by --target, --provider and --name." };
        private readonly Option<string[]> _description = new("--description") { Description = "What the release is; ID=TEXT: what a component is." };
        private readonly Option<string[]> _annotations = new("--annotations") { Description = "A file with a JSON object of other tools, passed through as it is; ID=FILE: of a component." };
        private readonly Option<string[]> _requires = new("--requires") { Description = "ID:OTHER=VERSION: component ID needs at least that version of OTHER, installed or in this update. Once for each." };
        private readonly Option<string[]> _mirrors = new("--mirror") { Description = "The absolute URL of a container that holds the same files; devices try it after the one beside the manifest. Up to three." };
        private readonly Option<string[]> _priority = new("--priority") { Description = "ID=N: a component's reboot priority. For people and other tools; devices go by that of their modules." };
        private readonly Option<bool> _sha512 = new("--sha512") { Description = "Publish SHA-512 beside SHA-256, for other tools; devices check SHA-256." };

        /// <summary>Gives a command the options.</summary>
        public void AddTo(Command command)
        {
            foreach (Option option in new Option[] { _platform, _description, _annotations, _requires, _mirrors, _priority, _sha512 })
            {
                command.Options.Add(option);
            }
        }

        /// <summary>Adds what they say.</summary>
        /// <param name="result">The command line.</param>
        /// <param name="members">What is known already; what an option says takes its place.</param>
        /// <param name="ids">The components of the update.</param>
        /// <exception cref="Failure">An option makes no sense.</exception>
        public ManifestMembers Add(ParseResult result, ManifestMembers members, IReadOnlyList<string> ids)
        {
            string[] descriptions = result.GetValue(_description) ?? [];
            string[] annotations = result.GetValue(_annotations) ?? [];
            var components = ids.ToDictionary(id => id, members.Of);
            foreach (string text in descriptions)
            {
                if (OfComponent(text, ids) is var (id, value))
                {
                    components[id] = components[id] with { Description = value };
                }
            }

            foreach (string text in annotations)
            {
                if (OfComponent(text, ids) is var (id, path))
                {
                    components[id] = components[id] with { Annotations = JsonFile.Read(path) };
                }
            }

            foreach (string text in result.GetValue(_priority) ?? [])
            {
                if (OfComponent(text, ids) is not var (id, value) || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                {
                    throw new Failure(ExitCode.Usage, $"--priority '{text}' is not ID=N with one of the components {string.Join(", ", ids)}.");
                }

                components[id] = components[id] with { Priority = number };
            }

            foreach (string text in result.GetValue(_requires) ?? [])
            {
                int colon = text.IndexOf(':');
                int equals = text.IndexOf('=');
                string id = colon < 0 ? "" : text[..colon];
                if (!components.TryGetValue(id, out ComponentMembers? component) || equals < colon + 2 || SemanticVersion.Parse(text[(equals + 1)..]) == null)
                {
                    throw new Failure(ExitCode.Usage, $"--requires '{text}' is not ID:OTHER=VERSION, such as deployment:clr=1.16.0, with one of the components {string.Join(", ", ids)}.");
                }

                components[id] = component with { Requires = new Dictionary<string, string>(component.Requires) { [text[(colon + 1)..equals]] = text[(equals + 1)..] } };
            }

            string[] mirrors = [.. (result.GetValue(_mirrors) ?? []).Select(mirror => !Url.IsAbsolute(mirror) || mirror.Contains('?')
                ? throw new Failure(ExitCode.Usage, $"--mirror '{mirror}' is not an absolute http or https URL without a query.")
                : mirror.TrimEnd('/') + "/")];
            return members with
            {
                Platform = result.GetValue(_platform) ?? members.Platform,
                Description = One("--description", descriptions, ids) ?? members.Description,
                Annotations = One("--annotations", annotations, ids) is { } file ? JsonFile.Read(file) : members.Annotations,
                Mirrors = mirrors,
                HasSha512 = result.GetValue(_sha512),
                Components = [.. components.Values],
            };
        }

        // The one value that is of no component.
        private static string? One(string option, string[] values, IReadOnlyList<string> ids)
        {
            string[] own = [.. values.Where(value => OfComponent(value, ids) == null)];
            return own.Length <= 1 ? own.FirstOrDefault()
                : throw new Failure(ExitCode.Usage, $"{option} is given twice for the release: '{own[0]}' and '{own[1]}'. For a component, write ID=… with one of {string.Join(", ", ids)}.");
        }

        private static (string Id, string Value)? OfComponent(string text, IReadOnlyList<string> ids)
        {
            int at = text.IndexOf('=');
            return at > 0 && ids.Contains(text[..at]) ? (text[..at], text[(at + 1)..]) : null;
        }
    }
}
