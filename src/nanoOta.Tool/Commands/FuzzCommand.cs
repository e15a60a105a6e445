using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Fuzzing;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota fuzz</c>.</summary>
    internal static class FuzzCommand
    {
        public static Command Create(CommandLine line)
        {
            var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 60 };
            var seed = new Option<int>("--seed") { Description = "Decides on the inputs.", DefaultValueFactory = _ => 1 };
            var flash = new Option<bool>("--flash") { Description = "Only what a device reads from its own flash: slot record, otadata, journal, slots." };
            var core = CoreOption.Create();
            return line.On(new Command("fuzz", """
                Feed hostile bytes to everything that reads bytes from outside: JSON, manifests, requests, images, partition tables, HTTP answers, journal, slot record, the files of a stock device, answers of an external MCU.

                Exit code 0 when nothing threw, hung, took memory without bound, or broke its promise. A finding shows the input in hexadecimal.

                Example: nanoota fuzz --seconds 600 --seed 7
                """) { seconds, seed, flash, core }, (result, output) =>
            {
                long began = Stopwatch.GetTimestamp();
                core.Say(result, output);
                using var run = new FuzzRun(result.GetValue(seed), core.Choose(result), result.GetValue(flash));
                while (run.Next() && Stopwatch.GetElapsedTime(began).TotalSeconds < result.GetValue(seconds))
                {
                }

                foreach ((string target, long count) in run.Counts)
                {
                    output.Line($"{target,-16} {count,10} inputs, {run.Findings.Count(f => f.Target == target)} findings");
                }

                foreach (FuzzFinding finding in run.Findings)
                {
                    output.Line($"{finding.Target}: {finding.What}\n  {Convert.ToHexStringLower(finding.Input)}");
                    output.Json(new JsonObject { ["event"] = "finding", ["target"] = finding.Target, ["what"] = finding.What, ["input"] = Convert.ToHexStringLower(finding.Input) });
                }

                output.Json(new JsonObject
                {
                    ["event"] = "total",
                    ["inputs"] = run.Counts.Values.Sum(),
                    ["targets"] = new JsonObject(run.Counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
                    ["findings"] = run.Findings.Count,
                });
                return run.Findings.Count == 0 ? ExitCode.Done : ExitCode.Unsound;
            });
        }
    }
}
