using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace nanoOta.StandIns
{
    /// <summary>Shared access signatures of IoT Hub.</summary>
    internal static class SharedAccess
    {
        /// <summary>Signs.</summary>
        /// <param name="key">Base64.</param>
        /// <param name="resource">What is accessed.</param>
        /// <param name="expires">Until when, UTC.</param>
        internal static string Sign(string key, string resource, DateTime expires)
        {
            string name = WebUtility.UrlEncode(resource);
            string expiry = new DateTimeOffset(expires, TimeSpan.Zero).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes($"{name}\n{expiry}"));
            return $"SharedAccessSignature sr={name}&sig={WebUtility.UrlEncode(Convert.ToBase64String(signature))}&se={expiry}";
        }
    }
}
