using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tests.Signing;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>The manifest's signature: the published vectors with their verdicts, own keys, and what must be refused, each in its step.</summary>
    public sealed class AuthenticationTests
    {
        private const string Manifest = """{"manifestVersion":"5","updateId":{"provider":"Contoso","name":"Washer","version":"1.1"}}""";

        [Theory]
        [InlineData("adu-freertos-valid-manifest-v4.json", "adu-freertos-valid-manifest.jws", ResultCode.None, 6)]
        [InlineData("adu-freertos-tampered-manifest.json", "adu-freertos-valid-manifest.jws", ResultCode.HashMismatch, 6)]
        [InlineData("adu-freertos-valid-manifest-v4.json", "adu-freertos-wrongsha.jws", ResultCode.SignatureInvalid, 5)]
        public void Each_vector_gets_the_verdict_given_with_the_production_keys(string manifest, string signature, ResultCode code, int step)
        {
            Assert.Equal((code, step), Service.Authenticate(new RootKeys(null), Vector(manifest), Vector(signature)));
        }

        [Fact]
        public void The_published_request_is_refused_although_its_signatures_hold_because_names_were_changed_after_signing()
        {
            JsonNode service = JsonNode.Parse(Vector("adu-freertos-desired-deviceUpdate-v5.json"))!["service"]!;
            Assert.Equal((ResultCode.HashMismatch, 6), Service.Authenticate(new RootKeys(null), (string)service["updateManifest"]!, (string)service["updateManifestSignature"]!));
        }

        [Fact]
        public void The_production_keys_built_in_are_the_published_ones()
        {
            JsonObject keys = JsonNode.Parse(Vector("adu-root-keys-prod.json"))!.AsObject();
            var roots = new RootKeys(null);
            Assert.Equal(2, keys.Count);
            foreach ((string id, JsonNode? key) in keys)
            {
                RsaPublicKey root = roots.Find(id);
                Assert.Equal((string?)key!["nHex"], "00" + Convert.ToHexStringLower(root.Modulus));
                Assert.Equal(65537u, root.Exponent);
            }
        }

        [Fact]
        public void A_chain_of_own_keys_is_accepted_with_the_signing_key_in_either_alphabet_of_base64()
        {
            Assert.Equal((ResultCode.None, 6), Service.Authenticate(Service.Roots(), Manifest, Service.Sign(Manifest)));
            Assert.Equal((ResultCode.None, 6), Service.Authenticate(Service.Roots(), Manifest, Service.Sign(Manifest, Service.Root.Jws(Service.Signing.Jwk), Service.Signing)));
            Assert.Equal((ResultCode.None, 6), Service.Authenticate(Service.Roots(), Manifest, Service.Sign(Manifest, root: Service.OtherRoot)));
        }

        [Fact]
        public void A_signing_key_is_not_kept_each_manifest_brings_its_own_chain()
        {
            RootKeys roots = Service.Roots();
            Assert.Equal(ResultCode.None, Service.Authenticate(roots, Manifest, Service.Sign(Manifest)).Code);
            string unsigned = Service.Sign(Manifest, Service.Signing.Jws(Service.StandardJwk(Service.Signing), """{"alg":"RS256","kid":"TEST.1.R"}"""), Service.Signing);
            Assert.Equal((ResultCode.SignatureInvalid, 3), Service.Authenticate(roots, Manifest, unsigned));
        }

        [Theory]
        [InlineData(null, ResultCode.SignatureMissing, 1)]
        [InlineData("", ResultCode.SignatureMissing, 1)]
        [InlineData("a.b", ResultCode.SignatureMalformed, 1)]
        [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AA.AA", ResultCode.SignatureMalformed, 1)]
        [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AA", ResultCode.SignatureMalformed, 2)]
        [InlineData("eyJhbGciOiJub25lIn0.e30.AA", ResultCode.AlgorithmRefused, 2)]
        [InlineData("eyJhbGciOiJSUzI1NiIsInNqd2siOjF9.e30.AA", ResultCode.SignatureMalformed, 3)]
        public void What_is_no_signature_is_refused_in_the_first_steps(string? signature, ResultCode code, int step)
        {
            Assert.Equal((code, step), Service.Authenticate(Service.Roots(), Manifest, signature));
        }

        [Theory]
        [InlineData("""{"alg":"RS256","kid":"ADU.200702.R"}""", ResultCode.KeyUnknown)]
        [InlineData("""{"alg":"RS256"}""", ResultCode.KeyUnknown)]
        [InlineData("""{"alg":"RS384","kid":"TEST.1.R"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"HS256","kid":"TEST.1.R"}""", ResultCode.AlgorithmRefused)]
        [InlineData("""{"alg":"RS256","kid":"TEST.1.R","crit":["x"]}""", ResultCode.CriticalHeader)]
        [InlineData("""{"alg":"RS256","kid":"TEST.2.R"}""", ResultCode.SignatureInvalid)]
        public void A_signing_key_whose_header_is_wrong_is_refused_in_step_3(string header, ResultCode code)
        {
            string sjwk = Service.Root.Jws(Service.StandardJwk(Service.Signing), header);
            Assert.Equal((code, 3), Service.Authenticate(Service.Roots(), Manifest, Service.Sign(Manifest, sjwk, Service.Signing)));
        }

        [Theory]
        [InlineData("""{"kty":"RSA","n":"N","e":"AQAC","alg":"RS256","kid":"k"}""")]
        [InlineData("""{"kty":"RSA","n":"N","e":"AQ==","alg":"RS256","kid":"k"}""")]
        [InlineData("""{"kty":"RSA","n":"N","e":"","alg":"RS256","kid":"k"}""")]
        [InlineData("""{"kty":"EC","n":"N","e":"AQAB","alg":"RS256","kid":"k"}""")]
        [InlineData("""{"kty":"RSA","n":"N","e":"AQAB","alg":"PS256","kid":"k"}""")]
        [InlineData("""{"kty":"RSA","n":"N=","e":"AQAB","alg":"RS256","kid":"k"}""")]
        [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB","alg":"RS256","kid":"k"}""")]
        [InlineData("""{"kty":"RSA","e":"AQAB","alg":"RS256","kid":"k"}""")]
        [InlineData("""{"kty":"RSA","n":"N","e":"AQAB","alg":"RS256"}""")]
        [InlineData("""{"kty":"RSA","n":"N","e":"AQAB","alg":"RS256","kid":"k"} {}""")]
        [InlineData("[]")]
        public void A_signing_key_that_is_no_acceptable_key_is_refused_in_step_4_though_a_root_key_signed_it(string jwk)
        {
            string sjwk = Service.Root.Jws(jwk.Replace("\"N", "\"" + TestKey.Text(Service.Signing.Modulus)));
            Assert.Equal((ResultCode.KeyUnknown, 4), Service.Authenticate(Service.Roots(), Manifest, Service.Sign(Manifest, sjwk, Service.Signing)));
        }

        [Theory]
        [InlineData("""{"sha256":"HASH"}""", ResultCode.None)]
        [InlineData("""{"sha256":"HASH"} x""", ResultCode.HashMismatch)]
        [InlineData("""{"sha256":"HEX"}""", ResultCode.HashMismatch)]
        [InlineData("""{"sha256":null}""", ResultCode.HashMismatch)]
        [InlineData("""{"sha1":"HASH"}""", ResultCode.HashMismatch)]
        [InlineData("""{}""", ResultCode.HashMismatch)]
        [InlineData("HASH", ResultCode.HashMismatch)]
        public void A_payload_that_does_not_give_the_hash_is_refused_in_step_6(string payload, ResultCode code)
        {
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Manifest));
            payload = payload.Replace("HASH", Convert.ToBase64String(hash)).Replace("HEX", Convert.ToHexStringLower(hash));
            string sjwk = Service.Root.Jws(Service.StandardJwk(Service.Signing));
            string signature = Service.Signing.Jws(payload, $$"""{"alg":"RS256","sjwk":"{{sjwk}}"}""");
            Assert.Equal((code, 6), Service.Authenticate(Service.Roots(), Manifest, signature));
        }

        [Fact]
        public void Every_change_of_one_character_of_a_signature_or_a_manifest_is_refused()
        {
            string signature = Service.Sign(Manifest);
            RootKeys roots = Service.Roots();
            var random = new Random(5);
            for (int at = 0; at < signature.Length; at++)
            {
                char[] changed = signature.ToCharArray();
                changed[at] = "ABCDwxyz0189-_.=+/"[random.Next(18)];
                string text = new(changed);
                Assert.True(text == signature || Service.Authenticate(roots, Manifest, text).Code != ResultCode.None, $"accepted with {changed[at]} at {at}");
            }

            for (int round = 0; round < 400; round++)
            {
                int at = random.Next(Manifest.Length);
                string text = round % 3 == 0 ? Manifest.Remove(at, 1) : round % 3 == 1 ? Manifest.Insert(at, " ")
                    : Manifest[..at] + (char)(Manifest[at] ^ 1) + Manifest[(at + 1)..];
                Assert.Equal((ResultCode.HashMismatch, 6), Service.Authenticate(roots, text, signature));
                string cut = signature.Remove(random.Next(signature.Length), 1);
                Assert.True(Service.Authenticate(roots, Manifest, cut).Code != ResultCode.None);
            }
        }

        [Fact]
        public void What_openssl_signs_with_new_keys_is_accepted_and_what_it_signs_for_another_manifest_is_not()
        {
            string folder = Directory.CreateTempSubdirectory().FullName;
            try
            {
                (RsaPublicKey root, Func<string, string> signRoot) = OpenSsl(folder, "root", 3072);
                (RsaPublicKey signing, Func<string, string> sign) = OpenSsl(folder, "signing", 3072);
                var roots = new RootKeys([root]);
                string jwk = $$"""{"kty":"RSA","n":"{{Convert.ToBase64String(signing.Modulus)}}","e":"AQAB","alg":"RS256","kid":"signing"}""";
                string sjwk = signRoot($"{Part("""{"alg":"RS256","kid":"root"}""")}.{Part(jwk)}");
                string Whole(string manifest) => sign($"{Part($$"""{"alg":"RS256","sjwk":"{{sjwk}}"}""")}.{Part($$"""{"sha256":"{{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)))}}"}""")}");
                Assert.Equal((ResultCode.None, 6), Service.Authenticate(roots, Manifest, Whole(Manifest)));
                Assert.Equal((ResultCode.HashMismatch, 6), Service.Authenticate(roots, Manifest, Whole(Manifest + " ")));
                Assert.Equal((ResultCode.SignatureInvalid, 5), Service.Authenticate(roots, Manifest, Whole(Manifest)[..^512] + signRoot("x")[2..]));
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }

        private static string Part(string text) => TestKey.Text(Encoding.UTF8.GetBytes(text));

        private static string Vector(string name) => File.ReadAllText(TestFiles.PathOf("adu", name));

        private static (RsaPublicKey Key, Func<string, string> Sign) OpenSsl(string folder, string name, int bits)
        {
            string pem = Path.Combine(folder, name + ".pem");
            Run("genpkey", "-algorithm", "RSA", "-pkeyopt", $"rsa_keygen_bits:{bits}", "-out", pem);
            using RSA rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(pem));
            RSAParameters key = rsa.ExportParameters(false);
            return (RsaPublicKey.Create(name, key.Modulus, key.Exponent), text =>
            {
                string file = Path.Combine(folder, name + ".txt");
                File.WriteAllText(file, text);
                Run("dgst", "-sha256", "-sign", pem, "-out", file + ".sig", file);
                return $"{text}.{TestKey.Text(File.ReadAllBytes(file + ".sig"))}";
            });
        }

        private static void Run(params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error);
        }
    }
}
