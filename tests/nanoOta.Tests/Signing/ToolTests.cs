using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Signing
{
    /// <summary>keygen, sign and verify. openssl is asked where it is there, .NET always.</summary>
    public sealed class ToolTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("release.pem", 2048)]
        [InlineData("release.jwk", 2048)]
        [InlineData("release.pem", 3072)]
        [InlineData("release.pem", 4096)]
        public void A_made_key_signs_what_its_public_halves_verify(string name, int bits)
        {
            string key = Keygen(name, "--bits", $"{bits}", "--kid", "release");
            string jws = Sign(key, "--kid", "release");
            foreach (string other in new[] { key, PathOf("release.pub.pem"), PathOf("release.pub.jwk") })
            {
                ToolResult result = ToolResult.Of("verify", jws, "--key", other, "--kid", "release", "--json");
                Assert.Equal((0, true, "manifest", "release"), (result.ExitCode, (bool)result.Last["accepted"]!, (string)result.Last["kind"]!, (string)result.Last["kid"]!));
            }

            using RSA rsa = RSA.Create();
            rsa.ImportFromPem(File.ReadAllText(PathOf("release.pub.pem")));
            string[] parts = File.ReadAllText(jws).Split('.');
            byte[] signature = System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]);
            byte[] signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
            Assert.Equal(bits, rsa.KeySize);
            Assert.True(rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            Assert.Equal("""{"alg":"RS256","kid":"release"}""", Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0])));
            File.WriteAllBytes(PathOf("signed"), signed);
            File.WriteAllBytes(PathOf("signature"), signature);
            if (HasOpenssl)
            {
                Assert.Equal("Verified OK", Openssl("dgst", "-sha256", "-verify", PathOf("release.pub.pem"), "-signature", PathOf("signature"), PathOf("signed")));
            }
        }

        [Theory]
        [InlineData("tc353", "use is \"enc\"")]
        [InlineData("tc355", "key_ops are [\"encrypt\"]")]
        public void A_key_of_Wycheproof_that_is_for_encryption_verifies_nothing(string name, string reason)
        {
            ToolResult result = ToolResult.Of("verify", TestFiles.PathOf("jwk", name + ".jws"), "--key", TestFiles.PathOf("jwk", name + ".jwk"));
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(reason, result.Error);
        }

        [Theory]
        [InlineData("", "", 0, 0)]
        [InlineData("\"use\":\"sig\",", "\"use\":\"sig\",", 0, 0)]
        [InlineData("\"key_ops\":[\"sign\"],", "\"key_ops\":[\"verify\"],", 0, 0)]
        [InlineData("\"key_ops\":[\"sign\",\"verify\"],\"use\":\"sig\",", "\"key_ops\":[\"verify\",\"wrapKey\"],", 0, 0)]
        [InlineData("\"use\":\"enc\",", "\"use\":\"enc\",", 2, 2)]
        [InlineData("\"use\":\"SIG\",", "\"use\":\"SIG\",", 2, 2)]
        [InlineData("\"use\":5,", "\"use\":[\"sig\"],", 2, 2)]
        [InlineData("\"key_ops\":[],", "\"key_ops\":[],", 2, 2)]
        [InlineData("\"key_ops\":[\"decrypt\"],", "\"key_ops\":[\"sign\"],", 2, 2)]
        [InlineData("\"key_ops\":\"sign\",", "\"key_ops\":\"verify\",", 2, 2)]
        [InlineData("\"key_ops\":[\"sign\",\"sign\"],", "\"key_ops\":[\"verify\",\"verify\"],", 2, 2)]
        [InlineData("\"key_ops\":[\"sign\",1],", "\"key_ops\":[\"verify\",null],", 2, 2)]
        [InlineData("\"key_ops\":null,", "\"key_ops\":null,", 2, 2)]
        public void A_key_signs_and_verifies_only_what_it_says_that_it_is_for(string secret, string open, int signs, int verifies)
        {
            string key = Keygen("k.jwk", "--bits", "2048");
            string jws = Sign(key);
            string privateKey = _workshop.Write("p.jwk", File.ReadAllText(key).Insert(1, secret));
            string publicKey = _workshop.Write("q.jwk", File.ReadAllText(PathOf("k.pub.jwk")).Insert(1, open));
            Assert.Equal(signs, ToolResult.Of("sign", _workshop.Write("m.json", Manifest), "--key", privateKey, "--out", PathOf("m.jws")).ExitCode);
            Assert.Equal(verifies, ToolResult.Of("verify", jws, "--key", publicKey).ExitCode);
        }

        [Fact]
        public void A_list_of_keys_that_holds_one_for_encryption_is_not_signed()
        {
            string key = Keygen("k.jwk", "--bits", "2048", "--kid", "k");
            string list = $$"""{"version":1,"keys":[{{File.ReadAllText(PathOf("k.pub.jwk")).Trim().Insert(1, "\"use\":\"enc\",")}}]}""";
            ToolResult result = ToolResult.Of("sign", _workshop.Write("keys.json", list), "--key", key, "--out", PathOf("keys.jws"));
            Assert.Equal(4, result.ExitCode);
            Assert.Contains("the key 'k' is not for signatures", result.Error);
        }

        [Fact]
        public void A_byte_order_mark_before_a_key_or_a_manifest_is_passed_over()
        {
            string key = Keygen("k.jwk", "--bits", "2048");
            string marked = _workshop.Write("p.jwk", "\uFEFF" + File.ReadAllText(key));
            string manifest = _workshop.Write("m.json", "\uFEFF" + Manifest);
            Assert.Equal(0, ToolResult.Of("sign", manifest, "--key", marked, "--out", PathOf("m.jws")).ExitCode);
            Assert.Equal(0, ToolResult.Of("verify", PathOf("m.jws"), "--key", _workshop.Write("q.jwk", "\uFEFF" + File.ReadAllText(PathOf("k.pub.jwk")))).ExitCode);
            Assert.Equal(Manifest, Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(File.ReadAllText(PathOf("m.jws")).Split('.')[1])));
        }

        [Fact]
        public void A_signed_file_with_a_byte_order_mark_is_not_accepted_and_said_to_have_one()
        {
            string key = Keygen("k.jwk", "--bits", "2048");
            string marked = _workshop.Write("marked.jws", "\uFEFF" + File.ReadAllText(Sign(key)));
            ToolResult result = ToolResult.Of("verify", marked, "--key", key);
            Assert.Equal(4, result.ExitCode);
            Assert.Contains("begins with a byte order mark", result.Output);
        }

        [Theory]
        [InlineData("a.pem")]
        [InlineData("a.jwk")]
        public void A_key_keeps_the_id_that_it_was_made_with(string name)
        {
            string key = Keygen(name, "--bits", "2048", "--kid", "release-2026");
            string jws = Sign(key);
            Assert.All([key, PathOf("a.pub.pem"), PathOf("a.pub.jwk")], k => Assert.Equal((0, "release-2026"), (ToolResult.Of("verify", jws, "--key", k).ExitCode, (string?)ToolResult.Of("verify", jws, "--key", k, "--json").Last["kid"])));
            if (HasOpenssl)
            {
                Assert.Contains("BEGIN PUBLIC KEY", Openssl("pkey", "-pubin", "-in", PathOf("a.pub.pem")));
            }
        }

        [Fact]
        public void The_public_json_web_key_is_what_a_device_takes_and_the_id_is_the_thumbprint_unless_given()
        {
            Keygen("a.pem", "--bits", "2048");
            string jwk = File.ReadAllText(PathOf("a.pub.jwk"));
            RsaPublicKey key = RsaPublicKey.Parse(jwk.TrimEnd())!;
            JsonNode parsed = JsonNode.Parse(jwk)!;
            byte[] canonical = Encoding.UTF8.GetBytes($$"""{"e":"{{parsed["e"]}}","kty":"RSA","n":"{{parsed["n"]}}"}""");
            Assert.Equal(TestKey.Text(SHA256.HashData(canonical)), key.Id);
            Assert.Equal(["kty", "kid", "alg", "n", "e"], parsed.AsObject().Select(member => member.Key));
        }

        [Fact]
        public void A_key_is_converted_between_pem_and_json_web_key_and_stays_the_same()
        {
            string pem = Keygen("a.pem", "--bits", "2048", "--kid", "a");
            string jwk = Keygen("b.jwk", "--from", pem, "--kid", "a");
            string back = Keygen("c.pem", "--from", jwk);
            Assert.Equal(File.ReadAllText(pem), File.ReadAllText(back));
            Assert.Equal(File.ReadAllText(PathOf("a.pub.jwk")), File.ReadAllText(PathOf("c.pub.jwk")));
            Assert.Equal(File.ReadAllText(PathOf("a.pub.pem")), File.ReadAllText(PathOf("b.pub.pem")));
            Assert.Equal(0, ToolResult.Of("verify", Sign(jwk), "--key", pem, "--kid", "a").ExitCode);
        }

        [Fact]
        public void From_a_public_key_only_the_public_forms_are_written()
        {
            Keygen("a.pem", "--bits", "2048");
            ToolResult result = ToolResult.Of("keygen", "--from", PathOf("a.pub.pem"), "--out", PathOf("b.pem"), "--json");
            Assert.Equal(0, result.ExitCode);
            Assert.Null(result.Last["private"]);
            Assert.False(File.Exists(PathOf("b.pem")));
            Assert.Equal(File.ReadAllText(PathOf("a.pub.jwk")), File.ReadAllText(PathOf("b.pub.jwk")));
        }

        [Fact]
        public void Keys_in_openssl_s_forms_are_read_and_its_signatures_accepted()
        {
            // PKCS #8 and SubjectPublicKeyInfo, and the older PKCS #1 forms; by openssl itself where it is there.
            using RSA rsa = RSA.Create(2048);
            (string Name, string Text)[] forms =
            [
                ("pkcs8.pem", rsa.ExportPkcs8PrivateKeyPem()), ("pkcs1.pem", rsa.ExportRSAPrivateKeyPem()),
                ("spki.pem", rsa.ExportSubjectPublicKeyInfoPem()), ("rsapub.pem", rsa.ExportRSAPublicKeyPem()),
            ];
            foreach ((string name, string text) in forms)
            {
                _workshop.Write(name, text);
            }

            if (HasOpenssl)
            {
                Openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", PathOf("pkcs8.pem"));
                Openssl("rsa", "-in", PathOf("pkcs8.pem"), "-traditional", "-out", PathOf("pkcs1.pem"));
                Openssl("rsa", "-in", PathOf("pkcs8.pem"), "-pubout", "-out", PathOf("spki.pem"));
                Openssl("rsa", "-in", PathOf("pkcs8.pem"), "-RSAPublicKey_out", "-out", PathOf("rsapub.pem"));
            }

            foreach (string signer in new[] { "pkcs8.pem", "pkcs1.pem" })
            {
                string jws = Sign(PathOf(signer));
                Assert.All(forms, form => Assert.Equal(0, ToolResult.Of("verify", jws, "--key", PathOf(form.Name)).ExitCode));
            }
        }

        [Fact]
        public void Keys_and_signatures_freshly_made_by_openssl_agree_with_the_device_s_code()
        {
            var random = new Random(3);
            for (int i = 0; i < 6; i++)
            {
                string header = $$"""{"alg":"RS256","kid":"k{{i}}"}""";
                string signed = $"{TestKey.Text(Encoding.UTF8.GetBytes(header))}.{TestKey.Text(Encoding.UTF8.GetBytes(Manifest))}";
                string message = _workshop.Write("signed", signed);
                string key = PathOf($"k{i}.pem");
                if (HasOpenssl)
                {
                    Openssl("genrsa", "-out", key, "2048");
                    Openssl("dgst", "-sha256", "-sign", key, "-out", PathOf("signature"), message);
                }
                else
                {
                    using RSA rsa = RSA.Create(2048);
                    File.WriteAllText(key, rsa.ExportPkcs8PrivateKeyPem());
                    File.WriteAllBytes(PathOf("signature"), rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
                }

                byte[] signature = File.ReadAllBytes(PathOf("signature"));
                string jws = _workshop.Write("v.jws", $"{signed}.{TestKey.Text(signature)}");
                Assert.Equal(0, ToolResult.Of("verify", jws, "--key", key, "--kid", $"k{i}").ExitCode);
                for (int n = 0; n < 10; n++)
                {
                    byte[] bad = (byte[])signature.Clone();
                    bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
                    Fails("signature", ResultCode.SignatureInvalid, $"{signed}.{TestKey.Text(bad)}", key, "--kid", $"k{i}");
                }
            }
        }

        [Fact]
        public void Verify_says_which_step_fails()
        {
            TestKey a = TestKey.Of("a", 2048, 3);
            string key = _workshop.Write("a.jwk", a.Jwk);
            Fails("form", ResultCode.SignatureMalformed, Manifest, key);
            Fails("form", ResultCode.SignatureMalformed, a.Jws(Manifest) + "\n", key);
            Fails("header", ResultCode.AlgorithmRefused, a.Jws(Manifest, """{"alg":"none"}"""), key);
            Fails("header", ResultCode.CriticalHeader, a.Jws(Manifest, """{"alg":"RS256","kid":"a","crit":["b64"]}"""), key);
            Fails("key", ResultCode.KeyUnknown, a.Jws(Manifest), key, "--kid", "b");
            Fails("signature", ResultCode.SignatureInvalid, TestKey.Of("b", 2048, 3).Jws(Manifest, """{"alg":"RS256","kid":"a"}"""), key);
            Fails("content", ResultCode.ManifestMalformed, a.Jws("[]"), key);
            Fails("content", ResultCode.SchemaUnknown, a.Jws("""{"schema":2}"""), key);
            Fails("content", ResultCode.KeyListMalformed, a.Jws("""{"version":1,"keys":[]}"""), key);
        }

        [Fact]
        public void As_text_verify_shows_the_steps_that_hold_and_the_one_that_does_not()
        {
            TestKey a = TestKey.Of("a", 2048, 3);
            string key = _workshop.Write("a.jwk", a.Jwk);
            string good = _workshop.Write("good.jws", a.Jws(Manifest));
            Assert.Equal($"{good}, with key 'a':\n  ✓ form\n  ✓ header\n  ✓ key\n  ✓ signature\n  ✓ content\nAccepted: a manifest.\n", ToolResult.Of("verify", good, "--key", key).Output);
            string bad = _workshop.Write("bad.jws", TestKey.Of("b", 2048, 3).Jws(Manifest, """{"alg":"RS256","kid":"a"}"""));
            Assert.Equal($"{bad}, with key 'a':\n  ✓ form\n  ✓ header\n  ✓ key\n  ✗ signature: SignatureInvalid: The signature is wrong.\nNOT ACCEPTED.\n", ToolResult.Of("verify", bad, "--key", key).Output);
        }

        [Fact]
        public void A_list_of_keys_is_signed_and_verified()
        {
            string old = Keygen("old.pem", "--bits", "2048", "--kid", "old");
            Keygen("new.pem", "--bits", "2048", "--kid", "new");
            string list = _workshop.Write("keys.json", $$"""{"version":1,"keys":[{{File.ReadAllText(PathOf("old.pub.jwk"))}},{{File.ReadAllText(PathOf("new.pub.jwk"))}}]}""");
            string jws = PathOf("keys.jws");
            Assert.Equal(0, ToolResult.Of("sign", list, "--key", old, "--kid", "old", "--out", jws).ExitCode);
            ToolResult result = ToolResult.Of("verify", jws, "--key", PathOf("old.pub.jwk"), "--json");
            Assert.Equal((0, "list of keys"), (result.ExitCode, (string)result.Last["kind"]!));
        }

        [Fact]
        public void What_devices_would_refuse_is_not_signed()
        {
            string key = Keygen("a.pem", "--bits", "2048", "--kid", "a");
            string secret = File.ReadAllText(Keygen("b.jwk", "--bits", "2048", "--kid", "b"));
            string jws = PathOf("x.jws");
            Assert.Contains("is not a manifest. Sign the .json", ToolResult.Refusal(ExitCode.Usage, "sign", _workshop.Image("1.1.0"), "--key", key, "--out", jws));
            Assert.Contains("ManifestMalformed", ToolResult.Refusal(ExitCode.Unsound, "sign", _workshop.Write("m", "[]"), "--key", key, "--out", jws));
            Assert.Contains("KeyListMalformed", ToolResult.Refusal(ExitCode.Unsound, "sign", _workshop.Write("m", """{"version":1,"keys":[]}"""), "--key", key, "--out", jws));
            Assert.Contains("holds a private key", ToolResult.Refusal(ExitCode.Unsound, "sign", _workshop.Write("m", $$"""{"version":1,"keys":[{{secret}}]}"""), "--key", key, "--out", jws));
            Assert.Contains("4096 at the most", ToolResult.Refusal(ExitCode.Unsound, "sign", _workshop.Write("m", Manifest + new string(' ', 3000)), "--key", key, "--out", jws));
            Assert.False(File.Exists(jws));
        }

        [Fact]
        public void Files_that_are_no_keys_and_keys_that_devices_refuse_are_named_without_their_content()
        {
            using RSA small = RSA.Create(1024);
            using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using RSA rsa = RSA.Create(2048);
            var lengths = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000);
            foreach (string text in new[] { "", "SECRETSECRET", "{}", """{"kty":"RSA","n":"SECRETSECRET!"}""", """{"kty":"oct","k":"SECRET"}""", """{"kty":["SECRET"]}""", curve.ExportPkcs8PrivateKeyPem(), rsa.ExportEncryptedPkcs8PrivateKeyPem("pw", lengths), small.ExportPkcs8PrivateKeyPem() })
            {
                string file = _workshop.Write("key", text);
                string sentence = ToolResult.Refusal(ExitCode.Usage, "verify", file, "--key", file);
                Assert.Contains("RSA", sentence);
                Assert.DoesNotContain("SECRET", sentence);
            }
        }

        [Fact]
        public void A_private_key_is_never_written_over_and_only_its_owner_may_read_it()
        {
            string key = Keygen("a.pem", "--bits", "2048");
            string before = File.ReadAllText(key);
            Assert.StartsWith($"cannot write {key}", ToolResult.Refusal(ExitCode.Usage, "keygen", "--bits", "2048", "--out", key)["nanoota: ".Length..]);
            Assert.Equal(before, File.ReadAllText(key));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
            }
        }

        [Theory]
        [InlineData("{\"kid\":\"a\",\"kid\":\"b\"}")]
        [InlineData("{\"kid\":5}")]
        [InlineData("[]")]
        [InlineData("")]
        public void A_header_that_names_no_key_is_no_failure(string header)
        {
            Assert.Null(nanoOta.Tool.Keys.SignedFile.KeyIdOf(Encoding.ASCII.GetBytes($"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header))}.e30.x")));
        }

        [Fact]
        public void The_public_half_of_another_key_is_not_overwritten()
        {
            Keygen("a.pem", "--bits", "2048");
            string before = File.ReadAllText(PathOf("a.pub.pem"));
            Assert.Contains("a.pub.pem is there already", ToolResult.Refusal(ExitCode.Conflict, "keygen", "--bits", "2048", "--out", PathOf("a.jwk")));
            Assert.Equal((before, false), (File.ReadAllText(PathOf("a.pub.pem")), File.Exists(PathOf("a.jwk"))));
            Assert.Equal(0, ToolResult.Of("keygen", "--from", PathOf("a.pem"), "--out", PathOf("a.jwk")).ExitCode);
        }

        [Fact]
        public void No_output_holds_anything_of_a_private_key()
        {
            ToolResult made = ToolResult.Of("keygen", "--bits", "2048", "--out", PathOf("a.jwk"), "--json");
            ToolResult text = ToolResult.Of("keygen", "--from", PathOf("a.jwk"), "--out", PathOf("b.jwk"));
            ToolResult signed = ToolResult.Of("sign", _workshop.Write("m", Manifest), "--key", PathOf("a.jwk"), "--out", PathOf("m.jws"), "--json");
            JsonObject key = JsonNode.Parse(File.ReadAllText(PathOf("a.jwk")))!.AsObject();
            string all = made.Output + made.Error + text.Output + text.Error + signed.Output + signed.Error + File.ReadAllText(PathOf("a.pub.jwk")) + File.ReadAllText(PathOf("m.jws"));
            foreach (string member in new[] { "d", "p", "q", "dp", "dq", "qi" })
            {
                Assert.DoesNotContain(((string)key[member]!)[..20], all);
            }
        }

        [Fact]
        public void Signing_takes_a_private_key_and_lengths_and_ids_are_bounded()
        {
            Keygen("a.pem", "--bits", "2048");
            Assert.Contains("public half alone", ToolResult.Refusal(ExitCode.Usage, "sign", "m", "--key", PathOf("a.pub.pem"), "--out", "x"));
            Assert.Contains("--bits", ToolResult.Refusal(ExitCode.Usage, "keygen", "--bits", "1024", "--out", PathOf("x")));
            Assert.Contains("--kid", ToolResult.Refusal(ExitCode.Usage, "keygen", "--kid", new string('k', 65), "--out", PathOf("x")));
        }

        [Fact]
        public void A_file_that_is_no_signature_is_not_overwritten_by_one()
        {
            string manifest = _workshop.Write("v1_1_0.json", Manifest);
            string key = PathOf("precious.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            byte[] before = File.ReadAllBytes(key);
            Assert.Contains("is no signed file, so it is not overwritten", ToolResult.Refusal(ExitCode.Conflict, "sign", manifest, "--key", key, "--out", key));
            Assert.Contains("such as v1_1_0.jws", ToolResult.Refusal(ExitCode.Conflict, "sign", manifest, "--key", key, "--out", manifest));
            Assert.Equal(before, File.ReadAllBytes(key));
            Assert.Equal(Manifest, File.ReadAllText(manifest));
        }

        private const string Manifest = """{"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":1,"sha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","urls":["v1_1_0.bin"]}]}""";

        private static bool HasOpenssl { get; } = FindOpenssl();

        private static bool FindOpenssl()
        {
            string[] names = OperatingSystem.IsWindows() ? ["openssl.exe"] : ["openssl"];
            return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => names.Any(name => File.Exists(Path.Combine(folder, name))));
        }

        private static string Openssl(params string[] args)
        {
            var start = new ProcessStartInfo("openssl", args) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error.Result);
            return output.TrimEnd();
        }

        private void Fails(string step, ResultCode code, string jws, string key, params string[] more)
        {
            ToolResult result = ToolResult.Of(["verify", _workshop.Write("x.jws", jws), "--key", key, "--json", .. more]);
            Assert.Equal((4, false, step, $"{code}"), (result.ExitCode, (bool)result.Last["accepted"]!, (string)result.Last["failed"]!, (string)result.Last["code"]!));
        }

        private string Keygen(string name, params string[] more)
        {
            ToolResult result = ToolResult.Of(["keygen", "--out", PathOf(name), .. more]);
            Assert.True(result.ExitCode == 0, result.Error);
            return PathOf(name);
        }

        private string Sign(string key, params string[] more)
        {
            string jws = PathOf("v1_1_0.jws");
            ToolResult result = ToolResult.Of(["sign", _workshop.Write("v1_1_0.json", Manifest), "--key", key, "--out", jws, .. more]);
            Assert.True(result.ExitCode == 0, result.Error);
            return jws;
        }

        private string PathOf(string name)
        {
            return _workshop.PathOf(name);
        }
    }
}
