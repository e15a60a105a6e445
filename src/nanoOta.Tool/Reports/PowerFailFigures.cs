using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.Tool.Commands;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Tool.Reports
{
    /// <summary>What decides on power-fail tests.</summary>
    /// <param name="Pairs">Random pairs and triples of cuts for each scenario and layout.</param>
    /// <param name="Seed">Decides on torn bytes, pairs and triples.</param>
    /// <param name="Core">The slot core that devices run.</param>
    internal sealed record PowerFailOptions(int Pairs, int Seed, CoreKind Core);

    /// <summary>What power-fail tests came to: as lines, and as JSON that somebody can check.</summary>
    internal sealed class PowerFailFigures
    {
        private const int ReportVersion = 1;

        private readonly List<ScenarioResult> _results = [];

        /// <summary>Every scenario on its layouts.</summary>
        public IReadOnlyList<ScenarioResult> Results => _results;

        /// <summary>Failures of all.</summary>
        public int Failures => _results.Sum(FailuresOf);

        /// <summary>One more.</summary>
        public void Add(ScenarioResult result)
        {
            _results.Add(result);
        }

        /// <summary>The line of a scenario on a layout.</summary>
        public static string ToLine(ScenarioResult result)
        {
            return $"{result.Scenario,-20} {result.Layout,-13} {string.Join(' ', result.Points.Select(p => $"{p.Key} {p.Value}"))}, {result.Checkpoints} checkpoints: {result.Cuts} cuts, {result.Pairs} pairs and triples, {result.DistinctStates} distinct states, {FailuresOf(result)} failures";
        }

        /// <summary>What a scenario should have passed and did not.</summary>
        public static IEnumerable<string> Lacks(ScenarioResult result)
        {
            return result.Missing.Select(kind => $"no injection point of the kind {kind}")
                .Concat(result.Checkpoints < result.MinCheckpoints ? [$"only {result.Checkpoints} checkpoints"] : []);
        }

        /// <summary>A failure in one line.</summary>
        public static string Name(ScenarioFailure failure)
        {
            string cuts = failure.Cuts.Count == 0 ? "without a cut"
                : "cut at " + string.Join(", ", failure.Cuts.Select(cut => $"injection point {cut.Point} ({cut.Tear.Kind}, seed {cut.Tear.Seed})"));
            return $"{cuts}: {failure.Finding}";
        }

        /// <summary>A scenario on a layout.</summary>
        /// <param name="result">What came of it.</param>
        /// <param name="failures">How many failures are listed, at the most.</param>
        public static JsonObject ToJson(ScenarioResult result, int failures)
        {
            return new JsonObject
            {
                ["scenario"] = result.Scenario,
                ["layout"] = result.Layout,
                ["points"] = new JsonObject(result.Points.Select(p => KeyValuePair.Create(p.Key.ToString(), (JsonNode?)p.Value))),
                ["checkpoints"] = result.Checkpoints,
                ["cuts"] = result.Cuts,
                ["pairs"] = result.Pairs,
                ["states"] = result.States.Count,
                ["distinctStates"] = result.DistinctStates,
                ["statesHash"] = result.StatesHash,
                ["failures"] = FailuresOf(result),
                ["findings"] = new JsonArray([.. Lacks(result).Select(lack => (JsonNode)lack), .. result.Failures.Take(failures).Select(f => (JsonNode)Name(f))]),
            };
        }

        /// <summary>The last lines.</summary>
        public List<string> ToTotals()
        {
            JsonObject total = ToTotalJson();
            return
            [
                $"{_results.Count} scenarios on layouts, {total["points"]} injection points, {total["cuts"]} cuts, {total["pairs"]} pairs and triples: {total["failures"]} failures",
                $"{total["distinctFlashStates"]} distinct states of the flash, {total["distinctDriveStates"]} of the drive, right after a cut; all {total["states"]} in order: SHA-256 {total["statesHash"]}",
            ];
        }

        /// <summary>The last event.</summary>
        public JsonObject ToTotalJson()
        {
            return new JsonObject
            {
                ["event"] = "total",
                ["points"] = _results.Sum(r => r.Points.Values.Sum()),
                ["cuts"] = _results.Sum(r => r.Cuts),
                ["pairs"] = _results.Sum(r => r.Pairs),
                ["states"] = _results.Sum(r => r.States.Count),
                ["distinctFlashStates"] = Distinct(stock: false),
                ["distinctDriveStates"] = Distinct(stock: true),
                ["statesHash"] = ScenarioResult.HashOf(_results.SelectMany(r => r.States)),
                ["failures"] = Failures,
            };
        }

        /// <summary>The report: nothing in it depends on the time or the computer.</summary>
        public byte[] ToReport(PowerFailOptions options)
        {
            JsonObject total = ToTotalJson();
            total.Remove("event");
            var report = new JsonObject
            {
                ["report"] = ReportVersion,
                ["library"] = Build.VersionOf(typeof(UpdateAgent)),
                ["tool"] = Build.VersionOf(typeof(PowerFailFigures)),
                ["commit"] = Build.Commit,
                ["core"] = CoreOption.NameOf(options.Core),
                ["sanitizers"] = CoreOption.Sanitizers(options.Core),
                ["seed"] = options.Seed,
                ["pairs"] = options.Pairs,
                ["layouts"] = new JsonArray([.. _results.Select(r => r.Layout).Distinct().Select(name => (JsonNode)name)]),
                ["scenarios"] = new JsonArray([.. _results.Select(r => ToJson(r, int.MaxValue))]),
                ["total"] = total,
            };
            return Encoding.UTF8.GetBytes(report.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
        }

        // A kind of injection points that a scenario should pass and does not was not tested: as bad as a failure.
        private static int FailuresOf(ScenarioResult result)
        {
            return result.Failures.Count + Lacks(result).Count();
        }

        private int Distinct(bool stock)
        {
            return ScenarioResult.CountDistinct(_results.Where(r => r.Layout == FlashLayouts.Stock.Name == stock).SelectMany(r => r.States));
        }
    }
}
