using nanoOta.Mutants.Coverage;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Report;
using nanoOta.Mutants.Running;

namespace nanoOta.Mutants
{
    /// <summary>Runs the tests that reach a mutant against it, the fastest first, until one notices.</summary>
    /// <param name="suite">The tests.</param>
    /// <param name="assemblies">What is mutated.</param>
    /// <param name="coverage">Which tests reach what.</param>
    internal sealed class Campaign(TestSuite suite, IReadOnlyList<AssemblyFile> assemblies, CoverageMap coverage)
    {
        // How long the tests in the first process of a mutant may take, in times of its start, and by how much each further one may have
        // more: most mutants are killed by fast tests.
        private const double FirstBatch = 4;
        private const double Growth = 4;

        private const double LimitFactor = 5;

        /// <summary>
        /// The limit for tests that take nothing. The clock's is long: other work on the machine must not look like a hang. Most tests that
        /// do not end are busy.
        /// </summary>
        public RunCost LeastLimit { get; init; } = new(10, 300);

        /// <summary>Draws mutants: by their hashes with the seed, so that a larger number draws the same and more.</summary>
        public static IEnumerable<Mutant> Draw(IEnumerable<Mutant> mutants, int seed, int count)
        {
            return mutants.OrderBy(mutant => mutant.Draw(seed), StringComparer.Ordinal).Take(count);
        }

        /// <summary>Runs mutants.</summary>
        /// <param name="mutants">The mutants.</param>
        /// <param name="jobs">How many at a time.</param>
        /// <param name="found">Is given each result, one at a time.</param>
        public void Run(IReadOnlyList<Mutant> mutants, int jobs, Action<Result> found)
        {
            Workers.Run(jobs, mutants.Count, worker =>
            {
                SuiteCopy copy = suite.CopyTo($"worker-{worker}");
                return index =>
                {
                    Result result = Run(mutants[index], copy);
                    lock (suite)
                    {
                        found(result);
                    }
                };
            });
        }

        private Result Run(Mutant mutant, SuiteCopy copy)
        {
            IReadOnlyList<CoveringClass> covering = coverage.Of(mutant.Block);
            if (covering.Count == 0)
            {
                return Of(mutant, Verdict.NotCovered, null, 0);
            }

            AssemblyFile assembly = assemblies.Single(assembly => assembly.Name == mutant.Assembly);
            copy.Put(assembly.FileName, assembly.Make(mutant));
            try
            {
                double seconds = 0;
                foreach (CoveringClass[] batch in Batches(covering))
                {
                    SuiteRun run = copy.Run(batch.Select(one => one.Name), Limit(batch));
                    seconds += run.Cost.Seconds;
                    if (run.End != RunEnd.Passed)
                    {
                        return Of(mutant, run.End == RunEnd.TimedOut ? Verdict.TimedOut : Verdict.Killed, run.Test ?? batch[0].Name, seconds);
                    }
                }

                return Of(mutant, Verdict.Survived, null, seconds);
            }
            finally
            {
                copy.Put(assembly.FileName, assembly.Original());
            }
        }

        private Result Of(Mutant mutant, Verdict verdict, string? test, double seconds)
        {
            return new Result(mutant, verdict, test, Math.Round(seconds, 1)) { Fingerprint = suite.Fingerprint };
        }

        private IEnumerable<CoveringClass[]> Batches(IReadOnlyList<CoveringClass> classes)
        {
            double room = FirstBatch * coverage.StartUp;
            var batch = new List<CoveringClass>();
            foreach (CoveringClass one in classes)
            {
                if (batch.Count > 0 && batch.Sum(Net) + Net(one) > room)
                {
                    yield return [.. batch];
                    batch.Clear();
                    room *= Growth;
                }

                batch.Add(one);
            }

            yield return [.. batch];
        }

        private RunCost Limit(CoveringClass[] batch)
        {
            return new RunCost(
                LeastLimit.Processor + (LimitFactor * (coverage.StartUp + batch.Sum(Net))),
                LeastLimit.Seconds + (LimitFactor * batch.Sum(one => one.Cost.Seconds)));
        }

        private double Net(CoveringClass one)
        {
            return Math.Max(0, one.Cost.Processor - coverage.StartUp);
        }
    }
}
