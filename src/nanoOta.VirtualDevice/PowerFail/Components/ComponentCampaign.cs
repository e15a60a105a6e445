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
        /// <param name="seed">Decides how operations are left, and, with a stride, where to begin.</param>
        /// <param name="points">Receives the kinds of the points of the run without a cut.</param>
        /// <param name="runs">Receives how many runs there were.</param>
        public static IReadOnlyList<ComponentFailure> Run(
            ComponentScenario scenario, Func<ComponentScenario, IReadOnlyList<Cut>, ComponentWorld> make, int stride, int seed, out IReadOnlyList<ComponentPoint> points, out int runs)
        {
            ComponentWorld uncut = make(scenario, []);
            RunEnd end = uncut.Run();
            points = [.. uncut.Supply.Passed];
            var failures = new List<ComponentFailure>();
            if (uncut.Judge(end) is { } finding)
            {
                failures.Add(new ComponentFailure([], finding, uncut.Log));
            }

            Cut[] cuts = [.. points.SelectMany((point, i) => Ways(point, i + 1, seed)).Where((_, i) => (i + seed) % stride == 0)];
            runs = cuts.Length + 1;
            Parallel.ForEach(cuts, cut =>
            {
                ComponentWorld world = make(scenario, [cut]);
                if (world.Judge(world.Run()) is { } found)
                {
                    lock (failures)
                    {
                        failures.Add(new ComponentFailure([cut], found, world.Log));
                    }
                }
            });
            return failures;
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
