using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.Tool.Keys;
using nanoOta.Tool.Packing;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Commands
{
    /// <summary><c>nanoota inspect</c>.</summary>
    internal static class InspectCommand
    {
        public static Command Create(CommandLine line)
        {
            var file = new Argument<string>("FILE") { Description = "The file." };
            var key = new Option<string[]>("--decrypt-key") { Description = "A key as a device has it, to open encrypted images that lie beside a manifest; give the option once for each." };
            var board = new Option<string?>("--board") { Description = "FILE is a device's report, the object ota or a twin that holds it: compare its components with this board configuration." };
            return line.On(new Command("inspect", """
                Tell what a file is and whether it is sound: a nanoFramework deployment or assembly (.pe), an ESP application image, an MCUboot image, an ESP32 partition table (binary or csv), a manifest, a signed file (.jws), a bundle (.tar), a key (.jwk, .pem) or a certificate (.pem). The files that lie beside a manifest, patches among them, are compared with it.

                Exits with 0 when every check holds, 4 when one does not, 2 when the format is unknown.

                Example: nanoota inspect v1_1_0.bin

                Example: nanoota inspect twin.json --board washer.json
                """) { file, board, key }, (result, output) =>
            {
                string path = result.GetRequiredValue(file);
                return result.GetValue(board) is { } boardPath
                    ? Say(output, path, InputFile.Bytes(path).Length, BoardReport.Read(path).Compare(BoardFile.Read(boardPath), boardPath))
                    : Inspect(output, path, EncryptionKeyFile.ReadAll(result.GetValue(key) ?? []));
            });
        }

        private static ExitCode Inspect(Output output, string path, EncryptionKey[] keys)
        {
            byte[] bytes = InputFile.Bytes(path);
            ImageReport report = ImageFile.Identify(bytes);
            report = report.Kind == ImageKind.Unknown ? PemReport.Of(path, bytes) ?? report : report;
            if (report.Kind is ImageKind.Manifest or ImageKind.Signed)
            {
                report = report with
                {
                    Checks = [.. report.Checks, .. NeighbourCheck.Run(path, bytes, keys, out IReadOnlyList<string> absent), .. PatchCheck.Run(path, bytes)],
                    Contents = [.. report.Contents, .. absent.Select(name => $"{name} does not lie beside it and was not checked")],
                };
            }

            return Say(output, path, bytes.Length, report);
        }

        private static ExitCode Say(Output output, string path, int size, ImageReport report)
        {
            output.Json(ToJson(path, size, report));
            output.Line($"{path}: {Plain(report.Title)}");
            foreach (ImageFact fact in report.Facts)
            {
                output.Line($"  {fact.Name,-18} {Plain(fact.Value)}");
            }

            Section(output, "Contents", report.Contents);
            Section(output, "Checks", report.Checks.Select(check => $"{(check.Ok ? '✓' : '✗')} {check.Name}: {check.Sentence}"));
            output.Line();
            if (report.Kind == ImageKind.Unknown)
            {
                output.Complain($"{path} is of no known format.{(path.EndsWith(".enc", StringComparison.Ordinal) ? " An encrypted image is checked with its manifest: inspect the .json beside it." : "")}");
                return ExitCode.Usage;
            }

            bool isReport = report.Kind == ImageKind.DeviceReport;
            output.Line(report.Sound ? isReport ? "The device is as the board says." : "Sound." : isReport ? "NOT AS THE BOARD SAYS." : "NOT SOUND.");
            switch (report.Kind)
            {
                case ImageKind.Signed:
                    output.Line($"Whether devices accept it depends on their keys: nanoota verify {path} --key KEY");
                    break;
                case ImageKind.Key when !report.Sound:
                    break;
                case ImageKind.Key when report.Title.StartsWith("secret", StringComparison.Ordinal):
                    output.Line($"Encrypt for it: nanoota pack IMAGE --encrypt-for {path}");
                    break;
                case ImageKind.Key:
                    output.Line($"Whether a file was signed with it: nanoota verify FILE --key {path}");
                    break;
            }

            return report.Sound ? ExitCode.Done : ExitCode.Unsound;
        }

        private static void Section(Output output, string title, IEnumerable<string> lines)
        {
            if (lines.Any())
            {
                output.Line($"{title}:");
            }

            foreach (string text in lines)
            {
                output.Line($"  {Plain(text)}");
            }
        }

        // What a file says must not speak to the terminal, nor turn the line around.
        private static string Plain(string text)
        {
            return string.Concat(text.Select(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? $"\\u{(int)c:x4}" : $"{c}"));
        }

        private static JsonObject ToJson(string path, int size, ImageReport report)
        {
            return new JsonObject
            {
                ["file"] = path,
                ["size"] = size,
                ["kind"] = Camel(report.Kind.ToString()),
                ["title"] = report.Title,
                ["version"] = report.Version,
                ["sound"] = report.Sound,
                ["facts"] = new JsonObject(report.Facts.Select(fact => KeyValuePair.Create(Camel(fact.Name), (JsonNode?)fact.Value))),
                ["contents"] = new JsonArray([.. report.Contents.Select(text => (JsonNode)text)]),
                ["checks"] = new JsonArray([.. report.Checks.Select(check => new JsonObject { ["name"] = check.Name, ["ok"] = check.Ok, ["sentence"] = check.Sentence })]),
            };
        }

        // "Secure version" is secureVersion.
        private static string Camel(string words)
        {
            string[] parts = words.Split(' ');
            return string.Concat(parts.Select((part, i) => i == 0 ? JsonNamingPolicy.CamelCase.ConvertName(part) : char.ToUpperInvariant(part[0]) + part[1..]));
        }
    }
}
