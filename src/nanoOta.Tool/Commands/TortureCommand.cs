using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Torture;
using nanoOta.VirtualDevice.Torture.Stock;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota torture</c>.</summary>
    internal static class TortureCommand
    {
        private const int FailuresShown = 3;

        public static Command Create(CommandLine line)
        {
            var layout = new Option<string?>("--layout") { Description = $"Only this flash layout: {LayoutName.All}." };
            var story = new Option<string?>("--story") { Description = $"Only this story: {string.Join(", ", Names)}." };
            var pairs = new Option<int>("--pairs") { Description = "Random pairs and triples of cuts for each story and layout.", DefaultValueFactory = _ => 50 };
            var seed = new Option<int>("--seed") { Description = "Decides on torn bytes, pairs and triples.", DefaultValueFactory = _ => 1 };
            return line.On(new Command("torture", """
                Cut the power of virtual devices at every point of every story of an update, and judge what is left in their flash.

                A point is an erase or a program (left undone, torn, or unstable; with stock-4mb a change of the file system, left undone or done), a read from the network, a report, a reset. Exit code 0 only without failures.

                Example: nanoota torture --story self-test --layout esp32-4mb
                """) { layout, story, pairs, seed }, (result, output) =>
            {
                FlashLayout[] layouts = result.GetValue(layout) is { } name ? [LayoutName.Find(name)] : [.. FlashLayouts.All, FlashLayouts.Stock];
                string[] stories = result.GetValue(story) is { } told ? [Find(told)] : [.. Names];
                if (result.GetValue(pairs) < 0)
                {
                    throw new Failure(ExitCode.Usage, "--pairs is a number from 0 on.");
                }

                Func<int, int, TortureResult>[] all = [.. stories.SelectMany(s => layouts.SelectMany(l => Campaigns(s, l)))];
                if (all.Length == 0)
                {
                    throw new Failure(ExitCode.Usage, $"the story '{stories[0]}' is not one of {layouts[0].Name}; docs/reliability.md has the layouts of each.");
                }

                TortureResult[] results = [.. all.Select(run => Show(run(result.GetValue(pairs), result.GetValue(seed)), output))];
                int points = results.Sum(r => r.Points.Values.Sum());
                int cuts = results.Sum(r => r.Cuts);
                int several = results.Sum(r => r.Pairs);
                int failures = results.Sum(Failures);
                output.Line($"{all.Length} stories on layouts, {points} points, {cuts} cuts, {several} pairs and triples: {failures} failures");
                output.Json(new JsonObject { ["event"] = "total", ["points"] = points, ["cuts"] = cuts, ["pairs"] = several, ["failures"] = failures });
                return failures == 0 ? ExitCode.Done : ExitCode.Unsound;
            });
        }

        private static IEnumerable<string> Names => Stories.All.Select(s => s.Name).Concat(StockStories.All.Select(s => s.Name)).Distinct();

        private static string Find(string name)
        {
            return Names.Contains(name) ? name : throw new Failure(ExitCode.Usage, $"there is no story '{name}'; there are {string.Join(", ", Names)}.");
        }

        // None when the story is not one of the layout's.
        private static IEnumerable<Func<int, int, TortureResult>> Campaigns(string story, FlashLayout layout)
        {
            return layout.IsStock
                ? StockStories.All.Where(s => s.Name == story).Select(s => (Func<int, int, TortureResult>)new StockCampaign(s).Run)
                : Stories.All.Where(s => s.Name == story && s.SuitsTo(layout)).Select(s => (Func<int, int, TortureResult>)((pairs, seed) => new Campaign(s, layout).Run(pairs, seed)));
        }

        private static IEnumerable<string> Lacks(TortureResult result)
        {
            return result.Missing.Select(kind => $"no point of the kind {kind}")
                .Concat(result.CheckPoints < Campaign.LeastCheckPoints ? [$"only {result.CheckPoints} checkpoints"] : []);
        }

        // A kind of points that a story should pass and does not was not tested: as bad as a failure.
        private static int Failures(TortureResult result)
        {
            return result.Failures.Count + Lacks(result).Count();
        }

        private static TortureResult Show(TortureResult result, Output output)
        {
            output.Line($"{result.Story,-20} {result.Layout,-13} {string.Join(' ', result.Points.Select(p => $"{p.Key} {p.Value}"))}, {result.CheckPoints} checkpoints: {result.Cuts} cuts, {result.Pairs} pairs and triples, {Failures(result)} failures");
            foreach (string lack in Lacks(result))
            {
                output.Line($"  {lack}");
            }

            foreach (TortureFailure failure in result.Failures.Take(FailuresShown))
            {
                output.Line($"  {Name(failure.Cuts)}: {failure.Finding}");
                foreach (string entry in failure.Log)
                {
                    output.Line($"      {entry}");
                }
            }

            output.Json(new JsonObject
            {
                ["event"] = "story",
                ["story"] = result.Story,
                ["layout"] = result.Layout,
                ["points"] = new JsonObject(result.Points.Select(p => KeyValuePair.Create(p.Key.ToString(), (JsonNode?)p.Value))),
                ["checkPoints"] = result.CheckPoints,
                ["cuts"] = result.Cuts,
                ["pairs"] = result.Pairs,
                ["failures"] = Failures(result),
                ["findings"] = new JsonArray([.. Lacks(result).Select(lack => (JsonNode)lack),
                    .. result.Failures.Take(FailuresShown).Select(f => (JsonNode)$"{Name(f.Cuts)}: {f.Finding}")]),
            });
            return result;
        }

        private static string Name(IReadOnlyList<Cut> cuts)
        {
            return cuts.Count == 0 ? "without a cut" : "cut at " + string.Join(", ", cuts.Select(cut => $"point {cut.Point} ({cut.Tear.Kind}, seed {cut.Tear.Seed})"));
        }
    }
}
