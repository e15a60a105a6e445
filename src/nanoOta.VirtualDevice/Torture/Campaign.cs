using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Torture
{
    /// <summary>A run that did not end well.</summary>
    public sealed record TortureFailure(IReadOnlyList<Cut> Cuts, string Finding, IReadOnlyList<string> Log);

    /// <summary>What came of a story on a layout.</summary>
    public sealed record TortureResult(string Story, string Layout, IReadOnlyDictionary<PointKind, int> Points, int Cuts, int Pairs, IReadOnlyList<TortureFailure> Failures)
    {
        /// <summary>Checkpoints that the download crosses without a cut.</summary>
        public required int CheckPoints { get; init; }

        /// <summary>Kinds of points that the story should pass and does not.</summary>
        public required IReadOnlyList<PointKind> Missing { get; init; }
    }

    /// <summary>
    /// Tortures a device through a story: once without a cut, to count its points; then once for each point with the power cut
    /// there, in every way that a flash operation can be left; then with random pairs and triples of cuts.
    /// </summary>
    public sealed class Campaign(Story story, FlashLayout layout)
    {
        /// <summary>Checkpoints that each story must cross.</summary>
        public const int LeastCheckPoints = 3;

        private static readonly TearKind[] _tears = Enum.GetValues<TearKind>();

        /// <summary>Makes the world of each run; tests plant defects here.</summary>
        public Func<Story, FlashLayout, IReadOnlyList<Cut>, World> MakeWorld { get; init; } = (s, l, cuts) => new World(s, l, cuts);

        /// <summary>Runs it.</summary>
        /// <param name="pairs">Random pairs and triples to run besides.</param>
        /// <param name="seed">Decides which.</param>
        /// <param name="stopAtFirst">Whether one failure is enough.</param>
        public TortureResult Run(int pairs, int seed, bool stopAtFirst = false)
        {
            World uncut = MakeWorld(story, layout, []);
            RunEnd end = uncut.Run();
            PointKind[] points = [.. uncut.Points.Passed];
            int checkPoints = uncut.CheckPoints;
            var effort = new Uncut(uncut.Server.ImageBytesRead, uncut.Trials.Count);
            var failures = new List<TortureFailure>();
            if (Judge.Find(uncut, story, end, effort) is { } finding)
            {
                failures.Add(new TortureFailure([], finding, uncut.Log));
            }

            List<Cut[]> single = [.. points.SelectMany((kind, i) => Ways(kind, i + 1, seed).Select(cut => new[] { cut }))];
            List<Cut[]> several = [.. Several(points, pairs, seed)];
            Parallel.ForEach(single.Concat(several), (cuts, state) =>
            {
                World world = MakeWorld(story, layout, cuts);
                if (Judge.Find(world, story, world.Run(), effort) is { } found)
                {
                    lock (failures)
                    {
                        failures.Add(new TortureFailure(cuts, found, world.Log));
                    }

                    if (stopAtFirst)
                    {
                        state.Stop();
                    }
                }
            });
            Dictionary<PointKind, int> counts = Enum.GetValues<PointKind>().ToDictionary(kind => kind, kind => points.Count(p => p == kind));
            bool hasOtaData = layout.Table.All(PartitionTypes.Data, PartitionTypes.OtaData).Any();
            return new TortureResult(story.Name, layout.Name, counts, single.Count, several.Count, [.. failures.OrderBy(f => f.Cuts.Count).ThenBy(f => f.Cuts.FirstOrDefault().Point)])
            {
                CheckPoints = checkPoints,
                Missing = [.. counts.Where(c => c.Value == 0 && (c.Key != PointKind.OtaData || hasOtaData)).Select(c => c.Key)],
            };
        }

        // A flash operation can be left in several ways; everything else has happened or not.
        private static IEnumerable<Cut> Ways(PointKind kind, int point, int seed)
        {
            return kind is PointKind.Read or PointKind.Report or PointKind.Reset
                ? [new Cut(point, default)]
                : _tears.Select(tear => new Cut(point, new Tear(tear, point * 31 + seed)));
        }

        private static IEnumerable<Cut[]> Several(PointKind[] points, int count, int seed)
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
