using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.PowerFail.Stock;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota powerfail</c>.</summary>
    internal static class PowerFailCommand
    {
        private const int FailuresShown = 3;

        public static Command Create(CommandLine line)
        {
            var layout = new Option<string?>("--layout") { Description = $"Only this flash layout: {LayoutName.All}." };
            var scenario = new Option<string?>("--scenario", "--story") { Description = $"Only this scenario: {string.Join(", ", Names)}." };
            var pairs = new Option<int>("--pairs") { Description = "Random pairs and triples of cuts for each scenario and layout.", DefaultValueFactory = _ => 50 };
            var seed = new Option<int>("--seed") { Description = "Decides on torn bytes, pairs and triples.", DefaultValueFactory = _ => 1 };
            var command = new Command("powerfail", """
                Cut the power of virtual devices at every injection point of every scenario of an update, and judge what is left in their flash.

                An injection point is an erase or a program (left undone, torn, or unstable; with stock-4mb a change of the file system, left undone or done), a read from the network, a report, a reset. Exit code 0 only without failures.

                Example: nanoota powerfail --scenario self-test --layout esp32-4mb
                """) { layout, scenario, pairs, seed };
            command.Aliases.Add("torture");
            return line.On(command, (result, output) =>
            {
                FlashLayout[] layouts = result.GetValue(layout) is { } name ? [LayoutName.Find(name)] : [.. FlashLayouts.All, FlashLayouts.Stock];
                string[] scenarios = result.GetValue(scenario) is { } one ? [Find(one)] : [.. Names];
                if (result.GetValue(pairs) < 0)
                {
                    throw new Failure(ExitCode.Usage, "--pairs is a number from 0 on.");
                }

                Func<int, int, ScenarioResult>[] all = [.. scenarios.SelectMany(s => layouts.SelectMany(l => Campaigns(s, l)))];
                if (all.Length == 0)
                {
                    throw new Failure(ExitCode.Usage, $"the scenario '{scenarios[0]}' is not one of {layouts[0].Name}; docs/reliability.md has the layouts of each.");
                }

                ScenarioResult[] results = [.. all.Select(run => Show(run(result.GetValue(pairs), result.GetValue(seed)), output))];
                int points = results.Sum(r => r.Points.Values.Sum());
                int cuts = results.Sum(r => r.Cuts);
                int several = results.Sum(r => r.Pairs);
                int failures = results.Sum(Failures);
                output.Line($"{all.Length} scenarios on layouts, {points} injection points, {cuts} cuts, {several} pairs and triples: {failures} failures");
                output.Json(new JsonObject { ["event"] = "total", ["points"] = points, ["cuts"] = cuts, ["pairs"] = several, ["failures"] = failures });
                return failures == 0 ? ExitCode.Done : ExitCode.Unsound;
            });
        }

        private static IEnumerable<string> Names => Scenarios.All.Select(s => s.Name).Concat(StockScenarios.All.Select(s => s.Name)).Distinct();

        private static string Find(string name)
        {
            return Names.Contains(name) ? name : throw new Failure(ExitCode.Usage, $"there is no scenario '{name}'; there are {string.Join(", ", Names)}.");
        }

        // None when the scenario is not one of the layout's.
        private static IEnumerable<Func<int, int, ScenarioResult>> Campaigns(string scenario, FlashLayout layout)
        {
            return layout.IsStock
                ? StockScenarios.All.Where(s => s.Name == scenario).Select(s => (Func<int, int, ScenarioResult>)new StockCampaign(s).Run)
                : Scenarios.All.Where(s => s.Name == scenario && s.SuitsTo(layout)).Select(s => (Func<int, int, ScenarioResult>)((pairs, seed) => new Campaign(s, layout).Run(pairs, seed)));
        }

        private static IEnumerable<string> Lacks(ScenarioResult result)
        {
            return result.Missing.Select(kind => $"no injection point of the kind {kind}")
                .Concat(result.Checkpoints < Campaign.MinCheckpoints ? [$"only {result.Checkpoints} checkpoints"] : []);
        }

        // A kind of injection points that a scenario should pass and does not was not tested: as bad as a failure.
        private static int Failures(ScenarioResult result)
        {
            return result.Failures.Count + Lacks(result).Count();
        }

        private static ScenarioResult Show(ScenarioResult result, Output output)
        {
            output.Line($"{result.Scenario,-20} {result.Layout,-13} {string.Join(' ', result.Points.Select(p => $"{p.Key} {p.Value}"))}, {result.Checkpoints} checkpoints: {result.Cuts} cuts, {result.Pairs} pairs and triples, {Failures(result)} failures");
            foreach (string lack in Lacks(result))
            {
                output.Line($"  {lack}");
            }

            foreach (ScenarioFailure failure in result.Failures.Take(FailuresShown))
            {
                output.Line($"  {Name(failure.Cuts)}: {failure.Finding}");
                foreach (string entry in failure.Log)
                {
                    output.Line($"      {entry}");
                }
            }

            output.Json(new JsonObject
            {
                ["event"] = "scenario",
                ["scenario"] = result.Scenario,
                ["layout"] = result.Layout,
                ["points"] = new JsonObject(result.Points.Select(p => KeyValuePair.Create(p.Key.ToString(), (JsonNode?)p.Value))),
                ["checkpoints"] = result.Checkpoints,
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
            return cuts.Count == 0 ? "without a cut" : "cut at " + string.Join(", ", cuts.Select(cut => $"injection point {cut.Point} ({cut.Tear.Kind}, seed {cut.Tear.Seed})"));
        }
    }
}
