using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tool.Reports;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.PowerFail.Components;
using nanoOta.VirtualDevice.PowerFail.Stock;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota powerfail</c>.</summary>
    internal static class PowerFailCommand
    {
        private const int FailuresShown = 3;
        private const int DefaultPairs = 50;
        private const int DefaultSeed = 1;

        public static Command Create(CommandLine line)
        {
            var layout = new Option<string?>("--layout") { Description = $"Only this flash layout: {LayoutName.All}; or {ComponentCampaign.LayoutName}, a device with a file and an MCU beside its firmware, which the whole run leaves out." };
            var scenario = new Option<string?>("--scenario", "--story") { Description = $"Only this scenario: {string.Join(", ", Names)}; with --layout {ComponentCampaign.LayoutName}: {string.Join(", ", ComponentScenario.All.Select(s => s.Name))}." };
            var pairs = new Option<int>("--pairs") { Description = "Random pairs and triples of cuts for each scenario and layout.", DefaultValueFactory = _ => DefaultPairs };
            var seed = new Option<int>("--seed") { Description = "Decides on torn bytes, pairs and triples.", DefaultValueFactory = _ => DefaultSeed };
            var core = CoreOption.Create();
            var report = new Option<string?>("--report") { Description = "Write what was run and found to this file, as JSON. The same versions, seed and pairs give the same file." };
            var write = new Option<string?>("--write") { Description = "Write the figures of the whole run to this file, docs/reliability.txt." };
            var command = new Command("powerfail", """
                Cut the power of virtual devices at every injection point of every scenario of an update, and judge what is left in their flash.

                An injection point is an erase or a program (left undone, torn, or unstable; with stock-4mb a change of the file system, left undone or done), a read from the network, a report, a reset. Exit code 0 only without failures.

                Examples:
                  nanoota powerfail --scenario self-test --layout esp32-4mb
                  nanoota powerfail --layout components --scenario all-file-broken
                """) { layout, scenario, pairs, seed, core, report, write };
            command.Aliases.Add("torture");
            return line.On(command, (result, output) =>
            {
                string? name = result.GetValue(layout);
                bool hasComponents = name == ComponentCampaign.LayoutName;
                FlashLayout[] layouts = hasComponents ? [] : name != null ? [LayoutName.Find(name)] : [.. FlashLayouts.All, FlashLayouts.Stock];
                string[] names = [.. hasComponents ? ComponentScenario.All.Select(s => s.Name) : Names];
                string[] scenarios = result.GetValue(scenario) is { } one ? [Find(one, names)] : names;
                var options = new PowerFailOptions(result.GetValue(pairs), result.GetValue(seed), core.Choose(result));
                if (options.Pairs < 0)
                {
                    throw new Failure(ExitCode.Usage, "--pairs is a number from 0 on.");
                }

                bool isWhole = name == null && result.GetValue(scenario) == null && options is { Pairs: DefaultPairs, Seed: DefaultSeed };
                if (result.GetValue(write) != null && !isWhole)
                {
                    throw new Failure(ExitCode.Usage, "--write takes the whole run: no --layout, --scenario, --pairs or --seed.");
                }

                Func<ScenarioResult>[] all = [.. hasComponents ? scenarios.Select(s => Campaign(s, options)) : scenarios.SelectMany(s => layouts.SelectMany(l => Campaigns(s, l, options)))];
                if (all.Length == 0)
                {
                    throw new Failure(ExitCode.Usage, $"the scenario '{scenarios[0]}' is not one of {layouts[0].Name}; docs/reliability.md has the layouts of each.");
                }

                core.Say(result, output);
                var figures = new PowerFailFigures();
                foreach (Func<ScenarioResult> run in all)
                {
                    Show(figures, run(), output);
                }

                figures.ToTotals().ForEach(output.Line);
                output.Json(figures.ToTotalJson());
                if (result.GetValue(report) is { } file)
                {
                    OutputFile.Write(file, figures.ToReport(options));
                }

                if (result.GetValue(write) is { } lines)
                {
                    OutputFile.Write(lines, Encoding.UTF8.GetBytes(string.Concat(figures.Results.Select(PowerFailFigures.ToLine).Concat(figures.ToTotals()).Select(line => line + "\n"))));
                }

                return figures.Failures == 0 ? ExitCode.Done : ExitCode.Unsound;
            });
        }

        private static IEnumerable<string> Names => Scenarios.All.Select(s => s.Name).Concat(StockScenarios.All.Select(s => s.Name)).Distinct();

        private static string Find(string name, string[] names)
        {
            return names.Contains(name) ? name
                : throw new Failure(ExitCode.Usage, ComponentScenario.All.Any(s => s.Name == name)
                    ? $"the scenario '{name}' takes --layout {ComponentCampaign.LayoutName}." : $"there is no scenario '{name}'; there are {string.Join(", ", names)}.");
        }

        private static Func<ScenarioResult> Campaign(string scenario, PowerFailOptions options)
        {
            ComponentScenario one = ComponentScenario.All.Single(s => s.Name == scenario);
            return () => new ComponentCampaign(one) { MakeWorld = (s, cuts) => new ComponentWorld(s, cuts) { Core = options.Core } }.Run(options.Pairs, options.Seed);
        }

        // None when the scenario is not one of the layout's.
        private static IEnumerable<Func<ScenarioResult>> Campaigns(string scenario, FlashLayout layout, PowerFailOptions options)
        {
            return layout.IsStock
                ? StockScenarios.All.Where(s => s.Name == scenario).Select(s => (Func<ScenarioResult>)(() => new StockCampaign(s).Run(options.Pairs, options.Seed)))
                : Scenarios.All.Where(s => s.Name == scenario && s.SuitsTo(layout))
                    .Select(s => (Func<ScenarioResult>)(() => new Campaign(s, layout) { Core = options.Core }.Run(options.Pairs, options.Seed)));
        }

        private static void Show(PowerFailFigures figures, ScenarioResult result, Output output)
        {
            figures.Add(result);
            output.Line(PowerFailFigures.ToLine(result));
            foreach (string lack in PowerFailFigures.Lacks(result))
            {
                output.Line($"  {lack}");
            }

            foreach (ScenarioFailure failure in result.Failures.Take(FailuresShown))
            {
                output.Line($"  {PowerFailFigures.Name(failure)}");
                foreach (string entry in failure.Log)
                {
                    output.Line($"      {entry}");
                }
            }

            JsonObject json = PowerFailFigures.ToJson(result, FailuresShown);
            json.Insert(0, "event", "scenario");
            output.Json(json);
        }
    }
}
