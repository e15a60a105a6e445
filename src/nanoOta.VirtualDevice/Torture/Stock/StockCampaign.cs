using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Torture.Stock
{
    /// <summary>
    /// Tortures a stock device through a story: once without a cut, then once for each point with the power cut there - before and
    /// after each change of the file system - then with random pairs and triples of cuts.
    /// </summary>
    public sealed class StockCampaign(StockStory story)
    {
        /// <summary>Makes the world of each run; tests plant defects here.</summary>
        public Func<StockStory, IReadOnlyList<Cut>, StockWorld> MakeWorld { get; init; } = (s, cuts) => new StockWorld(s, cuts);

        /// <summary>Runs it.</summary>
        /// <param name="pairs">Random pairs and triples to run besides.</param>
        /// <param name="seed">Decides which.</param>
        public TortureResult Run(int pairs, int seed)
        {
            StockWorld uncut = MakeWorld(story, []);
            RunEnd end = uncut.Run();
            PointKind[] points = [.. uncut.Points.Passed];
            long bytes = uncut.Server.ImageBytesRead;
            int checkPoints = uncut.CheckPoints;
            var failures = new List<TortureFailure>();
            if (StockJudge.Find(uncut, story, end, bytes) is { } finding)
            {
                failures.Add(new TortureFailure([], finding, uncut.Log));
            }

            Cut[][] single = [.. points.SelectMany((kind, i) => Ways(kind, i + 1).Select(cut => new[] { cut }))];
            Cut[][] several = [.. Several(points, pairs, seed)];
            Parallel.ForEach(single.Concat(several), cuts =>
            {
                StockWorld world = MakeWorld(story, cuts);
                if (StockJudge.Find(world, story, world.Run(), bytes) is { } found)
                {
                    lock (failures)
                    {
                        failures.Add(new TortureFailure(cuts, found, world.Log));
                    }
                }
            });
            Dictionary<PointKind, int> counts = Enum.GetValues<PointKind>().Where(kind => kind != PointKind.OtaData)
                .ToDictionary(kind => kind, kind => points.Count(p => p == kind));
            return new TortureResult(story.Name, FlashLayouts.Stock.Name, counts, single.Length, several.Length, [.. failures.OrderBy(f => f.Cuts.Count).ThenBy(f => f.Cuts.FirstOrDefault().Point)])
            {
                CheckPoints = checkPoints,
                Missing = [.. counts.Where(c => c.Value == 0).Select(c => c.Key)],
            };
        }

        private static Cut[] Ways(PointKind kind, int point)
        {
            return kind is PointKind.Read or PointKind.Report or PointKind.Reset
                ? [new Cut(point, default)]
                : [new Cut(point, default), new Cut(point, new Tear(TearKind.All, 0))];
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
                    cuts.Add(new Cut(at, new Tear(random.Next(2) == 0 ? TearKind.Nothing : TearKind.All, 0)));
                }

                yield return [.. cuts];
            }
        }
    }
}
