using System.Text.Json.Nodes;

namespace nanoOta.Tool
{
    /// <summary>Members of JSON that a service or a device sent: what is of another type than expected is not there.</summary>
    internal static class JsonMember
    {
        /// <summary>A member; null when it is not there, or when what should have it is no object.</summary>
        /// <param name="node">The object.</param>
        /// <param name="path">The names, from the outside in.</param>
        public static JsonNode? Of(JsonNode? node, params ReadOnlySpan<string> path)
        {
            foreach (string name in path)
            {
                node = (node as JsonObject)?[name];
            }

            return node;
        }

        /// <summary>The text that a member is; null when it is none, or no Unicode.</summary>
        /// <inheritdoc cref="Of"/>
        public static string? Text(JsonNode? node, params ReadOnlySpan<string> path)
        {
            try
            {
                return Of(node, path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair.
                return null;
            }
        }
    }
}
