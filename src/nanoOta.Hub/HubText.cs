using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>JSON as the hub reads and writes it. Numbers keep their text: 1.0 stays 1.0.</summary>
    internal static class HubText
    {
        // Deeper than a twin may be, so that the twin's own limit is what refuses.
        private const int MaxDepth = 32;

        internal static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        /// <summary>Reads an object.</summary>
        /// <exception cref="HubError">It is none.</exception>
        internal static JsonObject Object(ReadOnlySpan<byte> json, string what)
        {
            return Read(json, what) as JsonObject ?? throw HubError.Argument($"The {what} is not a JSON object.");
        }

        /// <summary>Reads a value.</summary>
        /// <exception cref="HubError">It is none.</exception>
        internal static JsonNode? Read(ReadOnlySpan<byte> json, string what)
        {
            try
            {
                JsonNode? node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
                ReadTexts(node);
                return node;
            }
            catch (JsonException e)
            {
                throw HubError.Format($"The {what} is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}.");
            }
            catch (InvalidOperationException)
            {
                throw HubError.Format($"The {what} has a text or a name that is not Unicode: half of a surrogate pair, or bytes that are not UTF-8.");
            }
        }

        // The parser decodes a text only when somebody asks for it, and throws then. So all are read once, here.
        private static void ReadTexts(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject values:
                    foreach ((_, JsonNode? value) in values)
                    {
                        ReadTexts(value);
                    }

                    break;
                case JsonArray array:
                    foreach (JsonNode? item in array)
                    {
                        ReadTexts(item);
                    }

                    break;
                case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                    _ = value.GetValue<string>();
                    break;
            }
        }

        /// <summary>A member that is text; null when it is absent or null.</summary>
        /// <exception cref="HubError">It is something else.</exception>
        internal static string? Text(JsonObject json, string name)
        {
            return json[name] is not { } node ? null
                : node is JsonValue value && value.TryGetValue(out string? text) ? text
                : throw HubError.Argument($"{name} must be a string.");
        }

        /// <summary>A member that is a whole number.</summary>
        /// <exception cref="HubError">It is something else.</exception>
        internal static int? Number(JsonObject json, string name)
        {
            return json[name] is not { } node ? null
                : node is JsonValue value && value.TryGetValue(out int number) ? number
                : throw HubError.Argument($"{name} must be a whole number.");
        }

        /// <summary>A member that is an object; null when it is absent or null.</summary>
        /// <exception cref="HubError">It is something else.</exception>
        internal static JsonObject? Member(JsonObject json, string name)
        {
            return json[name] is not { } node ? null : node as JsonObject ?? throw HubError.Argument($"{name} must be a JSON object.");
        }
    }
}
