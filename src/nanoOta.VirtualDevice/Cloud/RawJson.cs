using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>
    /// A JSON object whose values keep their own spelling: what an operator wrote as \u002B or 1e3 is sent so, as clients that
    /// stumble over it must see it.
    /// </summary>
    public sealed class RawJson
    {
        private readonly OrderedDictionary<string, object> _members = [];

        /// <summary>Reads an object.</summary>
        /// <exception cref="JsonException">It is none.</exception>
        public static RawJson Read(string json)
        {
            RawJson table = new();
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("Not an object.");
            }

            table.Merge(document.RootElement);
            return table;
        }

        /// <summary>Merges as twins do: objects member by member, null removes, anything else replaces.</summary>
        /// <exception cref="JsonException">The patch is no object.</exception>
        public void Merge(string patch)
        {
            using JsonDocument document = JsonDocument.Parse(patch);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("Not an object.");
            }

            Merge(document.RootElement);
        }

        /// <summary>Removes a member, when it is there.</summary>
        public void Remove(string name) => _members.Remove(name);

        /// <summary>The text, with a last member more.</summary>
        public string ToText(int version) => Write($"\"$version\":{version}");

        /// <inheritdoc/>
        public override string ToString() => Write(null);

        private void Merge(JsonElement patch)
        {
            foreach (JsonProperty member in patch.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null)
                {
                    _members.Remove(member.Name);
                }
                else if (member.Value.ValueKind == JsonValueKind.Object)
                {
                    RawJson inner = _members.GetValueOrDefault(member.Name) as RawJson ?? new RawJson();
                    inner.Merge(member.Value);
                    _members[member.Name] = inner;
                }
                else
                {
                    _members[member.Name] = member.Value.GetRawText();
                }
            }
        }

        private string Write(string? last)
        {
            StringBuilder text = new("{");
            foreach ((string name, object value) in _members)
            {
                text.Append(text.Length > 1 ? "," : "").Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)).Append("\":").Append(value);
            }

            return text.Append(last is not null && text.Length > 1 ? "," : "").Append(last).Append('}').ToString();
        }
    }
}
