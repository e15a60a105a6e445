using nanoOta.Mutants.Il;
using nanoOta.Mutants.Running;

namespace nanoOta.Mutants
{
    /// <summary>Where things are in this repository.</summary>
    internal sealed class Repository : IDisposable
    {
        private const string Tests = "nanoOta.Tests";
        private readonly string _suite;
        private readonly FileStream _lock;

        /// <summary>Finds the repository above this program, and copies the tests: a build during the campaign does not disturb it.</summary>
        /// <exception cref="CampaignException">It is not there, the tests were not built, or another campaign runs.</exception>
        public Repository()
        {
            DirectoryInfo? at = new(AppContext.BaseDirectory);
            while (at != null && !File.Exists(Path.Combine(at.FullName, "nanoOta.sln")))
            {
                at = at.Parent;
            }

            Root = at?.FullName ?? throw new CampaignException("There is no nanoOta.sln above this program. Run it from a checkout.");
            string built = Path.Combine(Root, "tests", Tests, "bin", "Release", "net10.0");
            if (!File.Exists(Path.Combine(built, Tests + ".dll")))
            {
                throw new CampaignException($"The tests were not built. Run: dotnet build tests/{Tests} -c Release");
            }

            WorkFolder = Directory.CreateDirectory(Path.Combine(Root, "artifacts", "mutants")).FullName;
            _lock = Lock(WorkFolder);
            string copy = Path.Combine(WorkFolder, "built");
            if (Directory.Exists(copy))
            {
                Directory.Delete(copy, recursive: true);
            }

            _suite = TestSuite.CopyOutput(built, copy);
        }

        /// <summary>Its folder.</summary>
        public string Root { get; }

        /// <summary>Where copies, coverage and results go.</summary>
        public string WorkFolder { get; }

        /// <summary>The unit tests.</summary>
        public TestSuite Suite => new(_suite, Tests + ".dll", WorkFolder);

        /// <summary>The assemblies of all device projects, as the tests run them.</summary>
        public IReadOnlyList<AssemblyFile> Assemblies()
        {
            var assemblies = new List<AssemblyFile>();
            int blocks = 0;
            foreach (string project in Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                if (File.ReadAllText(project).Contains("<NanoDevice>true</NanoDevice>", StringComparison.Ordinal))
                {
                    string path = Path.Combine(_suite, Path.GetFileNameWithoutExtension(project) + ".dll");
                    if (!File.Exists(path))
                    {
                        throw new CampaignException($"{Path.GetFileName(path)} is not in the output of {Tests}: no test of it uses the project, or it was not built.");
                    }

                    assemblies.Add(new AssemblyFile(path, Root, blocks));
                    blocks += assemblies[^1].Blocks;
                }
            }

            return blocks <= Coverage.BlockHits.Capacity ? assemblies : throw new CampaignException($"{blocks} basic blocks are more than coverage has room for.");
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _lock.Dispose();
        }

        // Two campaigns would share their copies.
        private static FileStream Lock(string folder)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                throw new CampaignException("Another campaign runs in this checkout. Wait until it ends.");
            }
        }
    }
}
