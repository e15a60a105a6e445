using nanoOta.Mutants.Il;
using nanoOta.Mutants.Running;

namespace nanoOta.Mutants
{
    /// <summary>Where things are in this repository.</summary>
    internal sealed class Repository : IDisposable
    {
        // The second one has the tests of nanoOta.Mcu and nanoOta.Components.
        private static readonly string[] _tests = ["nanoOta.Tests", "nanoOta.Mcu.Tests"];

        private readonly string _root;
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

            _root = at?.FullName ?? throw new CampaignException("There is no nanoOta.sln above this program. Run it from a checkout.");
            if (_tests.FirstOrDefault(tests => !File.Exists(Path.Combine(Output(tests), tests + ".dll"))) is { } missing)
            {
                throw new CampaignException($"The tests were not built. Run: dotnet build tests/{missing} -c Release");
            }

            WorkFolder = Directory.CreateDirectory(Path.Combine(_root, "artifacts", "mutants")).FullName;
            _lock = Lock(WorkFolder);
            Suites = [.. _tests.Select(Copied)];
        }

        /// <summary>Where results go, and what belongs to each suite.</summary>
        public string WorkFolder { get; }

        /// <summary>The suites whose tests kill mutants. All device assemblies are among the files of the first.</summary>
        public IReadOnlyList<TestSuite> Suites { get; }

        /// <summary>The assemblies of all device projects, as the tests run them.</summary>
        public IReadOnlyList<AssemblyFile> Assemblies()
        {
            var assemblies = new List<AssemblyFile>();
            int blocks = 0;
            foreach (string project in Directory.GetFiles(Path.Combine(_root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                if (File.ReadAllText(project).Contains("<NanoDevice>true</NanoDevice>", StringComparison.Ordinal))
                {
                    string path = Path.Combine(Suites[0].Folder, Path.GetFileNameWithoutExtension(project) + ".dll");
                    if (!File.Exists(path))
                    {
                        throw new CampaignException($"{Path.GetFileName(path)} is not in the output of {Suites[0].Name}: no test of it uses the project, or it was not built.");
                    }

                    assemblies.Add(new AssemblyFile(path, _root, blocks));
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

        private TestSuite Copied(string tests)
        {
            string folder = Path.Combine(WorkFolder, tests);
            string copy = Path.Combine(folder, "built");
            if (Directory.Exists(copy))
            {
                Directory.Delete(copy, recursive: true);
            }

            return new TestSuite(TestSuite.CopyOutput(Output(tests), copy), tests + ".dll", folder);
        }

        private string Output(string tests)
        {
            return Path.Combine(_root, "tests", tests, "bin", "Release", "net10.0");
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
