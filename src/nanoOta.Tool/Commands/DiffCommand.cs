using System.CommandLine;
using System.Text.Json.Nodes;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota diff</c>.</summary>
    internal static class DiffCommand
    {
        public static Command Create(CommandLine line)
        {
            var old = new Argument<string>("OLD") { Description = "What devices run: a deployment, or a manifest with one beside it." };
            var image = new Argument<string>("NEW") { Description = "What they are to run: the same." };
            return line.On(new Command("diff", """
                Compare two deployments assembly by assembly, and tell what a device that runs the first fetches for the second: the whole image, the changed assemblies, or a patch.

                Example: nanoota diff firmware/v1_0_0.bin app.bin
                """) { old, image }, (result, output) =>
            {
                (string oldName, _, byte[] oldBytes) = Release.Deployment(result.GetRequiredValue(old));
                (string name, _, byte[] bytes) = Release.Deployment(result.GetRequiredValue(image));
                ImageDiff diff = ImageDiff.Of(oldBytes, bytes);
                Print(output, diff, oldName, name);
                output.Json(ToJson(diff));
                return ExitCode.Done;
            });
        }

        private static void Print(Output output, ImageDiff diff, string oldName, string name)
        {
            var rows = new List<string[]> { new[] { "assembly", "version", "change", "whole", "changed", "patch" } };
            rows.AddRange(diff.Parts.Select(part => new[]
            {
                part.Name, Versions(part), Word(part.Change), part.Change == PartChange.Gone ? "" : $"{part.Size}",
                part.Fetched == 0 ? "" : $"{part.Fetched}", part.Records.Length == 0 ? "" : $"{part.Records.Length}",
            }));
            rows.Add(["", "", "bytes", $"{diff.Whole}", $"{diff.Fetched}", $"{diff.Patched}"]);
            int[] widths = [.. Enumerable.Range(0, 6).Select(column => rows.Max(row => row[column].Length))];
            output.Line($"From {oldName} ({diff.OldParts.Id}) to {name} ({diff.ImageParts.Id}):");
            foreach (string[] row in rows)
            {
                output.Line(("  " + string.Join("  ", row.Select((cell, i) => i < 3 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))).TrimEnd());
            }

            output.Line(diff.Fetched == 0
                ? "A device that runs the first fetches nothing: it holds every assembly."
                : $"A device that runs the first fetches {diff.Fetched} bytes ({Percent(diff.Fetched, diff.Whole)}); with a patch {diff.Patched} ({Percent(diff.Patched, diff.Whole)}).");
        }

        private static JsonObject ToJson(ImageDiff diff)
        {
            return new JsonObject
            {
                ["from"] = diff.OldParts.Id,
                ["to"] = diff.ImageParts.Id,
                ["whole"] = diff.Whole,
                ["changed"] = diff.Fetched,
                ["patch"] = diff.Patched,
                ["assemblies"] = new JsonArray([.. diff.Parts.Select(part => new JsonObject
                {
                    ["name"] = part.Name,
                    ["change"] = Word(part.Change),
                    ["oldVersion"] = part.OldVersion?.ToString(),
                    ["version"] = part.Version?.ToString(),
                    ["size"] = part.Size,
                    ["changed"] = part.Fetched,
                    ["patch"] = part.Records.Length,
                })]),
            };
        }

        private static string Versions(PartDiff part)
        {
            AssemblyVersion?[] versions = [.. new[] { part.OldVersion, part.Version }.Where(version => version != null).Distinct()];
            return string.Join(" to ", versions);
        }

        private static string Word(PartChange change)
        {
            return change.ToString().ToLowerInvariant();
        }

        private static string Percent(int part, int whole)
        {
            return FormattableString.Invariant($"{100.0 * part / whole:0.0} %");
        }
    }
}
