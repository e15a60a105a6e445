using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Serving
{
    /// <summary>A device's report, read: what it says is checked, since anything on a LAN can send one.</summary>
    /// <param name="Current">The version that runs.</param>
    /// <param name="Target">The version wanted; null when none is.</param>
    /// <param name="State">The state in a word.</param>
    /// <param name="Waiting">Why it waits; null when it does not.</param>
    /// <param name="Progress">Per cent of the download.</param>
    /// <param name="Last">How the last update ended; null when there was none.</param>
    /// <param name="Json">The report as it came.</param>
    internal sealed record DeviceReport(string? Current, string? Target, string State, string? Waiting, int Progress, string? Last, JsonObject Json)
    {
        private const int MaxText = 64;
        private const int MaxDepth = 4;

        /// <summary>Reads a report; null when it is none.</summary>
        public static DeviceReport? Read(byte[] bytes)
        {
            try
            {
                if (JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false }) is not JsonObject json
                    || Text(json, "state") is not { } state)
                {
                    return null;
                }

                // A text that is no Unicode is found only when it is read: here, and not when the report is shown or kept.
                json.ToJsonString();
                int progress = json["progress"] is { } number ? Math.Clamp((int)number, 0, 100) : 0;
                string? last = json["last"] is JsonObject result && Code(result, "code") is { } code ? $"{code} {Text(result, "version")}".TrimEnd() : null;
                return new DeviceReport(Text(json, "current"), Text(json, "target"), state, Code(json, "waiting"), progress, last, json);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or FormatException)
            {
                // No JSON, no Unicode, or other types than a device sends.
                return null;
            }
        }

        /// <summary>One line for people.</summary>
        public override string ToString()
        {
            string target = Target == null || State == "idle" ? "" : $" to {Target}";
            string progress = State == "downloading" ? $", {Progress} %" : "";
            return $"{Current ?? "?"}, {State}{target}{progress}{(Waiting == null ? "" : $", {Waiting}")}{(Last == null ? "" : $"; last: {Last}")}";
        }

        // Devices send numbers.
        private static string? Code(JsonObject json, string name)
        {
            return (int?)json[name] is not { } number ? null
                : Enum.IsDefined((ResultCode)number) ? ResultText.Name((ResultCode)number) : number.ToString();
        }

        // Short and printable, or not at all: it goes to a terminal.
        private static string? Text(JsonObject json, string name)
        {
            return (string?)json[name] is { } text ? Printable(text) : null;
        }

        /// <summary>A text from the network for a terminal.</summary>
        internal static string Printable(string text)
        {
            return string.Concat(text.Take(MaxText).Select(c => c is >= ' ' and <= '~' ? c : '?'));
        }
    }
}
