using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>Rules of a JSON schema, each with its sentence: what a node must be, and what is wrong with the one that is there.</summary>
    internal sealed class JsonRules
    {
        private readonly List<string> _faults = [];
        private readonly List<string> _warnings = [];

        /// <summary>What the schema refuses.</summary>
        public IReadOnlyList<string> Faults => _faults;

        /// <summary>What the schema takes and the service's documents do not.</summary>
        public IReadOnlyList<string> Warnings => _warnings;

        public void Require(bool condition, string sentence)
        {
            if (!condition)
            {
                _faults.Add(sentence);
            }
        }

        public void Warn(bool isGood, string sentence)
        {
            if (!isGood)
            {
                _warnings.Add(sentence);
            }
        }

        /// <summary>An object with these members and no others; those that end in ! must be there.</summary>
        /// <returns>The object; null when it is none, of which a fault has been noted.</returns>
        public JsonObject? Closed(JsonNode? node, string where, params string[] members)
        {
            JsonObject? value = Open(node, where, members);
            string[] known = [.. members.Select(member => member.TrimEnd('!'))];
            foreach (string name in value?.Select(member => member.Key).Except(known) ?? [])
            {
                _faults.Add($"{where} may not have a member '{name}': {string.Join(", ", known)} are all there are.");
            }

            return value;
        }

        /// <summary>An object, in which the members that end in ! must be; it may have others.</summary>
        /// <returns>The object; null when it is none, of which a fault has been noted.</returns>
        public JsonObject? Open(JsonNode? node, string where, params string[] members)
        {
            Require(node is JsonObject, node == null ? $"{where} is missing or null; it must be an object." : $"{where} must be an object.");
            foreach (string member in members.Where(member => member.EndsWith('!')))
            {
                Require(node is not JsonObject value || value.ContainsKey(member[..^1]), $"{where} must have a member '{member[..^1]}'.");
            }

            return node as JsonObject;
        }

        /// <summary>A string with so many characters (Unicode's, as JSON schemas count them).</summary>
        /// <returns>The string; null when it is none, of which a fault has been noted.</returns>
        public string? Text(JsonNode? node, string where, int least, int most)
        {
            string? text = JsonMember.Text(node);
            int length = text?.EnumerateRunes().Count() ?? -1;
            Require(length >= least && length <= most, $"{where} must have {least} to {most} characters{(text == null ? ", as a string" : $", not {length}")}.");
            return text;
        }

        /// <summary>The whole number that a node is, however it is written; null when it is none.</summary>
        public static long? WholeOf(JsonNode? node)
        {
            return node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
                && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
                && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue ? (long)number : null;
        }
    }
}
