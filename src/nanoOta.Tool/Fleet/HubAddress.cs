using System.Security.Cryptography;
using System.Text;

namespace nanoOta.Tool.Fleet
{
    /// <summary>A hub and what the tool signs in with: a service's connection string. Holds a secret.</summary>
    /// <param name="Host">The host name, without a port: what signatures are about.</param>
    /// <param name="Root">The URL that paths follow.</param>
    /// <param name="Policy">The policy's name.</param>
    /// <param name="Key">The policy's key.</param>
    internal sealed record HubAddress(string Host, Uri Root, string Policy, byte[] Key)
    {
        private static readonly TimeSpan _life = TimeSpan.FromMinutes(20);

        /// <summary>Reads a connection string. Over http only when it says so by DefaultEndpointsProtocol=http, which a local hub's does.</summary>
        /// <exception cref="Failure">It is none; no message repeats it.</exception>
        public static HubAddress Parse(string text)
        {
            var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                int at = part.IndexOf('=');
                parts[at < 0 ? part : part[..at]] = at < 0 ? "" : part[(at + 1)..];
            }

            foreach (string name in new[] { "HostName", "SharedAccessKeyName", "SharedAccessKey" })
            {
                if (parts.GetValueOrDefault(name, "").Length == 0)
                {
                    throw new Failure(ExitCode.Usage, parts.ContainsKey("DeviceId")
                        ? "the hub's connection string is a device's. The tool needs a service's: Azure portal, IoT Hub, Shared access policies, 'service'."
                        : $"the hub's connection string has no {name}. It looks like HostName=…;SharedAccessKeyName=service;SharedAccessKey=…");
                }
            }

            string scheme = parts.GetValueOrDefault("DefaultEndpointsProtocol", "https");
            byte[] key = new byte[parts["SharedAccessKey"].Length];
            if (!Convert.TryFromBase64String(parts["SharedAccessKey"], key, out int length))
            {
                throw new Failure(ExitCode.Usage, "the key in the hub's connection string is not whole: it is no base64.");
            }

            return scheme is "http" or "https" && Uri.TryCreate($"{scheme}://{parts["HostName"]}/", UriKind.Absolute, out Uri? root)
                ? new HubAddress(root.Host, root, parts["SharedAccessKeyName"], key[..length])
                : throw new Failure(ExitCode.Usage, $"'{parts["HostName"]}' in the hub's connection string is no host name.");
        }

        /// <summary>The value of an Authorization header.</summary>
        public string Authorize(DateTimeOffset now)
        {
            string resource = Uri.EscapeDataString(Host);
            long expiry = now.Add(_life).ToUnixTimeSeconds();
            string signature = Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{resource}\n{expiry}")));
            return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(signature)}&se={expiry}&skn={Uri.EscapeDataString(Policy)}";
        }

        /// <summary>The host: what a record prints would hold the key.</summary>
        public override string ToString() => Root.Authority;
    }
}
