using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>The limits of an import manifest of Azure Device Update, version 5: what the service would refuse, one sentence each.</summary>
    internal sealed partial class ImportManifestCheck
    {
        public const int MaxSteps = 10;
        private const long MaxFileSize = 2147483648;
        private const string Never = "";
        private readonly List<string> _faults = [];

        /// <summary>Checks a manifest.</summary>
        /// <returns>What is wrong with it; empty when it is right.</returns>
        public static IReadOnlyList<string> Run(JsonObject manifest)
        {
            var check = new ImportManifestCheck();
            check.Manifest(manifest);
            return check._faults;
        }

        [GeneratedRegex(@"^[a-zA-Z0-9.-]+\z")]
        private static partial Regex IdText();

        [GeneratedRegex(@"^\S+/\S+:\d{1,5}\z")]
        private static partial Regex Handler();

        [GeneratedRegex(@"^\d+(\.\d+){1,3}\z")]
        private static partial Regex Version();

        private void Manifest(JsonObject manifest)
        {
            Require(Text(manifest["manifestVersion"]) == "5.0", "manifestVersion must be the text \"5.0\".");
            UpdateId(manifest["updateId"], "updateId");
            Compatibility(manifest["compatibility"]);
            Dictionary<string, bool> files = Files(manifest["files"]);
            Steps((manifest["instructions"] as JsonObject)?["steps"], files);
            Require(files.Values.All(used => used), $"files: no step uses {string.Join(", ", files.Where(file => !file.Value).Select(file => $"'{file.Key}'"))}.");
            Require(DateTimeOffset.TryParse(Text(manifest["createdDateTime"]), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _), "createdDateTime must be a time such as 2026-11-20T12:00:00Z.");
            if (manifest["description"] is { } description)
            {
                Require(Text(description) is { Length: <= 512 }, "description may have 512 characters.");
            }
        }

        private void UpdateId(JsonNode? node, string where)
        {
            if (node is not JsonObject id)
            {
                Fault($"{where} is missing.");
                return;
            }

            foreach (string name in new[] { "provider", "name" })
            {
                string text = Text(id[name]) ?? Never;
                Require(text.Length is > 0 and <= 64, $"{where}.{name} must have 1 to 64 characters.");
                Require(text.Length == 0 || IdText().IsMatch(text), $"{where}.{name} may have letters, digits, '.' and '-' only.");
            }

            string version = Text(id["version"]) ?? Never;
            Require(Version().IsMatch(version), $"{where}.version must be two to four numbers, such as 1.1.0.");
            Require(!Version().IsMatch(version) || version.Split('.').All(part => part.Length <= 10 && long.Parse(part, CultureInfo.InvariantCulture) <= int.MaxValue), $"{where}.version: each number may be 2147483647 at the most.");
        }

        private void Compatibility(JsonNode? node)
        {
            if (node is not JsonArray { Count: >= 1 and <= 10 } sets)
            {
                Fault("compatibility must have 1 to 10 sets of properties.");
                return;
            }

            foreach (JsonNode? set in sets)
            {
                if (set is not JsonObject { Count: >= 1 and <= DeviceUpdateOptions.MaxProperties } properties)
                {
                    Fault($"compatibility: a set must have 1 to {DeviceUpdateOptions.MaxProperties} properties.");
                    continue;
                }

                foreach ((string name, JsonNode? value) in properties)
                {
                    Require(name.Length is > 0 and <= DeviceUpdateOptions.MaxNameLength, $"compatibility: a property's name must have 1 to {DeviceUpdateOptions.MaxNameLength} characters: '{name}'.");
                    Require(Text(value) is { Length: > 0 and <= 2 * DeviceUpdateOptions.MaxNameLength }, $"compatibility: the value of '{name}' must be a text of 1 to {2 * DeviceUpdateOptions.MaxNameLength} characters.");
                }
            }
        }

        private Dictionary<string, bool> Files(JsonNode? node)
        {
            var names = new Dictionary<string, bool>();
            if (node is not (null or JsonArray { Count: <= 10 }))
            {
                Fault("files may be 10 at the most.");
                return names;
            }

            foreach (JsonNode? entry in node?.AsArray() ?? [])
            {
                var file = entry as JsonObject ?? [];
                string name = Text(file["filename"]) ?? Never;
                Require(name.Length is > 0 and <= 255, "files: a filename must have 1 to 255 characters.");
                Require(names.TryAdd(name, false), $"files: '{name}' stands twice.");
                Require(file["sizeInBytes"] is JsonValue size && size.TryGetValue(out long bytes) && bytes is >= 1 and <= MaxFileSize, $"files: sizeInBytes of '{name}' must be 1 to {MaxFileSize}.");
                Require(IsSha256(Text((file["hashes"] as JsonObject)?["sha256"])), $"files: hashes.sha256 of '{name}' must be the SHA-256 in standard base64.");
                Require(file["relatedFiles"] is null or JsonArray { Count: <= 4 }, $"files: '{name}' may have 4 relatedFiles.");
                Require(file["downloadHandler"] is null || Text((file["downloadHandler"] as JsonObject)?["id"]) is { Length: > 0 }, $"files: the downloadHandler of '{name}' must have an id.");
            }

            return names;
        }

        private void Steps(JsonNode? node, Dictionary<string, bool> files)
        {
            if (node is not JsonArray { Count: >= 1 and <= MaxSteps } steps)
            {
                Fault($"instructions.steps must be 1 to {MaxSteps}.");
                return;
            }

            for (int i = 0; i < steps.Count; i++)
            {
                var step = steps[i] as JsonObject ?? [];
                string where = $"instructions.steps[{i}]";
                switch (Text(step["type"]) ?? (step.ContainsKey("type") ? Never : "inline"))
                {
                    case "reference":
                        UpdateId(step["updateId"], where + ".updateId");
                        break;
                    case "inline":
                        Inline(step, where, files);
                        break;
                    default:
                        Fault($"{where}.type must be inline or reference.");
                        break;
                }
            }
        }

        private void Inline(JsonObject step, string where, Dictionary<string, bool> files)
        {
            Require(Handler().IsMatch(Text(step["handler"]) ?? Never), $"{where}.handler must be like nanoota/image:1.");
            Require(step["handlerProperties"] is null or JsonObject, $"{where}.handlerProperties must be an object.");
            Require(step["description"] is null || Text(step["description"]) is { Length: <= 64 }, $"{where}.description may have 64 characters.");
            if (step["files"] is not JsonArray { Count: >= 1 and <= 10 } used)
            {
                Fault($"{where}.files must be 1 to 10.");
                return;
            }

            foreach (JsonNode? entry in used)
            {
                string name = Text(entry) ?? Never;
                Require(files.ContainsKey(name), $"{where}.files: '{name}' is not among files.");
                files[name] = files.ContainsKey(name);
            }

            Require(used.Select(Text).Distinct().Count() == used.Count, $"{where}.files: a file stands twice.");
        }

        private static bool IsSha256(string? text)
        {
            return text is { Length: 44 } && Convert.TryFromBase64String(text, new byte[33], out int length) && length == 32;
        }

        private static string? Text(JsonNode? node)
        {
            return node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? (string?)value : null;
        }

        private void Require(bool condition, string sentence)
        {
            if (!condition)
            {
                Fault(sentence);
            }
        }

        private void Fault(string sentence)
        {
            _faults.Add(sentence);
        }
    }
}
