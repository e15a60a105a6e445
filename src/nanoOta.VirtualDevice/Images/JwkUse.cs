using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>What a JSON Web Key says that it is for (RFC 7517, 4.2 and 4.3). Devices do not look at it: the tool does before they get the key.</summary>
    public static class JwkUse
    {
        /// <summary>Why a key is not for signatures.</summary>
        /// <returns>The rest of a sentence that begins with the key; null when the key may be used.</returns>
        public static string? Fault(JsonObject jwk)
        {
            if (jwk.TryGetPropertyValue("use", out JsonNode? use) && Text(use) != "sig")
            {
                return $"is not for signatures: its use is {use?.ToJsonString() ?? "null"}, not \"sig\".";
            }

            if (!jwk.TryGetPropertyValue("key_ops", out JsonNode? operations))
            {
                return null;
            }

            // A private key may be kept for signing alone; what devices get of it verifies.
            string?[] allowed = operations is JsonArray list ? [.. list.Select(Text)] : [null];
            bool isGood = !allowed.Contains(null) && allowed.Distinct().Count() == allowed.Length && (allowed.Contains("verify") || (jwk.ContainsKey("d") && allowed.Contains("sign")));
            return isGood ? null : $"is not for signatures: its key_ops are {operations?.ToJsonString() ?? "null"}, without \"verify\".";
        }

        private static string? Text(JsonNode? node)
        {
            return node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? (string?)value : null;
        }
    }
}
