extern alias StandIns;

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>Checks what a device shows to prove who it is.</summary>
    internal static class HubToken
    {
        /// <summary>Until when it proves that, for a resource; never for a certificate, which is not looked at here; null when it proves nothing.</summary>
        internal static DateTime? Expiry(MqttConnect connect, string resource, string? key)
        {
            if (key is null)
            {
                return connect is { HasCertificate: true, Password: null } ? DateTime.MaxValue : null;
            }

            const string Prefix = "SharedAccessSignature ";
            if (connect.Password?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            {
                return null;
            }

            Dictionary<string, string> fields = connect.Password[Prefix.Length..].Split('&')
                .Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field.ElementAtOrDefault(1) ?? "");
            string signed = fields.GetValueOrDefault("sr", "");
            string expiry = fields.GetValueOrDefault("se", "");
            byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes($"{signed}\n{expiry}"));
            bool isGenuine = WebUtility.UrlDecode(fields.GetValueOrDefault("sig", "")) == Convert.ToBase64String(signature)
                && WebUtility.UrlDecode(signed) == resource;
            return isGenuine && long.TryParse(expiry, CultureInfo.InvariantCulture, out long seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime
                : null;
        }
    }
}
