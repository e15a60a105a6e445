using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>
    /// The rules of the public schema of Azure Device Update's import manifests, version 5 (azure-deviceupdate-import-manifest-5.0.json of
    /// SchemaStore), one sentence each: those it spells out and those it says in words.
    /// </summary>
    internal sealed partial class ImportManifestCheck
    {
        public const int MaxSteps = 10;
        private const int MaxName = 64;
        private const int MaxHandler = 32;
        private const int MaxAlgorithm = 10;
        private const long MaxSize = 2147483648;

        private readonly JsonRules _rules = new();

        /// <summary>Checks a manifest.</summary>
        /// <param name="manifest">The manifest.</param>
        /// <param name="warnings">Receives what the schema takes, but the service's documents or devices of nanoOta do not.</param>
        /// <returns>What is wrong with it; empty when the schema takes it.</returns>
        public static IReadOnlyList<string> Run(JsonObject manifest, out IReadOnlyList<string> warnings)
        {
            var check = new ImportManifestCheck();
            check.Manifest(manifest);
            warnings = check._rules.Warnings;
            return check._rules.Faults;
        }

        /// <summary>What devices of nanoOta make of an update's version; null when they can read it.</summary>
        public static string? VersionWarning(string version)
        {
            string[] parts = version.Split('.');
            string core = parts.Length == 2 ? version + ".0" : parts is [_, _, _, "0"] ? version[..^2] : version;
            return SemanticVersion.Parse(core) != null ? null
                : $"devices of nanoOta answer {nameof(ResultCode.VersionMalformed)} to version {version}: theirs has three numbers without leading zeros; a fourth must be 0, and a third that is missing counts as 0.";
        }

        // Patterns as ECMAScript reads them: digits are ASCII's, and a byte order mark is white space.
        [GeneratedRegex(@"^[a-zA-Z0-9.-]+\z")]
        private static partial Regex IdText();

        [GeneratedRegex(@"^[^\s\uFEFF]+/[^\s\uFEFF]+:[0-9]{1,5}\z")]
        private static partial Regex Handler();

        [GeneratedRegex(@"^[0-9]+(\.[0-9]+){1,3}\z")]
        private static partial Regex Version();

        [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?\z")]
        private static partial Regex Time();

        private void Manifest(JsonObject manifest)
        {
            _rules.Open(manifest, "the manifest", "updateId!", "compatibility!", "instructions!", "manifestVersion!", "createdDateTime!");
            string[] known = ["$schema", "updateId", "description", "compatibility", "instructions", "files", "manifestVersion", "createdDateTime"];
            foreach (string name in manifest.Select(member => member.Key).Except(known))
            {
                _rules.Warn(false, $"a manifest has no member '{name}'.");
            }

            _rules.Require(!manifest.ContainsKey("$schema") || JsonMember.Text(manifest, "$schema") != null, "$schema must be a string.");
            _rules.Require(JsonMember.Text(manifest, "manifestVersion") == "5.0", "manifestVersion must be the text \"5.0\".");
            Optional(manifest, "description", node => _rules.Text(node, "description", 1, 512));
            UpdateId(manifest["updateId"], "updateId");
            Compatibility(manifest["compatibility"]);
            Dictionary<string, bool> files = Files(manifest);
            Instructions(manifest["instructions"], files);
            _rules.Warn(files.Values.All(used => used), $"files: no step uses {string.Join(", ", files.Where(file => !file.Value).Select(file => $"'{file.Key}'"))}.");
            string time = JsonMember.Text(manifest, "createdDateTime") ?? "";
            _rules.Require(Time().IsMatch(time) && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _), "createdDateTime must be a time in ISO 8601, such as 2026-11-20T12:00:00Z.");
        }

        private void UpdateId(JsonNode? node, string where)
        {
            if (_rules.Closed(node, where, "provider!", "name!", "version!") is not { } id)
            {
                return;
            }

            foreach (string name in new[] { "provider", "name" })
            {
                string text = _rules.Text(id[name], $"{where}.{name}", 1, MaxName) ?? "";
                _rules.Require(text.Length == 0 || IdText().IsMatch(text), $"{where}.{name} may have letters, digits, '.' and '-' only.");
            }

            string version = JsonMember.Text(id, "version") ?? "";
            bool isOne = Version().IsMatch(version);
            _rules.Require(isOne, $"{where}.version must be two to four numbers, such as 1.1.0.");
            _rules.Require(!isOne || version.Split('.').All(part => part.TrimStart('0') is { Length: <= 10 } digits && (digits.Length == 0 || long.Parse(digits, CultureInfo.InvariantCulture) <= int.MaxValue)), $"{where}.version: each number may be 2147483647 at the most.");
        }

        private void Compatibility(JsonNode? node)
        {
            if (node is not JsonArray { Count: >= 1 and <= 10 } sets)
            {
                _rules.Require(false, "compatibility must have 1 to 10 sets of properties.");
                return;
            }

            foreach (JsonNode? set in sets)
            {
                if (set is not JsonObject { Count: >= 1 and <= DeviceUpdateOptions.MaxProperties } properties)
                {
                    _rules.Require(false, $"compatibility: a set must have 1 to {DeviceUpdateOptions.MaxProperties} properties.");
                    continue;
                }

                foreach ((string name, JsonNode? value) in properties)
                {
                    _rules.Warn(name.Length is > 0 and <= DeviceUpdateOptions.MaxNameLength, $"compatibility: a property's name must have 1 to {DeviceUpdateOptions.MaxNameLength} characters: '{name}'.");
                    _rules.Text(value, $"compatibility: the value of '{name}'", 1, 2 * DeviceUpdateOptions.MaxNameLength);
                }
            }
        }

        // By name, with whether a step uses it.
        private Dictionary<string, bool> Files(JsonObject manifest)
        {
            var names = new Dictionary<string, bool>();
            if (!manifest.ContainsKey("files"))
            {
                return names;
            }

            if (manifest["files"] is not JsonArray { Count: <= 10 } files)
            {
                _rules.Require(false, "files must be a list, of 10 at the most.");
                return names;
            }

            decimal sum = 0;
            foreach (JsonNode? entry in files)
            {
                if (File(entry, "files: a file") is not { } file)
                {
                    continue;
                }

                string name = JsonMember.Text(file, "filename") ?? "";
                sum += JsonRules.WholeOf(file["sizeInBytes"]) ?? 0;
                _rules.Require(names.TryAdd(name, false), $"files: '{name}' stands twice.");
                Optional(file, "relatedFiles", node => RelatedFiles(node, name));
                Optional(file, "downloadHandler", node =>
                {
                    JsonObject? handler = _rules.Open(node, $"files: the downloadHandler of '{name}'", "id!");
                    HandlerId(handler?["id"], $"files: the downloadHandler of '{name}': id");
                });
            }

            _rules.Require(sum <= MaxSize, $"files: their sizes are {sum} bytes together; {MaxSize} are possible.");
            return names;
        }

        private JsonObject? File(JsonNode? node, string what)
        {
            if (_rules.Open(node, what, "filename!", "sizeInBytes!", "hashes!") is not { } file)
            {
                return null;
            }

            string name = _rules.Text(file["filename"], $"{what}: filename", 1, 255) ?? "";
            _rules.Require(JsonRules.WholeOf(file["sizeInBytes"]) is >= 1 and <= MaxSize, $"{what}: sizeInBytes of '{name}' must be 1 to {MaxSize}.");
            JsonObject? hashes = _rules.Open(file["hashes"], $"{what}: hashes of '{name}'", "sha256!");
            _rules.Require(hashes is not { Count: > 2 }, $"{what}: hashes of '{name}' may be 2 at the most.");
            _rules.Require(hashes == null || IsSha256(JsonMember.Text(hashes, "sha256")), $"{what}: hashes.sha256 of '{name}' must be the SHA-256 in standard base64.");
            foreach ((string algorithm, JsonNode? value) in hashes ?? [])
            {
                _rules.Require(JsonMember.Text(value) != null, $"{what}: hashes.{algorithm} of '{name}' must be a string.");
                _rules.Warn(algorithm.Length <= MaxAlgorithm, $"{what}: the hash algorithm '{algorithm}' of '{name}' has more than {MaxAlgorithm} characters.");
            }

            Optional(file, "properties", value => _rules.Require(value is JsonObject, $"{what}: properties of '{name}' must be an object."));
            return file;
        }

        private void RelatedFiles(JsonNode? node, string name)
        {
            if (node is not JsonArray { Count: <= 4 } related)
            {
                _rules.Require(false, $"files: '{name}' may have 4 relatedFiles, in a list.");
                return;
            }

            foreach (JsonNode? file in related)
            {
                File(file, $"files: a related file of '{name}'");
            }
        }

        private void Instructions(JsonNode? node, Dictionary<string, bool> files)
        {
            if (_rules.Closed(node, "instructions", "steps!")?["steps"] is not JsonArray { Count: >= 1 and <= MaxSteps } steps)
            {
                _rules.Require(false, $"instructions.steps must be 1 to {MaxSteps}.");
                return;
            }

            for (int i = 0; i < steps.Count; i++)
            {
                string where = $"instructions.steps[{i}]";
                string type = JsonMember.Text(steps[i], "type") ?? "inline";
                bool isReference = type == "reference";
                JsonObject? step = isReference ? _rules.Closed(steps[i], where, "type", "description", "updateId!")
                    : _rules.Closed(steps[i], where, "type", "description", "handler!", "files!", "handlerProperties");
                if (step == null)
                {
                    continue;
                }

                _rules.Require(isReference || !step.ContainsKey("type") || JsonMember.Text(step, "type") == "inline", $"{where}.type must be inline or reference.");
                Optional(step, "description", text => _rules.Text(text, $"{where}.description", 1, 64));
                if (isReference)
                {
                    UpdateId(step["updateId"], where + ".updateId");
                }
                else
                {
                    Inline(step, where, files);
                }
            }
        }

        private void Inline(JsonObject step, string where, Dictionary<string, bool> files)
        {
            HandlerId(step["handler"], $"{where}.handler");
            Optional(step, "handlerProperties", node => _rules.Require(node is JsonObject, $"{where}.handlerProperties must be an object."));
            if (step["files"] is not JsonArray { Count: >= 1 and <= 10 } used)
            {
                _rules.Require(false, $"{where}.files must be 1 to 10.");
                return;
            }

            foreach (JsonNode? entry in used)
            {
                string name = _rules.Text(entry, $"{where}.files: a name", 1, 255) ?? "";
                _rules.Require(files.ContainsKey(name), $"{where}.files: '{name}' is not among files.");
                files[name] = true;
            }

            _rules.Warn(used.Select(name => JsonMember.Text(name)).Distinct().Count() == used.Count, $"{where}.files: a file stands twice.");
        }

        private void HandlerId(JsonNode? node, string where)
        {
            string text = _rules.Text(node, where, 5, MaxHandler) ?? "";
            _rules.Require(text.Length == 0 || Handler().IsMatch(text), $"{where} must be like nanoota/image:1.");
        }

        private static void Optional(JsonObject parent, string name, Action<JsonNode?> check)
        {
            if (parent.TryGetPropertyValue(name, out JsonNode? value))
            {
                check(value);
            }
        }

        private static bool IsSha256(string? text)
        {
            return text is { Length: 44 } && Convert.TryFromBase64String(text, new byte[33], out int length) && length == 32;
        }
    }
}
