using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace nanoOta.Packages
{
    /// <summary>The repository: which projects become packages, and what all of them have in common.</summary>
    public sealed class Repository
    {
        private static readonly string[] _left = ["bin", "obj", "packages"];

        /// <param name="root">Its folder.</param>
        /// <param name="configuration">Whose output is packed: Release or Debug, which are the same for device projects.</param>
        /// <exception cref="InvalidDataException">The folder is not the repository's, or a project names what is not there.</exception>
        public Repository(string root, string configuration = "Release")
        {
            Root = root;
            Configuration = configuration;
            Versions = new ListedPackages(Path.Combine(root, "build", "profile"));
            string properties = Path.Combine(root, "Directory.Build.props");
            Version = (string?)XDocument.Load(properties).Descendants("Version").FirstOrDefault()
                ?? throw new InvalidDataException($"{properties}: no <Version>");
            Projects = [.. Directory.GetDirectories(Path.Combine(root, "src")).Order(StringComparer.Ordinal)
                .Select(folder => Path.Combine(folder, Path.GetFileName(folder) + ".csproj"))
                .Where(file => File.Exists(file) && File.ReadAllText(file).Contains("<NanoDevice>true</NanoDevice>"))
                .Select(file => new DeviceProject(file, configuration, Versions))];
            DeviceTests = new DeviceProject(Path.Combine(root, "tests", "nanoOta.DeviceTests", "NFUnitTest.csproj"), configuration, Versions);
        }

        /// <summary>Its folder.</summary>
        public string Root { get; }

        /// <summary>Whose output is packed.</summary>
        public string Configuration { get; }

        /// <summary>The version of everything, from <c>Directory.Build.props</c>.</summary>
        public string Version { get; }

        /// <summary>The packages that the device projects are compiled against.</summary>
        public ListedPackages Versions { get; }

        /// <summary>Every device project of the library, by name.</summary>
        public IReadOnlyList<DeviceProject> Projects { get; }

        /// <summary>The tests that run on devices: no package, but built from a .nfproj as well.</summary>
        public DeviceProject DeviceTests { get; }

        /// <summary>The project, all that it needs directly or indirectly, and itself last.</summary>
        public IEnumerable<DeviceProject> WithNeeds(DeviceProject project)
        {
            return project.Needs.SelectMany(name => WithNeeds(Find(name))).Append(project).Distinct();
        }

        /// <summary>
        /// The listings of all packages that a project needs, its projects' and the packages' own included, by name. Of two with an
        /// assembly of one name there can be only one: it is the one that the project itself names.
        /// </summary>
        public IReadOnlyList<ListedPackage> AllReferences(DeviceProject project)
        {
            SortedDictionary<string, ListedPackage> found = new(StringComparer.Ordinal);
            Queue<string> open = new(WithNeeds(project).Reverse().SelectMany(one => one.References));
            while (open.TryDequeue(out string? name))
            {
                ListedPackage package = Versions.Find(name);
                if (found.TryAdd(package.Assembly, package))
                {
                    Array.ForEach(package.References, open.Enqueue);
                }
            }

            return [.. found.Values];
        }

        /// <summary>Every source file of a folder, as paths from it with backslashes, as a .nfproj lists them.</summary>
        public static IReadOnlyList<string> Sources(string folder)
        {
            return [.. Under(new DirectoryInfo(folder)).Select(file => Path.GetRelativePath(folder, file).Replace('/', '\\')).Order(StringComparer.Ordinal)];
        }

        /// <exception cref="InvalidDataException">There is no such device project.</exception>
        public DeviceProject Find(string name)
        {
            return Projects.FirstOrDefault(project => project.Name == name) ?? throw new InvalidDataException($"{name}: no such device project in src");
        }

        private static IEnumerable<string> Under(DirectoryInfo folder)
        {
            return folder.GetFiles("*.cs").Select(file => file.FullName)
                .Concat(folder.GetDirectories().Where(sub => !_left.Contains(sub.Name)).SelectMany(Under));
        }
    }

    /// <summary>A device project, as its .csproj has it.</summary>
    public sealed partial class DeviceProject
    {
        private readonly string _output;

        internal DeviceProject(string file, string configuration, ListedPackages packages)
        {
            var project = XDocument.Load(file);
            Name = Path.GetFileNameWithoutExtension(file);
            Folder = Path.GetDirectoryName(file)!;
            _output = Path.Combine(Folder, "bin", configuration, "net10.0", "device");
            Description = (string?)project.Descendants("Description").FirstOrDefault()
                ?? throw new InvalidDataException($"{file}: no <Description>");
            References = [.. project.Descendants("NanoReference").SelectMany(item => ((string)item.Attribute("Include")!).Split(';')).Order(StringComparer.Ordinal)];
            Array.ForEach(References, name => packages.Find(name));
            Needs = [.. project.Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension((string)item.Attribute("Include")!)).Order(StringComparer.Ordinal)];
            Shared = [.. project.Descendants("Compile").Select(item => ((string)item.Attribute("Include")!).Replace('/', '\\')).Order(StringComparer.Ordinal)];
            NativeVersion = Repository.Sources(Folder).Select(source => NativeVersionLine().Match(File.ReadAllText(Path.Combine(Folder, source.Replace('\\', '/')))))
                .FirstOrDefault(match => match.Success)?.Groups["version"].Value;
        }

        /// <summary>Name of the project, its assembly, its folder and its package.</summary>
        public string Name { get; }

        /// <summary>The folder it lies in.</summary>
        public string Folder { get; }

        /// <summary>What the package is, in a sentence or two.</summary>
        public string Description { get; }

        /// <summary>Names of the listings that it is compiled against.</summary>
        public string[] References { get; }

        /// <summary>Names of the device projects that it is compiled against.</summary>
        public string[] Needs { get; }

        /// <summary>Sources of other projects that it is compiled with, from its folder on.</summary>
        public string[] Shared { get; }

        /// <summary>The version of the native code that it calls, four numbers; null when it calls none.</summary>
        public string? NativeVersion { get; }

        /// <summary>What the ordinary build ships: assembly, symbols, documentation.</summary>
        public string Shipped(string extension)
        {
            return Path.Combine(_output, Name + extension);
        }

        [GeneratedRegex(@"^\[assembly: AssemblyNativeVersion\(""(?<version>\d+\.\d+\.\d+\.\d+)""\)\]", RegexOptions.Multiline)]
        private static partial Regex NativeVersionLine();
    }
}
