using System.Text.Json;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>What somebody else's JSON says of itself, for people to read.</summary>
    internal static class JsonFacts
    {
        // Longer than any id that devices know.
        private const int MaxLength = 80;

        /// <summary>The members of an object that are strings.</summary>
        /// <param name="text">The object's text; of one that cannot be read, there are no facts.</param>
        /// <param name="members">A member's name, and what it is called here; in the order of the facts.</param>
        public static IReadOnlyList<ImageFact> Of(ReadOnlySpan<byte> text, params (string Member, string Name)[] members)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(text.TrimStart("\uFEFF"u8).ToArray());
                JsonElement root = document.RootElement;
                return [.. members.Where(m => root.TryGetProperty(m.Member, out JsonElement value) && value.ValueKind == JsonValueKind.String)
                    .Select(m => new ImageFact(m.Name, Short(root.GetProperty(m.Member).GetString()!)))];
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // No JSON, no object, or a string that is no Unicode.
                return [];
            }
        }

        private static string Short(string text)
        {
            return text.Length <= MaxLength ? text : text[..MaxLength] + "…";
        }
    }
}
