using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>A run that did not end well.</summary>
    public sealed record ScenarioFailure(IReadOnlyList<Cut> Cuts, string Finding, IReadOnlyList<string> Log);

    /// <summary>What came of a scenario on a layout.</summary>
    public sealed record ScenarioResult(string Scenario, string Layout, IReadOnlyDictionary<InjectionKind, int> Points, int Cuts, int Pairs, IReadOnlyList<ScenarioFailure> Failures)
    {
        /// <summary>Checkpoints that the download crosses without a cut.</summary>
        public required int Checkpoints { get; init; }

        /// <summary>Kinds of injection points that the scenario should pass and does not.</summary>
        public required IReadOnlyList<InjectionKind> Missing { get; init; }
    }

    /// <summary>
    /// Runs a device through a scenario: once without a cut, to count its injection points; then once for each with the power cut
    /// there, in every way that a flash operation can be left; then with random pairs and triples of cuts.
    /// </summary>
    public sealed class Campaign(Scenario scenario, FlashLayout layout)
    {
        /// <summary>Checkpoints that each scenario must cross.</summary>
        public const int MinCheckpoints = 3;

        private static readonly TearKind[] _tears = Enum.GetValues<TearKind>();

        /// <summary>Makes the world of each run; tests plant defects here.</summary>
        public Func<Scenario, FlashLayout, IReadOnlyList<Cut>, World> MakeWorld { get; init; } = (s, l, cuts) => new World(s, l, cuts);

        /// <summary>Runs it.</summary>
        /// <param name="pairs">Random pairs and triples to run besides.</param>
        /// <param name="seed">Decides which.</param>
        /// <param name="stopAtFirst">Whether one failure is enough.</param>
        public ScenarioResult Run(int pairs, int seed, bool stopAtFirst = false)
        {
            World uncut = MakeWorld(scenario, layout, []);
            RunEnd end = uncut.Run();
            InjectionKind[] points = [.. uncut.Points.Passed];
            int checkpoints = uncut.Checkpoints;
            var effort = new Uncut(uncut.Server.ImageBytesRead, uncut.Trials.Count);
            var failures = new List<ScenarioFailure>();
            if (Judge.Find(uncut, scenario, end, effort) is { } finding)
            {
                failures.Add(new ScenarioFailure([], finding, uncut.Log));
            }

            List<Cut[]> single = [.. points.SelectMany((kind, i) => Ways(kind, i + 1, seed).Select(cut => new[] { cut }))];
            List<Cut[]> several = [.. Several(points, pairs, seed)];
            Parallel.ForEach(single.Concat(several), (cuts, state) =>
            {
                World world = MakeWorld(scenario, layout, cuts);
                if (Judge.Find(world, scenario, world.Run(), effort) is { } found)
                {
                    lock (failures)
                    {
                        failures.Add(new ScenarioFailure(cuts, found, world.Log));
                    }

                    if (stopAtFirst)
                    {
                        state.Stop();
                    }
                }
            });
            Dictionary<InjectionKind, int> counts = Enum.GetValues<InjectionKind>().ToDictionary(kind => kind, kind => points.Count(p => p == kind));
            bool hasOtaData = layout.Table.All(PartitionTypes.Data, PartitionTypes.OtaData).Any();
            return new ScenarioResult(scenario.Name, layout.Name, counts, single.Count, several.Count, [.. failures.OrderBy(f => f.Cuts.Count).ThenBy(f => f.Cuts.FirstOrDefault().Point)])
            {
                Checkpoints = checkpoints,
                Missing = [.. counts.Where(c => c.Value == 0 && (c.Key != InjectionKind.OtaData || hasOtaData)).Select(c => c.Key)],
            };
        }

        // A flash operation can be left in several ways; everything else has happened or not.
        private static IEnumerable<Cut> Ways(InjectionKind kind, int point, int seed)
        {
            return kind is InjectionKind.Read or InjectionKind.Report or InjectionKind.Reset
                ? [new Cut(point, default)]
                : _tears.Select(tear => new Cut(point, new Tear(tear, point * 31 + seed)));
        }

        private static IEnumerable<Cut[]> Several(InjectionKind[] points, int count, int seed)
        {
            var random = new Random(seed);
            for (int i = 0; i < count; i++)
            {
                var cuts = new List<Cut>();
                int at = 0;
                for (int n = random.Next(2, 4); n > 0; n--)
                {
                    // The second cut often falls close behind the first: into what mends it.
                    at += 1 + random.Next(random.Next(2) == 0 ? 12 : points.Length);
                    cuts.Add(new Cut(at, new Tear(_tears[random.Next(_tears.Length)], random.Next())));
                }

                yield return [.. cuts];
            }
        }
    }
}
