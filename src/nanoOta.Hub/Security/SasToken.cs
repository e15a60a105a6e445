using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace nanoOta.Hub
{
    /// <summary>A shared access signature: of a policy of the hub, or of a device.</summary>
    /// <param name="Resource">What is accessed, decoded: a host, or host/devices/id.</param>
    /// <param name="SignedText">What the signature is of.</param>
    /// <param name="Signature">Base64.</param>
    /// <param name="Expires">Until when, UTC.</param>
    /// <param name="Policy">The policy whose key signed; null: a device's key.</param>
    public sealed record SasToken(string Resource, string SignedText, string Signature, DateTime Expires, string? Policy)
    {
        private const string Prefix = "SharedAccessSignature ";

        /// <summary>Makes one.</summary>
        /// <param name="resource">The host name, with port if it has one; for a device followed by /devices/id.</param>
        /// <param name="key">Base64.</param>
        /// <param name="expires">Until when, UTC.</param>
        /// <param name="policy">The policy; null for a device's own key.</param>
        public static string Sign(string resource, string key, DateTime expires, string? policy)
        {
            string name = WebUtility.UrlEncode(resource);
            string expiry = new DateTimeOffset(expires, TimeSpan.Zero).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            string signature = Hash(key, $"{name}\n{expiry}");
            return $"{Prefix}sr={name}&sig={WebUtility.UrlEncode(signature)}&se={expiry}" + (policy == null ? "" : $"&skn={policy}");
        }

        /// <summary>Reads one, its fields in any order.</summary>
        /// <returns>Null when it is none.</returns>
        public static SasToken? Read(string? text)
        {
            if (text?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            {
                return null;
            }

            var fields = new Dictionary<string, string>();
            foreach (string field in text[Prefix.Length..].Split('&'))
            {
                string[] pair = field.Split('=', 2);
                if (pair.Length != 2 || !fields.TryAdd(pair[0], pair[1]))
                {
                    return null;
                }
            }

            return fields.TryGetValue("sr", out string? resource) && fields.TryGetValue("sig", out string? signature)
                && fields.TryGetValue("se", out string? expiry)
                && long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= 253402300799
                ? new SasToken(WebUtility.UrlDecode(resource), $"{resource}\n{expiry}", WebUtility.UrlDecode(signature),
                    DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime, fields.TryGetValue("skn", out string? policy) ? WebUtility.UrlDecode(policy) : null)
                : null;
        }

        /// <summary>Whether a key made the signature.</summary>
        public bool IsBy(string key)
        {
            return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(key, SignedText)), Encoding.ASCII.GetBytes(Signature));
        }

        private static string Hash(string key, string text)
        {
            return Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
        }
    }
}
