namespace nanoOta.Packages
{
    /// <summary>A nanoFramework package, as the profile has it in the head of a listing, or in one without a listing.</summary>
    /// <param name="Id">The package.</param>
    /// <param name="Version">The package's version.</param>
    /// <param name="Assembly">The assembly in it. The listing has its name, and more where two packages have an assembly of one name.</param>
    /// <param name="Identity">The assembly's full name.</param>
    /// <param name="References">Names of the listings that it needs.</param>
    public sealed record ListedPackage(string Id, string Version, string Assembly, string Identity, string[] References);

    /// <summary>The heads of the listings in <c>build/profile/api</c>, and those in <c>build/profile/packages</c>, whose assemblies are restored.</summary>
    /// <param name="profile">The folder <c>build/profile</c>.</param>
    public sealed class ListedPackages(string profile)
    {
        private readonly Dictionary<string, ListedPackage> _read = [];

        /// <exception cref="InvalidDataException">There is no such listing, or its head lacks something.</exception>
        public ListedPackage Find(string listing)
        {
            if (!_read.TryGetValue(listing, out ListedPackage? package))
            {
                package = Read(listing);
                _read.Add(listing, package);
            }

            return package;
        }

        private ListedPackage Read(string listing)
        {
            string file = Path.Combine(profile, "api", listing + ".txt");
            string restored = Path.Combine(profile, "packages", listing + ".txt");
            if (File.Exists(restored))
            {
                file = restored;
            }
            else if (!File.Exists(file))
            {
                throw new InvalidDataException($"{file}: no such listing");
            }

            string[] lines = File.ReadAllLines(file);
            string Head(string name) => lines.FirstOrDefault(line => line.StartsWith($"# {name}:", StringComparison.Ordinal))?[(name.Length + 3)..].Trim()
                ?? throw new InvalidDataException($"{file}: no '# {name}:' line");
            string[] package = Head("package").Split(' ');
            string identity = Head("assembly");
            return new ListedPackage(package[0], package[1], identity.Split(',')[0], identity, Head("references").Split(", ", StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
