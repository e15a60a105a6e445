using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.PowerFail.Stock
{
    /// <summary>
    /// Runs a stock device through a scenario: once without a cut, then once for each injection point with the power cut - before and
    /// after each change of the file system - then with random pairs and triples of cuts.
    /// </summary>
    public sealed class StockCampaign(StockScenario scenario)
    {
        /// <summary>Makes the world of each run; tests plant defects here.</summary>
        public Func<StockScenario, IReadOnlyList<Cut>, StockWorld> MakeWorld { get; init; } = (s, cuts) => new StockWorld(s, cuts);

        /// <summary>Runs it.</summary>
        /// <param name="pairs">Random pairs and triples to run besides.</param>
        /// <param name="seed">Decides which.</param>
        public ScenarioResult Run(int pairs, int seed)
        {
            StockWorld uncut = MakeWorld(scenario, []);
            RunEnd end = uncut.Run();
            InjectionKind[] points = [.. uncut.Points.Passed];
            long bytes = uncut.Server.ImageBytesRead;
            int checkpoints = uncut.Checkpoints;
            var failures = new List<ScenarioFailure>();
            if (StockJudge.Find(uncut, scenario, end, bytes) is { } finding)
            {
                failures.Add(new ScenarioFailure([], finding, uncut.Log));
            }

            Cut[][] single = [.. points.SelectMany((kind, i) => Ways(kind, i + 1).Select(cut => new[] { cut }))];
            Cut[][] several = [.. Several(points, pairs, seed)];
            var states = new List<byte[]>[single.Length + several.Length];
            Parallel.ForEach(single.Concat(several), (cuts, _, run) =>
            {
                StockWorld world = MakeWorld(scenario, cuts);
                states[run] = world.States;
                if (StockJudge.Find(world, scenario, world.Run(), bytes) is { } found)
                {
                    lock (failures)
                    {
                        failures.Add(new ScenarioFailure(cuts, found, world.Log));
                    }
                }
            });
            Dictionary<Enum, int> counts = Enum.GetValues<InjectionKind>().Where(kind => kind is not (InjectionKind.OtaData or InjectionKind.ActiveRead))
                .ToDictionary(kind => (Enum)kind, kind => points.Count(p => p == kind));
            return new ScenarioResult(scenario.Name, FlashLayouts.Stock.Name, counts, single.Length, several.Length, [.. failures.OrderBy(f => f.Cuts.Count).ThenBy(f => f.Cuts.FirstOrDefault().Point)])
            {
                Checkpoints = checkpoints,
                States = [.. states.SelectMany(run => run)],
                Missing = [.. counts.Where(c => c.Value == 0).Select(c => c.Key)],
            };
        }

        private static Cut[] Ways(InjectionKind kind, int point)
        {
            return kind is InjectionKind.Read or InjectionKind.Report or InjectionKind.Reset
                ? [new Cut(point, default)]
                : [new Cut(point, default), new Cut(point, new Tear(TearKind.All, 0))];
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
                    cuts.Add(new Cut(at, new Tear(random.Next(2) == 0 ? TearKind.Nothing : TearKind.All, 0)));
                }

                yield return [.. cuts];
            }
        }
    }
}
