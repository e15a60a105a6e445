using System.Text;
using System.Text.Json;

namespace nanoOta.Tool.Devices
{
    /// <summary>
    /// Names the properties of a plain update request (docs/twin.md) that devices cannot read. A device reports a code alone; which
    /// property it means is found by having the devices' own code read each of them by itself. Values are not named: some are secret.
    /// </summary>
    internal static class RequestFaults
    {
        private static readonly (string Name, string Takes)[] _properties =
        [
            ("updateVersion", "a semantic version of at most 63 characters, or a whole number N for N.0.0"),
            ("updateUrl", "an absolute http or https URL of at most 2048 characters, its token included"),
            ("updateToken", "the container's shared access signature, without the question mark, as a text"),
            ("updateAfter", "a UTC time like 2026-11-30T22:00:00Z"),
            ("updateShare", "a whole number from 0 to 100"),
            ("updateWindow", "a time of the day from and to, like 22:00-05:30"),
            ("updateRetry", "a number or a text: another one than before lets a failed update be tried again"),
            ("update", "an object with version, url, size (bytes) and sha256 (64 hexadecimal digits)"),
        ];

        /// <summary>Finds them.</summary>
        /// <param name="desired">The desired properties: a JSON object.</param>
        /// <returns>A sentence for each property that is at fault.</returns>
        public static IEnumerable<string> Of(string desired)
        {
            using JsonDocument document = JsonDocument.Parse(desired);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return ["a twin's desired properties are an object."];
            }

            return [.. document.RootElement.EnumerateObject().Select(Of).OfType<string>()];
        }

        private static string? Of(JsonProperty property)
        {
            (string name, string takes) = _properties.FirstOrDefault(known => known.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase));
            if (name == null)
            {
                return null;
            }

            if (name != property.Name)
            {
                return $"devices do not know '{property.Name}'; they know '{name}'.";
            }

            // A request is read only where a version is wanted, or an update stands inline.
            string version = name is "updateVersion" or "update" ? "" : "\"updateVersion\":1,";
            byte[] text = Encoding.UTF8.GetBytes($$"""{{{version}}"{{name}}":{{property.Value.GetRawText()}}}""");
            var json = new JsonReader(text, 0, text.Length);
            json.Read();
            return PlainOffer.Read(json, out _) is { Code: not ResultCode.None } ? $"{name} must be {takes}." : null;
        }
    }
}
