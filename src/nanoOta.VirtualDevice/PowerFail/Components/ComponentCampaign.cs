using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.PowerFail.Components
{
    /// <summary>A run that did not end as it must.</summary>
    /// <param name="Cuts">Where the power was cut.</param>
    /// <param name="Finding">What was wrong.</param>
    /// <param name="Log">What happened.</param>
    public sealed record ComponentFailure(IReadOnlyList<Cut> Cuts, string Finding, IReadOnlyList<string> Log);

    /// <summary>Runs a scenario once without a cut, then with the power cut at its points.</summary>
    public static class ComponentCampaign
    {
        private static readonly TearKind[] _tears = Enum.GetValues<TearKind>();

        /// <summary>Runs it.</summary>
        /// <param name="scenario">The scenario.</param>
        /// <param name="make">Makes the world of a run; tests plant defects here.</param>
        /// <param name="stride">1: every point; n: every n-th.</param>
        /// <param name="pairs">Random pairs and triples of cuts to run besides.</param>
        /// <param name="seed">Decides how operations are left, which pairs and triples, and, with a stride, where to begin.</param>
        /// <param name="points">Receives the kinds of the points of the run without a cut.</param>
        /// <param name="runs">Receives how many runs there were.</param>
        public static IReadOnlyList<ComponentFailure> Run(
            ComponentScenario scenario, Func<ComponentScenario, IReadOnlyList<Cut>, ComponentWorld> make, int stride, int pairs, int seed, out IReadOnlyList<ComponentPoint> points, out int runs)
        {
            ComponentWorld uncut = make(scenario, []);
            RunEnd end = uncut.Run();
            points = [.. uncut.Supply.Passed];
            var failures = new List<ComponentFailure>();
            if (uncut.Judge(end) is { } finding)
            {
                failures.Add(new ComponentFailure([], finding, uncut.Log));
            }

            Cut[][] all =
            [
                .. points.SelectMany((point, i) => Ways(point, i + 1, seed)).Where((_, i) => (i + seed) % stride == 0).Select(cut => new[] { cut }),
                .. Several(points.Count, pairs, seed),
            ];
            runs = all.Length + 1;
            Parallel.ForEach(all, cuts =>
            {
                ComponentWorld world = make(scenario, cuts);
                if (world.Judge(world.Run()) is { } found)
                {
                    lock (failures)
                    {
                        failures.Add(new ComponentFailure(cuts, found, world.Log));
                    }
                }
            });
            return [.. failures.OrderBy(failure => failure.Cuts.Count).ThenBy(failure => failure.Cuts.FirstOrDefault().Point)];
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
