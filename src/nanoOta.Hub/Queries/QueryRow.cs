using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>What a query looks at: one device, or one job of a device.</summary>
    internal abstract class QueryRow
    {
        /// <summary>Stands for a property that is not there: it compares with nothing.</summary>
        public static object Undefined { get; } = new();

        /// <summary>The whole, for <c>SELECT *</c>.</summary>
        public abstract JsonObject Whole();

        /// <summary>The value at a path.</summary>
        public abstract JsonNode? Find(IReadOnlyList<string> path);

        /// <summary>The value at a path as .NET's own type: text, double or truth value; otherwise JSON.</summary>
        public object Value(IReadOnlyList<string> path) => Find(path) is { } node ? Plain(node) : Undefined;

        /// <summary>A device's twin as a row.</summary>
        public static QueryRow Of(DeviceRecord device) => new DeviceRow(device);

        /// <summary>A JSON object as a row.</summary>
        public static QueryRow Of(JsonObject json) => new JsonRow(json);

        private static object Plain(JsonNode node)
        {
            // Each cast to object: otherwise the compiler would make JSON of them all.
            return node.GetValueKind() switch
            {
                JsonValueKind.String => (object)(string)node!,
                JsonValueKind.Number => (object)double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture),
                JsonValueKind.True => (object)true,
                JsonValueKind.False => (object)false,
                _ => (object)node,
            };
        }

        private static JsonNode? Down(JsonNode? node, IReadOnlyList<string> path, int from)
        {
            for (int i = from; i < path.Count && node != null; i++)
            {
                node = node is JsonObject json ? json[path[i]] : null;
            }

            return node;
        }

        private sealed class DeviceRow(DeviceRecord device) : QueryRow
        {
            public override JsonObject Whole() => Documents.Twin(device);

            public override JsonNode? Find(IReadOnlyList<string> path)
            {
                if (path[0] != "properties")
                {
                    return Down(Documents.Find(device, path[0]), path, 1);
                }

                TwinSection? section = path.Count < 2 ? null : path[1] == "desired" ? device.Desired : path[1] == "reported" ? device.Reported : null;
                return section == null ? (path.Count == 1 ? Documents.Twin(device)["properties"] : null)
                    : path.Count == 2 || path[2].StartsWith('$') ? Down(section.ForService(), path, 2) : Down(section.Values, path, 2);
            }
        }

        private sealed class JsonRow(JsonObject json) : QueryRow
        {
            public override JsonObject Whole() => (JsonObject)json.DeepClone();

            public override JsonNode? Find(IReadOnlyList<string> path) => Down(json, path, 0);
        }
    }
}
