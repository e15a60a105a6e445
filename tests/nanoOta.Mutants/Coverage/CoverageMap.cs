using System.Text.Json;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Running;

namespace nanoOta.Mutants.Coverage
{
    /// <summary>Which class of tests reaches which basic block, and what each takes. Kept in a file, a class a line, for as long as nothing was compiled anew.</summary>
    internal sealed class CoverageMap
    {
        private readonly CoveringClass[] _classes;

        private CoverageMap(TestSuite suite, IEnumerable<CoveringClass> classes)
        {
            Suite = suite;
            _classes = [.. classes.OrderBy(one => one.Cost.Processor)];
        }

        /// <summary>The suite that the classes belong to.</summary>
        public TestSuite Suite { get; }

        /// <summary>The processor time, in seconds, of a process that runs next to nothing: the fastest tenth of the classes takes no longer.</summary>
        public double StartUp => _classes[_classes.Length / 10].Cost.Processor;

        /// <summary>The processor time, in seconds, that a class takes beyond <see cref="StartUp"/>.</summary>
        public double Net(CoveringClass one)
        {
            return Math.Max(0, one.Cost.Processor - StartUp);
        }

        /// <summary>The number of classes.</summary>
        public int Count => _classes.Length;

        /// <summary>The classes that reach a block, the fastest first.</summary>
        public IReadOnlyList<CoveringClass> Of(int block)
        {
            return [.. _classes.Where(one => one.Blocks.Contains(block))];
        }

        /// <summary>The first of some classes that together take no more than a processor time.</summary>
        public IReadOnlyList<CoveringClass> Within(IEnumerable<CoveringClass> classes, double seconds)
        {
            double left = seconds - StartUp;
            return [.. classes.TakeWhile(one => (left -= Net(one)) >= 0)];
        }

        /// <summary>Takes from the file what it has, and runs each other class once, by itself: what a class leaves in static fields is no help to the next.</summary>
        /// <exception cref="CampaignException">A class fails without any mutant.</exception>
        public static CoverageMap Learn(TestSuite suite, IReadOnlyList<AssemblyFile> assemblies, int jobs, TextWriter log)
        {
            string file = Path.Combine(suite.WorkFolder, "coverage.jsonl");
            AssemblyFile[] reached = [.. assemblies.Where(suite.Has)];
            List<CoveringClass> classes = Load(file, suite.Fingerprint);
            string[] names = [.. suite.Classes().Except(classes.Select(one => one.Name))];
            if (names.Length > 0)
            {
                log.WriteLine($"Learning what each of {names.Length} test classes of {suite.Name} covers.");
            }

            var failed = new List<string>();
            Workers.Run(jobs, names.Length, worker =>
            {
                SuiteCopy instrumented = suite.CopyTo($"coverage-{worker}");
                SuiteCopy plain = suite.CopyTo($"plain-{worker}");
                foreach (AssemblyFile assembly in reached)
                {
                    instrumented.Put(assembly.FileName, assembly.Instrument());
                    plain.Put(assembly.FileName, assembly.Copy());
                }

                return index =>
                {
                    CoveringClass? found = Cover(names[index], instrumented, plain, out string? failure);
                    lock (classes)
                    {
                        if (found == null)
                        {
                            failed.Add(failure!);
                            log.WriteLine(failure);
                            return;
                        }

                        classes.Add(found);
                        File.AppendAllLines(file, [JsonSerializer.Serialize(new Stored(suite.Fingerprint, found))]);
                    }
                };
            });
            return failed.Count == 0 ? new CoverageMap(suite, classes) : throw new CampaignException($"{failed.Count} test classes fail without any mutant. Correct them first.");
        }

        private static CoveringClass? Cover(string name, SuiteCopy instrumented, SuiteCopy plain, out string? failure)
        {
            string blocks = instrumented.EmptyFolder("blocks");
            SuiteRun run = instrumented.Run([name], RunCost.Unlimited, new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = typeof(CoverageMap).Assembly.Location,
                [BlockHits.FolderVariable] = blocks,
            }, toTheEnd: true);

            // A test may object to the counting itself, but not to what is only a copy.
            SuiteRun again = run.End == RunEnd.Passed ? run : plain.Run([name], RunCost.Unlimited);
            failure = again.End == RunEnd.Passed ? null : $"{name} {again.End}: {again.Test}";
            return failure == null ? new CoveringClass(name, run.Cost, BlockHits.Load(blocks)) : null;
        }

        // Lines of other builds are deleted.
        private static List<CoveringClass> Load(string file, string fingerprint)
        {
            string[] lines = File.Exists(file) ? File.ReadAllLines(file) : [];
            Stored[] stored = [.. lines.Where(line => line.EndsWith('}')).Select(line => JsonSerializer.Deserialize<Stored>(line)!).Where(stored => stored.Fingerprint == fingerprint)];
            File.WriteAllLines(file, stored.Select(one => JsonSerializer.Serialize(one)));
            return [.. stored.Select(one => one.Class)];
        }

        private sealed record Stored(string Fingerprint, CoveringClass Class);
    }
}
