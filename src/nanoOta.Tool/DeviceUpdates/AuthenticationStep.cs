using nanoOta.VirtualDevice;
namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>One of the six steps of authenticating an update manifest, as devices take them.</summary>
    /// <param name="Number">1 to 6.</param>
    /// <param name="Name">What it asks.</param>
    /// <param name="Code">How it came out; <see cref="ResultCode.None"/>: well.</param>
    internal sealed record AuthenticationStep(int Number, string Name, ResultCode Code)
    {
        private static readonly string[] _names =
        [
            "the signature is a compact JWS",
            "its header says RS256 and brings a signing key (sjwk)",
            "a trusted root key has signed the signing key",
            "the signing key is acceptable and not disabled",
            "the signature is the signing key's",
            "the manifest's SHA-256 is the one that was signed",
        ];

        /// <summary>Authenticates with the code that devices run.</summary>
        /// <returns>The steps up to the first that refuses.</returns>
        public static IReadOnlyList<AuthenticationStep> Run(RootKeys roots, byte[] manifest, string signature)
        {
            var authentication = new ManifestAuthentication(HostOptions.Create(), roots, manifest, signature);
            ResultCode code;
            while ((code = authentication.Step()) == ResultCode.Pending)
            {
            }

            return UpTo(authentication.Number, code);
        }

        /// <summary>The steps up to one that came out in this way.</summary>
        public static IReadOnlyList<AuthenticationStep> UpTo(int last, ResultCode code)
        {
            return [.. Enumerable.Range(1, last).Select(number => new AuthenticationStep(number, _names[number - 1], number == last ? code : ResultCode.None))];
        }
    }
}
