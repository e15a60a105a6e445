using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>
    /// Runs a device through a scenario: once without a cut, to count its injection points; then once for each with the power cut
    /// there, in every way that a flash operation can be left; then with random pairs and triples of cuts.
    /// </summary>
    public sealed class Campaign(Scenario scenario, FlashLayout layout)
    {
        /// <summary>Checkpoints that each scenario must cross.</summary>
        public const int MinCheckpoints = 3;

        private static readonly TearKind[] _tears = Enum.GetValues<TearKind>();

        /// <summary>The slot core that devices run.</summary>
        public CoreKind Core { get; init; }

        /// <summary>Makes the world of each run; tests plant defects here. Null: a world as it is, with <see cref="Core"/>.</summary>
        public Func<Scenario, FlashLayout, IReadOnlyList<Cut>, World>? MakeWorld { get; init; }

        /// <summary>Runs it.</summary>
        /// <param name="pairs">Random pairs and triples to run besides.</param>
        /// <param name="seed">Decides which.</param>
        /// <param name="stopAtFirst">Whether one failure is enough.</param>
        public ScenarioResult Run(int pairs, int seed, bool stopAtFirst = false)
        {
            World uncut = Make([]);
            RunEnd end = uncut.Run();
            InjectionKind[] points = [.. uncut.Points.Passed];
            int checkpoints = uncut.Checkpoints;
            var effort = new Uncut(uncut.Server.ImageBytesRead, uncut.Trials.Count);
            var failures = new List<ScenarioFailure>();
            if (Judge.Find(uncut, scenario, end, effort) is { } finding)
            {
                failures.Add(new ScenarioFailure([], finding, uncut.Log));
            }

            Cut[][] single = [.. points.SelectMany((kind, i) => Ways(kind, i + 1, seed).Select(cut => new[] { cut }))];
            Cut[][] several = [.. Several(points, pairs, seed)];
            var states = new List<byte[]>[single.Length + several.Length];
            Parallel.ForEach(single.Concat(several), (cuts, state, run) =>
            {
                World world = Make(cuts);
                states[run] = world.States;
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
            Dictionary<Enum, int> counts = Enum.GetValues<InjectionKind>().Where(kind => kind != InjectionKind.ActiveRead || scenario.IsInParts).ToDictionary(kind => (Enum)kind, kind => points.Count(p => p == kind));
            bool hasOtaData = layout.Table.All(PartitionTypes.Data, PartitionTypes.OtaData).Any();
            return new ScenarioResult(scenario.Name, layout.Name, counts, single.Length, several.Length, [.. failures.OrderBy(f => f.Cuts.Count).ThenBy(f => f.Cuts.FirstOrDefault().Point)])
            {
                Checkpoints = checkpoints,
                States = [.. states.Where(run => run != null).SelectMany(run => run)],
                Missing = [.. counts.Where(c => c.Value == 0 && (!c.Key.Equals(InjectionKind.OtaData) || hasOtaData)).Select(c => c.Key)],
            };
        }

        private World Make(IReadOnlyList<Cut> cuts)
        {
            return MakeWorld != null ? MakeWorld(scenario, layout, cuts) : new World(scenario, layout, cuts) { Core = Core };
        }

        // A flash operation can be left in several ways; everything else has happened or not.
        private static IEnumerable<Cut> Ways(InjectionKind kind, int point, int seed)
        {
            return kind is InjectionKind.Read or InjectionKind.ActiveRead or InjectionKind.Report or InjectionKind.Reset
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
