using nanoOta.Mutants.Coverage;
using nanoOta.Mutants.Il;
using nanoOta.Mutants.Operators;
using nanoOta.Mutants.Report;
using nanoOta.Mutants.Running;
using nanoOta.Mutants.Tests.Fixture;

namespace nanoOta.Mutants.Tests
{
    /// <summary>A campaign on this very assembly: <see cref="Subject"/> is mutated, <see cref="SubjectTests"/> run in processes of their own.</summary>
    public sealed class CampaignTests(CampaignTests.Bench bench) : IClassFixture<CampaignTests.Bench>
    {
        [Fact]
        public void Each_mutant_gets_its_verdict()
        {
            (string Method, string Operator, Verdict Verdict, string? Test)[] expected =
            [
                (nameof(Subject.IsSmall), Conditions.Negated, Verdict.Killed, nameof(SubjectTests.Three_is_small_and_thirty_is_not)),
                (nameof(Subject.IsSmall), Conditions.BoundMoved, Verdict.Survived, null),
                (nameof(Subject.Half), Constants.Changed, Verdict.NotCovered, null),
                (nameof(Subject.Depth), Arithmetic.Exchanged, Verdict.Killed, nameof(SubjectTests.Three_calls_lead_to_zero)),
                (nameof(Subject.Set), "_lower", Verdict.Killed, nameof(SubjectFieldTests.The_lower_bound_is_kept)),
                (nameof(Subject.Set), "_upper", Verdict.Survived, null),
                (nameof(Subject.Set), "_lower -> _upper", Verdict.Killed, nameof(SubjectFieldTests.The_lower_bound_is_kept)),
            ];
            Mutant[] mutants = [.. expected.Select(row => Mutants(row.Method).First(mutant => mutant.Operator == row.Operator || mutant.Change == row.Operator))];
            var results = new List<Result>();
            new Campaign([bench.Assembly], bench.Suites).Run(mutants, 2, results.Add);
            Assert.Equal(mutants.Length, results.Count);
            Assert.All(expected.Zip(mutants), row =>
            {
                Result result = results.Single(result => result.Mutant == row.Second);
                Assert.Equal((row.First.Verdict, row.First.Test), (result.Verdict, result.Test?.Split('.')[^1]));
            });
        }

        [Fact]
        public void Tests_that_do_not_end_are_timed_out()
        {
            Mutant endless = Mutants(nameof(Subject.CountDown)).First(mutant => mutant.Operator == Constants.Changed && mutant.Change == "1 -> 0");
            var results = new List<Result>();
            new Campaign([bench.Assembly], bench.Suites) { LeastLimit = new RunCost(2, 300) }.Run([endless], 1, results.Add);
            Assert.Equal((Verdict.TimedOut, false), (results[0].Verdict, results[0].IsSurvivor));
        }

        [Theory]
        [InlineData(0.001, Verdict.Survived)]
        [InlineData(1000, Verdict.Killed)]
        public void What_the_tests_did_not_kill_within_the_effort_counts_as_survived(double effort, object verdict)
        {
            var results = new List<Result>();
            new Campaign([bench.Assembly], bench.Suites) { Effort = effort }.Run([Mutants(nameof(Subject.Depth)).First(mutant => mutant.Operator == Arithmetic.Exchanged)], 1, results.Add);
            Assert.Equal(verdict, results[0].Verdict);
        }

        [Fact]
        public void Coverage_names_the_classes_that_reach_a_method_and_is_kept_in_its_file()
        {
            Assert.Equal([nameof(SubjectFieldTests)], Covering(nameof(Subject.Set)));
            Assert.Equal([nameof(SubjectTests)], Covering(nameof(Subject.IsSmall)));
            Assert.Empty(Covering(nameof(Subject.Half)));
            var log = new StringWriter();
            bench.Learn(log);
            Assert.Empty(log.ToString());
        }

        [Fact]
        public void The_same_seed_draws_the_same_and_a_larger_number_draws_more()
        {
            string[] ten = Drawn(1, 10);
            Assert.Equal(10, ten.Distinct().Count());
            Assert.Equal(ten, Drawn(1, 10));
            Assert.Equal(ten, Drawn(1, 15)[..10]);
            Assert.NotEqual(ten, Drawn(2, 10));

            string[] Drawn(int seed, int count) => [.. Campaign.Draw(MutatedWorld.Samples.Mutants, seed, count).Select(mutant => mutant.Id)];
        }

        private IEnumerable<Mutant> Mutants(string method)
        {
            return bench.Assembly.Mutants.Where(mutant => mutant.ShortMethod.EndsWith("." + method, StringComparison.Ordinal));
        }

        private IEnumerable<string> Covering(string method)
        {
            return bench.Suites.SelectMany(suite => suite.Of(Mutants(method).First().Block)).Select(one => one.Name.Split('.')[^1]);
        }

        /// <summary>What the tests share, because it takes a while.</summary>
        public sealed class Bench : IDisposable
        {
            private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mutants");

            public Bench()
            {
                Suites = Learn(TextWriter.Null);
            }

            internal AssemblyFile Assembly { get; } = MutatedWorld.Own(typeof(Subject));

            /// <summary>Two suites: only the second has what kills a mutant of <see cref="Subject.Set"/>.</summary>
            internal IReadOnlyList<CoverageMap> Suites { get; }

            public void Dispose()
            {
                _folder.Delete(recursive: true);
            }

            internal CoverageMap[] Learn(TextWriter log)
            {
                return [Learn(typeof(SubjectTests), log), Learn(typeof(SubjectFieldTests), log)];
            }

            private CoverageMap Learn(Type tests, TextWriter log)
            {
                string folder = Path.Combine(_folder.FullName, tests.Name);
                Directory.CreateDirectory(folder);
                return CoverageMap.Learn(new TestSuite(AppContext.BaseDirectory, "nanoOta.Mutants.Tests.dll", folder, name => name == tests.FullName), [Assembly], 1, log);
            }
        }
    }
}
