using System.Text;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>What reads what Azure Device Update sends. Forged signatures are for tests with keys; here it is about form.</summary>
    internal static class DeviceUpdateTargets
    {
        private const string Manifest = """
            {"manifestVersion":"5","updateId":{"provider":"Contoso","name":"Washer","version":"1.1"},"compatibility":[{"manufacturer":"Contoso","model":"Washer"}],
            "instructions":{"steps":[{"handler":"nanoota/image:1","files":["f1"],"handlerProperties":{"component":"clr","installedCriteria":"1.1","counter":7}}]},
            "files":{"f1":{"fileName":"washer.bin","sizeInBytes":20000,"hashes":{"sha256":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}}},"createdDateTime":"2026-11-20T12:00:00Z"}
            """;

        private const string Desired = """
            {"deviceUpdate":{"__t":"c","service":{"workflow":{"action":3,"id":"a","retryTimestamp":"2026-11-20T12:00:00Z"},"updateManifest":"{}","updateManifestSignature":"a.b.c",
            "fileUrls":{"f1":"http://files.example/f1"},"rootKeyPackageUrl":"http://files.example/keys"}},"$version":7}
            """;

        // Odd, and of the right length; nobody has its factors.
        private static readonly string _modulus = Base64.EncodeToString([.. Enumerable.Repeat((byte)0xC5, 256)]);
        private static readonly RsaPublicKey _root = RsaPublicKey.Parse($$"""{"kty":"RSA","kid":"a","n":"{{_modulus}}","e":"AQAB"}""");
        private static readonly string _package = $$$"""{"protected":{"version":1,"disabledRootKeys":["b"],"disabledSigningKeys":[{"alg":"SHA256","hash":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"}],"rootKeys":{"a":{"keyType":"RSA","n":"{{{_modulus}}}","e":65537}{{{"}}"}}},"signatures":[{"alg":"RS256","sig":"{{{_modulus}}}"}]}""";
        private static readonly string _sjwk = $"{Text("""{"alg":"RS256","kid":"a"}""")}.{Text("{}")}.{_modulus}";
        private static readonly string _signature = $"{Text($$"""{"alg":"RS256","sjwk":"{{_sjwk}}"}""")}.{Text("{}")}.{_modulus}";
        private static readonly UpdateAgentOptions _agent = HostOptions.Create();
        private static readonly DeviceUpdateOptions _options = new() { Manufacturer = "Contoso", Model = "Washer" };
        private static readonly DeviceUpdateRequest _request = Request(Encoding.UTF8.GetBytes(Desired));

        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("du-request", 100, Bytes(Desired), input => Request(input).UrlOf("f1")),
            new("du-manifest", 150, Bytes(Manifest), input =>
            {
                ResultCode code = DeviceUpdateManifest.Read(input, _request, _options, out DeviceUpdateManifest manifest);
                Require(code != ResultCode.None || manifest.Update.Components.All(c => c.Size > 0 && c.Sha256.Length == Sha256.DigestLength && c.Urls.Length == 1), "a component is not whole");
                Require(code != ResultCode.None || (manifest.Update.Provider == "Contoso" && manifest.Update.Name == "Washer"), "another product's update");
            }),
            new("du-signature", 100, Bytes(_signature), input =>
            {
                // Up to the arithmetic, which takes as long for every input.
                var authentication = new ManifestAuthentication(_agent, new RootKeys([_root]), [], Encoding.Latin1.GetString(input));
                ResultCode code = ResultCode.Pending;
                for (int step = 0; step < 3 && code == ResultCode.Pending; step++)
                {
                    code = authentication.Step();
                }

                Require(code != ResultCode.None && authentication.Number <= 3, "accepted without a look at the signature");
            }),
            new("du-rootkeys", 100, Bytes(_package), input =>
            {
                var roots = new RootKeyPackages(_agent, [_root], new NoStore(), null);
                Require(roots.Begin(input, input.Length) != ResultCode.None && roots.Version == 0, "followed without a look at the signature");
            }),
        ];

        private static DeviceUpdateRequest Request(byte[] input)
        {
            var json = new JsonReader(input, 0, input.Length, 12, 256);
            json.Read();
            return DeviceUpdateRequest.Read(new JsonValues(json, DeviceUpdateRequest.Paths));
        }

        private static string Text(string text)
        {
            return Base64.EncodeToString(Encoding.UTF8.GetBytes(text));
        }

        private static byte[][] Bytes(params string[] texts)
        {
            return [.. texts.Select(Encoding.UTF8.GetBytes)];
        }

        private sealed class NoStore : IKeyStore
        {
            public byte[]? Read()
            {
                return null;
            }

            public bool Write(byte[] document, int length)
            {
                return false;
            }
        }

        private static void Require(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new FuzzException(otherwise);
            }
        }
    }
}
