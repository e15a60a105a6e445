using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Fleet
{
    /// <summary>An answer of a hub's REST API.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Text">The body.</param>
    /// <param name="Error">The header iothub-errorcode; null: there is none.</param>
    /// <param name="ETag">The entity tag, quoted; null: there is none.</param>
    /// <param name="Continuation">Where the next page of a query begins; null: this is the last.</param>
    /// <param name="Date">The hub's clock; null: it did not say.</param>
    internal sealed record HubAnswer(int Status, string Text, string? Error, string? ETag, string? Continuation, DateTimeOffset? Date)
    {
        /// <summary>Whether the request was done.</summary>
        public bool IsDone => Status is >= 200 and < 300;

        /// <summary>The body as a JSON object.</summary>
        /// <exception cref="Failure">It is none.</exception>
        public JsonObject Object => Read<JsonObject>();

        /// <summary>The body as a list of JSON objects.</summary>
        /// <exception cref="Failure">It is none.</exception>
        public IEnumerable<JsonObject> Objects => Read<JsonArray>().OfType<JsonObject>();

        /// <summary>What the hub says went wrong, from any of the three forms that its errors have.</summary>
        public string Message
        {
            get
            {
                string text = Text;
                for (int depth = 0; depth < 3; depth++)
                {
                    try
                    {
                        if (JsonNode.Parse(text) is not JsonObject json || (json["Message"] ?? json["message"]) is not JsonValue value || !value.TryGetValue(out string? inner))
                        {
                            break;
                        }

                        text = inner;
                    }
                    catch (JsonException)
                    {
                        break;
                    }
                }

                return text.Length > 300 ? text[..300] + "…" : text;
            }
        }

        private T Read<T>()
            where T : JsonNode
        {
            try
            {
                return JsonNode.Parse(Text, null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as T ?? throw new JsonException();
            }
            catch (JsonException)
            {
                throw new Failure(ExitCode.Unreachable, "the answer is not that of an IoT hub. Check HostName in the connection string, and whether a proxy stands in between.");
            }
        }
    }
}
