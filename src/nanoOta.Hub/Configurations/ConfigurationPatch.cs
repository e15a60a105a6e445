using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>Makes the patch of a twin out of a configuration's content.</summary>
    internal static class ConfigurationPatch
    {
        /// <summary>Adds a value, unless the twin has it already.</summary>
        /// <param name="patch">The patch.</param>
        /// <param name="desired">The twin's desired properties.</param>
        /// <param name="path">Where, below them.</param>
        /// <param name="value">The value; null removes.</param>
        public static void Add(JsonObject patch, JsonObject desired, string[] path, JsonNode? value)
        {
            JsonNode? current = desired;
            foreach (string name in path)
            {
                current = (current as JsonObject)?[name];
            }

            if (JsonNode.DeepEquals(current, value))
            {
                return;
            }

            JsonObject target = patch;
            foreach (string name in path.AsSpan(0, path.Length - 1))
            {
                if (target[name] is not JsonObject child)
                {
                    child = [];
                    target[name] = child;
                }

                target = child;
            }

            target[path[^1]] = value is JsonObject whole ? Replacement(current as JsonObject, whole) : value?.DeepClone();
        }

        // An object of a configuration stands for the whole: what else the twin has there goes.
        private static JsonObject Replacement(JsonObject? current, JsonObject whole)
        {
            var patch = (JsonObject)whole.DeepClone();
            foreach ((string name, JsonNode? value) in current ?? [])
            {
                if (whole[name] is not { } wanted)
                {
                    patch[name] = null;
                }
                else if (wanted is JsonObject inner && value is JsonObject before)
                {
                    patch[name] = Replacement(before, inner);
                }
            }

            return patch;
        }
    }
}
