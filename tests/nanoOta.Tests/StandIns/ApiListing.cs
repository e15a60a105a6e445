using System.Text.RegularExpressions;

namespace nanoOta.Tests.StandIns
{
    /// <summary>
    /// The listings of nanoFramework's packages in build/profile/api, line by line, without what the surface of a stand-in
    /// need not repeat: attributes, defaults of parameters, and words such as virtual and override.
    /// </summary>
    internal static partial class ApiListing
    {
        internal static readonly string Root = FindRoot();

        /// <summary>For each type its lines: the first is the type's own, the others are its members, each once though two assemblies have it.</summary>
        internal static Dictionary<string, List<string>> Read(params string[] assemblies)
        {
            Dictionary<string, List<string>> types = [];
            List<string> current = [];
            foreach (string assembly in assemblies)
            {
                foreach (string line in File.ReadLines(Path.Combine(Root, "build", "profile", "api", assembly + ".txt")))
                {
                    if (line.StartsWith('#'))
                    {
                        continue;
                    }

                    string text = Attributes().Replace(line, "");
                    if (TypeName().Match(line) is { Success: true } type)
                    {
                        string name = type.Groups["name"].Value;
                        current = types[name] = types.GetValueOrDefault(name) ?? [];
                        text = text.Replace(" : object, ", " : ").Replace(" : object", "");
                    }
                    else
                    {
                        text = Noise().Replace(text, "");
                    }

                    if (!current.Contains(text))
                    {
                        current.Add(text);
                    }
                }
            }

            return types;
        }

        /// <summary>The lines of a text file beside the tests, without comments.</summary>
        internal static List<string> ReadData(string file)
        {
            string path = Path.Combine(Root, "tests", "nanoOta.Tests", "StandIns", file);
            return [.. File.ReadLines(path).Where(line => line.Length > 0 && !line.StartsWith('#'))];
        }

        private static string FindRoot()
        {
            DirectoryInfo? directory = new(AppContext.BaseDirectory);
            while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "nanoOta.sln")))
            {
                directory = directory.Parent;
            }

            return directory?.FullName ?? throw new DirectoryNotFoundException("nanoOta.sln");
        }

        [GeneratedRegex(@"^(\[[^]]*\] )*(protected )?((static|abstract|sealed|readonly|ref) )*(class|struct|interface|enum|delegate) (?<name>[^ (<]+)")]
        private static partial Regex TypeName();

        [GeneratedRegex(@"^(\[[^]]*\] )+")]
        private static partial Regex Attributes();

        [GeneratedRegex(@"(?<=^(static |protected )*)(virtual|override|abstract|sealed override|new|readonly) |(?<=\(.*) = (default\([^)]*\)|[^,)]+)(?=[,)])")]
        private static partial Regex Noise();
    }
}
