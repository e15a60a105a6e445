using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>The limits of twins: names, values, depth and size.</summary>
    internal static class TwinRules
    {
        /// <summary>Of tags, in bytes.</summary>
        public const int MaxTags = 8 * 1024;

        /// <summary>Of the desired and of the reported properties, in bytes.</summary>
        public const int MaxProperties = 32 * 1024;

        private const int MaxName = 1024;
        private const int MaxText = 4 * 1024;
        private const int MaxDepth = 10;
        private const long MaxInteger = 1L << 52;

        /// <summary>Merges for a look at the result: what a patch would make of values.</summary>
        /// <exception cref="HubError">The patch breaks a rule, or the result is too large.</exception>
        public static void CheckPatch(JsonObject current, JsonObject patch, int most, string what)
        {
            Check(patch, 1, what);

            // Most patches are far from the limit: only a merge tells otherwise.
            if (Size(current) + Size(patch) > most)
            {
                var merged = (JsonObject)current.DeepClone();
                Merge(merged, patch);
                CheckSize(merged, most, what);
            }
        }

        /// <summary>Checks values that replace all others.</summary>
        /// <exception cref="HubError">They break a rule, or are too large.</exception>
        public static void CheckAll(JsonObject values, int most, string what)
        {
            Check(values, 1, what);
            CheckSize(values, most, what);
        }

        /// <summary>Merges a patch: objects member by member, null removes.</summary>
        public static void Merge(JsonObject values, JsonObject patch)
        {
            foreach ((string name, JsonNode? value) in patch)
            {
                if (value == null)
                {
                    values.Remove(name);
                }
                else if (value is JsonObject inner)
                {
                    if (values[name] is not JsonObject child)
                    {
                        child = [];
                        values[name] = child;
                    }

                    Merge(child, inner);
                }
                else
                {
                    values[name] = value.DeepClone();
                }
            }
        }

        private static void CheckSize(JsonObject values, int most, string what)
        {
            int size = Size(values);
            if (size > most)
            {
                throw HubError.Argument($"The {what} have {size} bytes; {most} are allowed.");
            }
        }

        private static void Check(JsonObject values, int depth, string what)
        {
            if (depth > MaxDepth)
            {
                throw HubError.Argument($"The {what} nest deeper than {MaxDepth} objects.");
            }

            foreach ((string name, JsonNode? value) in values)
            {
                if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > MaxName || name.Any(c => char.IsControl(c) || c is '.' or '$' or '#' or ' '))
                {
                    throw HubError.Argument($"The {what} have a property '{name}': a name is 1 to {MaxName} bytes, without control characters, '.', '$', '#' and spaces.");
                }

                CheckValue(name, value, depth, what);
            }
        }

        private static void CheckValue(string name, JsonNode? value, int depth, string what)
        {
            switch (value)
            {
                case JsonObject inner:
                    Check(inner, depth + 1, what);
                    break;
                case JsonArray array:
                    foreach (JsonNode? item in array)
                    {
                        CheckValue(name, item, depth + 1, what);
                    }

                    break;
                case JsonValue single when single.GetValueKind() == JsonValueKind.String && Encoding.UTF8.GetByteCount((string)single!) > MaxText:
                    throw HubError.Argument($"'{name}' of the {what} is longer than {MaxText} bytes.");
                case JsonValue single when single.GetValueKind() == JsonValueKind.Number && IsTooLarge(single):
                    throw HubError.Argument($"'{name}' of the {what} is beyond 2^52.");
            }
        }

        private static bool IsTooLarge(JsonValue number)
        {
            string text = number.ToJsonString();
            return text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
                && (!long.TryParse(text, CultureInfo.InvariantCulture, out long value) || value > MaxInteger || value < -MaxInteger);
        }

        // As the documentation counts: names and texts by their bytes, a number 8, a truth value 4.
        private static int Size(JsonNode? node)
        {
            return node switch
            {
                JsonObject values => values.Sum(member => Encoding.UTF8.GetByteCount(member.Key) + Size(member.Value)),
                JsonArray array => array.Sum(Size),
                null => 0,
                JsonValue value => value.GetValueKind() switch
                {
                    JsonValueKind.String => Encoding.UTF8.GetByteCount((string)value!),
                    JsonValueKind.Number => 8,
                    _ => 4,
                },
                _ => 0,
            };
        }
    }
}
