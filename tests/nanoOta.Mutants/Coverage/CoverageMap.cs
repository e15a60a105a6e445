using System.Text.Json;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Running;

namespace nanoOta.Mutants.Coverage
{
    /// <summary>Which class of tests reaches which basic block, and how long each takes. Kept in a file, for as long as nothing was compiled anew.</summary>
    internal sealed class CoverageMap
    {
        private readonly CoveringClass[] _classes;

        private CoverageMap(IEnumerable<CoveringClass> classes)
        {
            _classes = [.. classes.OrderBy(one => one.Seconds)];
        }

        /// <summary>What a process takes that runs next to nothing, in seconds.</summary>
        public double StartUp => _classes[0].Seconds;

        /// <summary>The number of classes.</summary>
        public int Count => _classes.Length;

        /// <summary>The classes that reach a block, the fastest first.</summary>
        public IReadOnlyList<CoveringClass> Of(int block)
        {
            return [.. _classes.Where(one => one.Blocks.Contains(block))];
        }

        /// <summary>Takes the map from its file, or runs each class once, by itself: what a class leaves in static fields is no help to the next.</summary>
        /// <exception cref="CampaignException">A class fails without any mutant.</exception>
        public static CoverageMap Learn(string file, TestSuite suite, IReadOnlyList<AssemblyFile> assemblies, int jobs, TextWriter log)
        {
            if (Load(file, suite.Fingerprint) is { } known)
            {
                return known;
            }

            string[] names = suite.Classes();
            log.WriteLine($"Learning what each of {names.Length} test classes covers.");
            var classes = new CoveringClass[names.Length];
            var failed = new List<string>();
            Workers.Run(jobs, names.Length, worker =>
            {
                SuiteCopy instrumented = suite.CopyTo($"coverage-{worker}");
                foreach (AssemblyFile assembly in assemblies)
                {
                    instrumented.Put(assembly.FileName, assembly.Instrument());
                }

                SuiteCopy plain = suite.CopyTo($"plain-{worker}");
                foreach (AssemblyFile assembly in assemblies)
                {
                    plain.Put(assembly.FileName, assembly.Copy());
                }

                return index => classes[index] = Cover(names[index], instrumented, plain, failed);
            });
            if (failed.Count > 0)
            {
                throw new CampaignException($"Without any mutant these fail: {string.Join(", ", failed)}. Correct them first.");
            }

            var map = new CoverageMap(classes);
            map.Save(file, suite.Fingerprint);
            return map;
        }

        private static CoveringClass Cover(string name, SuiteCopy instrumented, SuiteCopy plain, List<string> failed)
        {
            string blocks = instrumented.EmptyFolder("blocks");
            SuiteRun run = instrumented.Run([name], SuiteCopy.NoLimit, new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = typeof(CoverageMap).Assembly.Location,
                [BlockHits.FolderVariable] = blocks,
            }, toTheEnd: true);

            // A test may object to the counting itself, but not to what is only a copy.
            if (run.End != RunEnd.Passed && plain.Run([name], SuiteCopy.NoLimit) is { End: not RunEnd.Passed } again)
            {
                lock (failed)
                {
                    failed.Add(again.Test ?? name);
                }
            }

            return new CoveringClass(name, run.Seconds, BlockHits.Load(blocks));
        }

        private static CoverageMap? Load(string file, string fingerprint)
        {
            Stored? stored = File.Exists(file) ? JsonSerializer.Deserialize<Stored>(File.ReadAllText(file)) : null;
            return stored?.Fingerprint == fingerprint ? new CoverageMap(stored.Classes) : null;
        }

        private void Save(string file, string fingerprint)
        {
            File.WriteAllText(file, JsonSerializer.Serialize(new Stored(fingerprint, _classes)));
        }

        private sealed record Stored(string Fingerprint, CoveringClass[] Classes);
    }
}
