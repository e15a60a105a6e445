using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Soak;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota soak</c>.</summary>
    internal static class SoakCommand
    {
        // What may be alive more at the end than after a tenth of the way: the runtime's own coming and going.
        private const long Slack = 64 * 1024;

        public static Command Create(CommandLine line)
        {
            var updates = new Option<int>("--updates") { Description = "How many.", DefaultValueFactory = _ => 1000 };
            var seed = new Option<int>("--seed") { Description = "Decides on images and faults.", DefaultValueFactory = _ => 1 };
            var core = CoreOption.Create();
            return line.On(new Command("soak", """
                Update one virtual device again and again with random faults: power cuts, torn writes, lost connections, files that are not the right ones, versions that fail, crash or hang.

                After each update the flash is judged. At the end: the wear of the flash, the numbers that wrapped, and whether the heap has grown. Exit code 0 only when every update ended as it should, wear is even and nothing has grown.

                Example: nanoota soak --updates 100 --seed 7
                """) { updates, seed, core }, (result, output) =>
            {
                int count = result.GetValue(updates);
                if (count < 10)
                {
                    throw new Failure(ExitCode.Usage, "--updates is a number from 10 on.");
                }

                core.Say(result, output);
                var run = new SoakRun(count, result.GetValue(seed)) { Core = core.Choose(result) };
                var updating = new Heap(count);
                for (int i = 1; i <= count; i++)
                {
                    run.Next();
                    updating.At(i);
                }

                run.AtTheEndOfTheCounter();
                var refusing = new Heap(count);
                string? refusals = LongBoot.Run(count, run.Core, refusing.At);
                List<string> findings = [.. run.Findings, .. refusals == null ? [] : new[] { "one boot, refusals only: " + refusals }];
                Show(run, output);
                ShowWear(run, output, findings);
                ShowHeap("updates", updating, output, findings);
                ShowHeap("refusals in one boot", refusing, output, findings);
                foreach (string finding in findings)
                {
                    output.Line(finding);
                    output.Json(new JsonObject { ["event"] = "finding", ["what"] = finding });
                }

                output.Line($"{run.Updates} updates, {run.Cuts} cuts, {run.Applied} applied: {findings.Count} findings");
                output.Json(new JsonObject { ["event"] = "total", ["updates"] = run.Updates, ["cuts"] = run.Cuts, ["applied"] = run.Applied, ["findings"] = findings.Count });
                return findings.Count == 0 ? ExitCode.Done : ExitCode.Unsound;
            });
        }

        private static void Show(SoakRun run, Output output)
        {
            (uint record, uint trial, uint journal) = run.Numbers;
            output.Line($"faults: {string.Join(", ", run.Faults.Select(f => $"{f.Key} {f.Value}"))}");
            output.Line($"numbers, begun at {SoakRun.FirstNumber}: slot record {record}, trial {trial}, journal {journal}; highest counter at its end, {uint.MaxValue}");
            output.Json(new JsonObject
            {
                ["event"] = "faults",
                ["kinds"] = new JsonObject(run.Faults.Select(f => KeyValuePair.Create(f.Key.ToString(), (JsonNode?)f.Value))),
            });
            output.Json(new JsonObject { ["event"] = "numbers", ["first"] = SoakRun.FirstNumber, ["record"] = record, ["trial"] = trial, ["journal"] = journal });
        }

        private static void ShowWear(SoakRun run, Output output, List<string> findings)
        {
            foreach (Wear wear in Wear.Of(run.Flash, run.Map))
            {
                output.Line(FormattableString.Invariant($"wear of {wear.Region,-9} {wear.Sectors,3} sectors erased: least {wear.Least}, most {wear.Most}, mean {wear.Mean:F1}"));
                output.Json(new JsonObject { ["event"] = "wear", ["region"] = wear.Region, ["sectors"] = wear.Sectors, ["least"] = wear.Least, ["most"] = wear.Most, ["mean"] = Math.Round(wear.Mean, 1) });
                if (wear.Region is "record" or "journal" && !wear.IsEven)
                {
                    findings.Add($"the sectors of the {wear.Region} do not take turns: {wear.Least} to {wear.Most} erases");
                }
            }
        }

        private static void ShowHeap(string what, Heap heap, Output output, List<string> findings)
        {
            output.Line(FormattableString.Invariant($"live bytes in the managed heap, {what}: {heap.First} after {heap.FirstAt}, {heap.Last} after {heap.LastAt}, ratio {heap.Ratio:F3}"));
            output.Json(new JsonObject { ["event"] = "heap", ["what"] = what, ["first"] = heap.First, ["last"] = heap.Last, ["ratio"] = Math.Round(heap.Ratio, 3) });
            if (heap.Last - heap.First > Slack)
            {
                findings.Add($"the heap has grown over {what}");
            }
        }

        // The bytes alive in the whole process after a tenth of the way and at its end.
        private sealed class Heap(int count)
        {
            public int FirstAt { get; } = count / 10;

            public int LastAt { get; } = count;

            public long First { get; private set; }

            public long Last { get; private set; }

            public double Ratio => (double)Last / First;

            public void At(int number)
            {
                First = number == FirstAt ? GC.GetTotalMemory(forceFullCollection: true) : First;
                Last = number == LastAt ? GC.GetTotalMemory(forceFullCollection: true) : Last;
            }
        }
    }
}
