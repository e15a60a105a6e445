using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.Tests.Signing;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>What signs in Azure Device Update, with keys of its own: root, signing key, manifest.</summary>
    internal static class Service
    {
        public static TestKey Root { get; } = TestKey.Of("TEST.1.R");

        public static TestKey OtherRoot { get; } = TestKey.Of("TEST.2.R");

        public static TestKey Signing { get; } = TestKey.Of("TEST.3.S");

        public static RootKeys Roots() => new([Root.Public, OtherRoot.Public]);

        public static RootKeyPackages Roots(IKeyStore store, IImageSource? source = null) => new(HostOptions.Create(), [Root.Public, OtherRoot.Public], store, source);

        public static string StandardJwk(TestKey key)
        {
            return $$"""{"kty":"RSA","n":"{{Convert.ToBase64String(key.Modulus)}}","e":"AQAB","alg":"RS256","kid":"{{key.Id}}"}""";
        }

        public static string Sign(string manifest, TestKey? root = null, TestKey? signing = null)
        {
            root ??= Root;
            signing ??= Signing;
            return Sign(manifest, root.Jws(StandardJwk(signing)), signing);
        }

        public static string Sign(string manifest, string sjwk, TestKey signing)
        {
            string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));
            return signing.Jws($$"""{"sha256":"{{hash}}"}""", $$"""{"alg":"RS256","sjwk":"{{sjwk}}"}""");
        }

        public static (ResultCode Code, int Step) Authenticate(RootKeys roots, string manifest, string? signature)
        {
            var authentication = new ManifestAuthentication(HostOptions.Create(), roots, Encoding.UTF8.GetBytes(manifest), signature!);
            ResultCode code;
            for (int steps = 0; (code = authentication.Step()) == ResultCode.Pending; steps++)
            {
                Assert.InRange(steps, 0, 100);
            }

            return (code, authentication.Number);
        }

        /// <summary>A root-key package, each key's signature in its place; so many zeros lead each modulus.</summary>
        public static string Package(int version, TestKey[] keys, string more = "", TestKey[]? signers = null, int leading = 0)
        {
            string roots = string.Join(",", keys.Select(key => $"\"{key.Id}\":{{\"keyType\":\"RSA\",\"n\":\"{TestKey.Text([.. new byte[leading], .. key.Modulus])}\",\"e\":65537}}"));
            string none = more.Contains("disabledRootKeys") ? "" : "\"disabledRootKeys\":[],";
            string content = $"{{\"version\":{version},\"published\":1675972876,{none}{more}\"rootKeys\":{{{roots}}}}}";
            string signatures = string.Join(",", (signers ?? keys).Select(key => $$"""{"alg":"RS256","sig":"{{TestKey.Text(key.Sign(Encoding.UTF8.GetBytes(content)))}}"}"""));
            return $$"""{"protected":{{content}},"signatures":[{{signatures}}]}""";
        }

        public static ResultCode Follow(RootKeyPackages roots, string package)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(package);
            ResultCode code = roots.Begin(bytes, bytes.Length);
            while (code == ResultCode.Pending)
            {
                code = roots.Verify();
            }

            return code;
        }

        /// <summary>The hash by which a package disables a signing key, by .NET's own encoder.</summary>
        public static string HashOf(TestKey key)
        {
            using RSA rsa = RSA.Create(new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent });
            return TestKey.Text(SHA256.HashData(rsa.ExportRSAPublicKey()));
        }

        public static string Indented(string json)
        {
            return JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        }
    }
}
