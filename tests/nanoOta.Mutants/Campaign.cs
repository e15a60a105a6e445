using nanoOta.Mutants.Coverage;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Report;
using nanoOta.Mutants.Running;

namespace nanoOta.Mutants
{
    /// <summary>Runs the tests that reach a mutant against it, the fastest first, until one notices.</summary>
    /// <param name="assemblies">What is mutated.</param>
    /// <param name="suites">The tests and what they reach, in the order in which they run.</param>
    internal sealed class Campaign(IReadOnlyList<AssemblyFile> assemblies, IReadOnlyList<CoverageMap> suites)
    {
        // How long the tests in the first process of a mutant may take, in times of its start, and by how much each further one may have
        // more: most mutants are killed by fast tests.
        private const double FirstBatch = 4;
        private const double Growth = 4;

        private const double LimitFactor = 5;

        private readonly string _fingerprint = FingerprintOf(suites);

        /// <summary>
        /// The limit for tests that take nothing. The clock's is long: other work on the machine must not look like a hang. Most tests that
        /// do not end are busy.
        /// </summary>
        public RunCost LeastLimit { get; init; } = new(10, 300);

        /// <summary>How much processor time, in seconds, the tests of one suite may take for a mutant: slower classes are left out.</summary>
        public double Effort { get; init; } = double.PositiveInfinity;

        /// <summary>Draws mutants: by their hashes with the seed, so that a larger number draws the same and more.</summary>
        public static IEnumerable<Mutant> Draw(IEnumerable<Mutant> mutants, int seed, int count)
        {
            return mutants.OrderBy(mutant => mutant.Draw(seed), StringComparer.Ordinal).Take(count);
        }

        /// <summary>A hash over everything that could change a verdict. See <see cref="TestSuite.Fingerprint"/>.</summary>
        public static string FingerprintOf(IEnumerable<CoverageMap> suites)
        {
            return string.Join('-', suites.Select(suite => suite.Suite.Fingerprint[..16]));
        }

        /// <summary>Runs mutants.</summary>
        /// <param name="mutants">The mutants.</param>
        /// <param name="jobs">How many at a time.</param>
        /// <param name="found">Is given each result, one at a time.</param>
        public void Run(IReadOnlyList<Mutant> mutants, int jobs, Action<Result> found)
        {
            Workers.Run(jobs, mutants.Count, worker =>
            {
                SuiteCopy[] copies = [.. suites.Select(suite => suite.Suite.CopyTo($"worker-{worker}"))];
                return index =>
                {
                    Result result = Run(mutants[index], copies);
                    lock (suites)
                    {
                        found(result);
                    }
                };
            });
        }

        private Result Run(Mutant mutant, SuiteCopy[] copies)
        {
            AssemblyFile assembly = assemblies.Single(assembly => assembly.Name == mutant.Assembly);
            var verdict = Verdict.NotCovered;
            double seconds = 0;
            foreach ((CoverageMap coverage, SuiteCopy copy) in suites.Zip(copies))
            {
                IReadOnlyList<CoveringClass> covering = coverage.Of(mutant.Block);
                if (covering.Count == 0)
                {
                    continue;
                }

                verdict = Verdict.Survived;
                copy.Put(assembly.FileName, assembly.Make(mutant));
                try
                {
                    foreach (CoveringClass[] batch in Batches(coverage, coverage.Within(covering, Effort)))
                    {
                        SuiteRun run = copy.Run(batch.Select(one => one.Name), Limit(coverage, batch));
                        seconds += run.Cost.Seconds;
                        if (run.End != RunEnd.Passed)
                        {
                            return Of(mutant, run.End == RunEnd.TimedOut ? Verdict.TimedOut : Verdict.Killed, run.Test ?? batch[0].Name, seconds);
                        }
                    }
                }
                finally
                {
                    copy.Put(assembly.FileName, assembly.Original());
                }
            }

            return Of(mutant, verdict, null, seconds);
        }

        private Result Of(Mutant mutant, Verdict verdict, string? test, double seconds)
        {
            return new Result(mutant, verdict, test, Math.Round(seconds, 1)) { Fingerprint = _fingerprint };
        }

        private static IEnumerable<CoveringClass[]> Batches(CoverageMap coverage, IReadOnlyList<CoveringClass> classes)
        {
            double room = FirstBatch * coverage.StartUp;
            var batch = new List<CoveringClass>();
            foreach (CoveringClass one in classes)
            {
                if (batch.Count > 0 && batch.Sum(coverage.Net) + coverage.Net(one) > room)
                {
                    yield return [.. batch];
                    batch.Clear();
                    room *= Growth;
                }

                batch.Add(one);
            }

            if (batch.Count > 0)
            {
                yield return [.. batch];
            }
        }

        private RunCost Limit(CoverageMap coverage, CoveringClass[] batch)
        {
            return new RunCost(
                LeastLimit.Processor + (LimitFactor * (coverage.StartUp + batch.Sum(coverage.Net))),
                LeastLimit.Seconds + (LimitFactor * batch.Sum(one => one.Cost.Seconds)));
        }
    }
}
