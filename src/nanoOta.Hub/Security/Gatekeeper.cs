using System.Security.Cryptography;

namespace nanoOta.Hub
{
    /// <summary>Checks shared access signatures against the keys of policies and devices.</summary>
    internal sealed class Gatekeeper(IReadOnlyList<string> hostNames, HubClock clock)
    {
        private readonly Dictionary<string, string> _keys = Policies.All.Keys.ToDictionary(name => name, _ => NewKey());

        /// <summary>The key of each policy, base64.</summary>
        public IReadOnlyDictionary<string, string> Keys => _keys;

        /// <summary>A new key, base64 of 32 random bytes.</summary>
        public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        /// <summary>Sets the key that a policy had when the state was saved.</summary>
        public void Restore(string policy, string key) => _keys[policy] = key;

        /// <summary>What a request may do.</summary>
        /// <param name="authorization">The header; null: there is none.</param>
        /// <exception cref="HubError">It proves nothing, or is expired.</exception>
        public Right Rights(string? authorization)
        {
            return SasToken.Read(authorization) is { Policy: { } policy } token && _keys.TryGetValue(policy, out string? key)
                && IsHost(token.Resource) && token.IsBy(key) && token.Expires > clock.Real
                ? Policies.All[policy]
                : throw HubError.Unauthorized();
        }

        /// <summary>Until when a device may be connected, as its password says.</summary>
        /// <param name="password">The password of CONNECT.</param>
        /// <param name="deviceId">The device.</param>
        /// <param name="keys">Its keys.</param>
        /// <returns>Null when the password proves nothing or is expired.</returns>
        public DateTime? DeviceExpiry(string? password, string deviceId, params string[] keys)
        {
            if (SasToken.Read(password) is not { } token || token.Expires <= clock.Real)
            {
                return null;
            }

            string[] parts = token.Resource.Split("/devices/", 2);
            bool covers = IsHost(parts[0]) && (parts.Length == 1 ? token.Policy != null : parts[1] == deviceId);
            bool isGenuine = token.Policy == null ? keys.Any(token.IsBy)
                : Policies.All.TryGetValue(token.Policy, out Right right) && right.HasFlag(Right.DeviceConnect) && token.IsBy(_keys[token.Policy]);
            return covers && isGenuine ? token.Expires : null;
        }

        /// <summary>Whether a host name, with or without a port, is the hub's.</summary>
        public bool IsHost(string name) => hostNames.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase);
    }
}
