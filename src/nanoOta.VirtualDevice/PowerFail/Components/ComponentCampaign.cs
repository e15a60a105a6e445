using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.PowerFail.Components
{
    /// <summary>
    /// Runs a device with several components through a scenario: once without a cut, then once for each injection point of the device, its drive,
    /// its flash chip and its MCU, in every way that an operation can be left; then with random pairs and triples of cuts.
    /// </summary>
    public sealed class ComponentCampaign(ComponentScenario scenario)
    {
        /// <summary>What stands in a flash layout's place in results and commands.</summary>
        public const string LayoutName = "components";

        private static readonly TearKind[] _tears = Enum.GetValues<TearKind>();

        /// <summary>Makes the world of each run; tests plant defects here.</summary>
        public Func<ComponentScenario, IReadOnlyList<Cut>, ComponentWorld> MakeWorld { get; init; } = (one, cuts) => new ComponentWorld(one, cuts);

        /// <summary>1: every injection point and way; n: every n-th.</summary>
        public int Stride { get; init; } = 1;

        /// <summary>Runs it.</summary>
        /// <param name="pairs">Random pairs and triples to run besides.</param>
        /// <param name="seed">Decides which, how operations are left, and, with a stride, where to begin.</param>
        public ScenarioResult Run(int pairs, int seed)
        {
            ComponentWorld uncut = MakeWorld(scenario, []);
            RunEnd end = uncut.Run();
            ComponentPoint[] points = [.. uncut.Supply.Passed];
            int checkpoints = uncut.Checkpoints;
            var failures = new List<ScenarioFailure>();
            if (uncut.Judge(end) is { } finding)
            {
                failures.Add(new ScenarioFailure([], finding, uncut.Log));
            }

            Cut[][] single = [.. points.SelectMany((point, i) => Ways(point, i + 1, seed)).Where((_, i) => (i + seed) % Stride == 0).Select(cut => new[] { cut })];
            Cut[][] several = [.. Several(points.Length, pairs, seed)];
            var states = new List<byte[]>[single.Length + several.Length];
            Parallel.ForEach(single.Concat(several), (cuts, _, run) =>
            {
                ComponentWorld world = MakeWorld(scenario, cuts);
                states[run] = world.States;
                if (world.Judge(world.Run()) is { } found)
                {
                    lock (failures)
                    {
                        failures.Add(new ScenarioFailure(cuts, found, world.Log));
                    }
                }
            });
            Dictionary<Enum, int> counts = scenario.Points.ToDictionary(kind => (Enum)kind, kind => points.Count(point => point == kind));
            return new ScenarioResult(scenario.Name, LayoutName, counts, single.Length, several.Length, [.. failures.OrderBy(f => f.Cuts.Count).ThenBy(f => f.Cuts.FirstOrDefault().Point)])
            {
                Checkpoints = checkpoints,
                MinCheckpoints = 0,
                States = [.. states.SelectMany(run => run)],
                Missing = [.. counts.Where(count => count.Value == 0).Select(count => count.Key)],
            };
        }

        private static IEnumerable<Cut[]> Several(int points, int count, int seed)
        {
            var random = new Random(seed);
            for (int i = 0; i < count; i++)
            {
                var cuts = new List<Cut>();
                int at = 0;
                for (int n = random.Next(2, 4); n > 0; n--)
                {
                    // The second cut often falls close behind the first: into what mends it. Most points are of the download; what follows it matters more.
                    at += 1 + (cuts.Count == 0 ? points / 2 + random.Next(points / 2) : random.Next(random.Next(2) == 0 ? 12 : points));
                    cuts.Add(new Cut(at, new Tear(_tears[random.Next(_tears.Length)], random.Next())));
                }

                yield return [.. cuts];
            }
        }

        private static IEnumerable<Cut> Ways(ComponentPoint point, int at, int seed)
        {
            return point switch
            {
                ComponentPoint.Flash or ComponentPoint.Chip or ComponentPoint.McuFlash => _tears.Select(tear => new Cut(at, new Tear(tear, at * 31 + seed))),
                ComponentPoint.File => [new Cut(at, new Tear(TearKind.Nothing, 0)), new Cut(at, new Tear(TearKind.All, 0))],
                _ => [new Cut(at, default)],
            };
        }
    }
}
