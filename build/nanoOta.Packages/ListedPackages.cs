namespace nanoOta.Packages
{
    /// <summary>A nanoFramework package, as the head of its listing has it.</summary>
    /// <param name="Id">The package.</param>
    /// <param name="Version">The package's version.</param>
    /// <param name="Assembly">The assembly in it, and the listing.</param>
    /// <param name="Identity">The assembly's full name.</param>
    /// <param name="References">Names of the listings that it needs.</param>
    public sealed record ListedPackage(string Id, string Version, string Assembly, string Identity, string[] References);

    /// <summary>The heads of the listings in <c>build/profile/api</c>.</summary>
    public sealed class ListedPackages(string folder)
    {
        private readonly Dictionary<string, ListedPackage> _read = [];

        /// <exception cref="InvalidDataException">There is no such listing, or its head lacks something.</exception>
        public ListedPackage Find(string assembly)
        {
            if (!_read.TryGetValue(assembly, out ListedPackage? package))
            {
                package = Read(assembly);
                _read.Add(assembly, package);
            }

            return package;
        }

        private ListedPackage Read(string assembly)
        {
            string file = Path.Combine(folder, assembly + ".txt");
            if (!File.Exists(file))
            {
                throw new InvalidDataException($"{file}: no such listing");
            }

            string[] lines = File.ReadAllLines(file);
            string Head(string name) => lines.FirstOrDefault(line => line.StartsWith($"# {name}:", StringComparison.Ordinal))?[(name.Length + 3)..].Trim()
                ?? throw new InvalidDataException($"{file}: no '# {name}:' line");
            string[] package = Head("package").Split(' ');
            return new ListedPackage(package[0], package[1], assembly, Head("assembly"), Head("references").Split(", ", StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
