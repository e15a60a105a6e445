using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using nanoOta.Tests.Images;
using nanoOta.Tool;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    public sealed class InspectTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData("esp32-app-1.16.0.bin", "espApplication", "1.16.0.123")]
        [InlineData("esp32c3-app-1.17.0.bin", "espApplication", "1.17.0.9")]
        [InlineData("mcuboot-1.2.3+4-ecdsa-h400.bin", "mcuboot", "1.2.3+4")]
        [InlineData("mcuboot-2.0.0-h20-padded-confirmed.bin", "mcuboot", "2.0.0")]
        [InlineData("mcuboot-pure-ed25519.bin", "mcuboot", "1.2.3+4")]
        [InlineData("esp32-secure-boot-v1.bin", "espApplication", "1.16.0.0")]
        [InlineData("esp32-secure-boot-v2.bin", "espApplication", "1.16.0.0")]
        public void A_sound_file_of_others_is_recognised(string file, string kind, string version)
        {
            AssertIs(ExitCode.Done, kind, version, Vectors.PathOf(file));
        }

        [Fact]
        public void A_byte_order_mark_before_a_manifest_is_passed_over_by_tool_and_device()
        {
            _workshop.Pack("1.1.0");
            string text = File.ReadAllText(_workshop.PathOf("firmware/v1_1_0.json"));
            AssertIs(ExitCode.Done, "manifest", "1.1.0", _workshop.Write("marked.json", "\uFEFF" + text));
            byte[] device = [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(text)];
            Assert.Equal(ResultCode.None, ManifestReader.Read(device, 0, device.Length, out _));
        }

        [Fact]
        public void Made_files_of_every_other_format_are_recognised()
        {
            FlashLayout layout = FlashLayouts.Find("esp32-4mb")!;
            AssertIs(ExitCode.Done, "deployment", "1.1.0.0", _workshop.Image("1.1.0"));
            AssertIs(ExitCode.Done, "assembly", "2.0.0.0", Write("new.pe", DeploymentBuilder.Assembly(new("App", new(2, 0)), 1000, format: AssemblyFormat.Nfmrk2)));
            AssertIs(ExitCode.Done, "partitionTable", "", Write("table.bin", layout.Table.ToBinary()));
            AssertIs(ExitCode.Done, "partitionTable", "", _workshop.Write("table.csv", layout.Table.ToCsv()));
            _workshop.Pack("1.1.0", "--counter", "7");
            JsonObject manifest = AssertIs(ExitCode.Done, "manifest", "1.1.0", _workshop.PathOf("firmware/v1_1_0.json"));
            Assert.Equal(("7", "ESP32_REV3"), ((string?)manifest["facts"]!["counter"], (string?)manifest["facts"]!["target"]));
        }

        [Fact]
        public void A_damaged_file_is_not_sound_and_the_check_that_fails_says_where()
        {
            byte[] image = File.ReadAllBytes(_workshop.Image("1.1.0"));
            image[30000] ^= 1;
            JsonObject report = AssertIs(ExitCode.Unsound, "deployment", "1.1.0.0", Write("damaged.bin", image));
            JsonNode failed = Assert.Single(report["checks"]!.AsArray(), check => !(bool)check!["ok"]!)!;
            Assert.Equal("Body CRC", (string?)failed["name"]);
            Assert.StartsWith("Offset 0x88: App 1.1.0.0: ", (string?)failed["sentence"]);
        }

        [Theory]
        [InlineData("""{"schema":1,"version":"1.0.0","components":[]}""", "ManifestMalformed")]
        [InlineData("""{"schema":2,"version":"1.0.0"}""", "SchemaUnknown")]
        [InlineData("""{"schema":1,"version":"1.0","components":[{"id":"deployment","version":"1.0.0","size":1,"sha256":"0000000000000000000000000000000000000000000000000000000000000000","urls":["x"]}]}""", "VersionMalformed")]
        [InlineData("""{"schema":1,"version":"1.0.0","comp""", "ManifestMalformed")]
        public void A_bad_manifest_is_not_sound_and_the_devices_code_says_why(string text, string code)
        {
            JsonObject report = AssertIs(ExitCode.Unsound, "manifest", "", _workshop.Write("bad.json", text));
            Assert.StartsWith(code, (string?)report["checks"]![0]!["sentence"]);
        }

        [Fact]
        public void A_manifest_for_unknown_properties_of_devices_is_not_sound()
        {
            _workshop.Pack("1.1.0");
            string text = File.ReadAllText(_workshop.PathOf("firmware/v1_1_0.json")).Replace("\"target\"", "\"colour\"");
            AssertIs(ExitCode.Unsound, "manifest", "1.1.0", _workshop.Write("odd.json", text));
        }

        [Fact]
        public void Keys_and_certificates_in_PEM_are_recognised()
        {
            using var rsa = RSA.Create(2048);
            using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            JsonObject report = AssertIs(ExitCode.Done, "key", "", _workshop.Write("private.pem", rsa.ExportPkcs8PrivateKeyPem()));
            Assert.Equal("private key (PEM)", (string?)report["title"]);
            Assert.Equal("public key (PEM)", (string?)AssertIs(ExitCode.Done, "key", "", _workshop.Write("public.pem", "kid: one\n" + rsa.ExportSubjectPublicKeyInfoPem()))["title"]);
            X509Certificate2 certificate = new CertificateRequest("CN=Root", ec, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
            Assert.Equal("CN=Root", (string?)AssertIs(ExitCode.Done, "certificate", "", _workshop.Write("root.pem", certificate.ExportCertificatePem()))["facts"]!["subject"]);

            Assert.Contains("openssl pkcs8", Refused("encrypted.pem", rsa.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1))));
            Assert.Contains("holds no RSA key", Refused("ec.pem", ec.ExportPkcs8PrivateKeyPem()));

            string Refused(string name, string text) => AssertIs(ExitCode.Unsound, "key", "", _workshop.Write(name, text))["checks"]![0]!["sentence"]!.ToString();
        }

        [Fact]
        public void What_is_known_and_no_image_gets_a_hint()
        {
            Assert.Contains("It is a .dll", ToolResult.Of("inspect", Path.Combine(AppContext.BaseDirectory, "nanoOta.dll")).Output);
            Assert.Contains("inspect the .json beside it", ToolResult.Of("inspect", _workshop.Write("v1_1_0.enc", "?")).Error);
        }

        [Fact]
        public void What_is_no_known_format_is_said_to_be_so_in_one_object()
        {
            string path = _workshop.Write("x.txt", "hello");
            ToolResult result = ToolResult.Of("inspect", path, "--json");
            Assert.Equal((2, "unknown", false), (result.ExitCode, (string?)Assert.Single(result.Events)["kind"], (bool)result.Last["sound"]!));
            Assert.Equal($"nanoota: {path} is of no known format.\n", result.Error);
            Assert.Equal(2, ToolResult.Of("inspect", Write("empty", [])).ExitCode);
        }

        [Fact]
        public void A_file_that_cannot_be_read_is_refused()
        {
            ToolResult.Refusal(ExitCode.Usage, "inspect", _workshop.PathOf("missing"));
            ToolResult.Refusal(ExitCode.Usage, "inspect", _workshop.Folder);
        }

        [Fact]
        public void As_text_every_check_has_a_line_and_secrets_in_URLs_none()
        {
            _workshop.Pack("1.1.0");
            string text = File.ReadAllText(_workshop.PathOf("firmware/v1_1_0.json")).Replace("\"v1_1_0.bin\"", "\"v1_1_0.bin?sig=SECRET\"");
            ToolResult result = ToolResult.Of("inspect", _workshop.Write("m.json", text));
            Assert.Contains("  ✓ Schema: ", result.Output);
            Assert.EndsWith("\nSound.\n", result.Output);
            Assert.Contains("v1_1_0.bin", result.Output);
            Assert.DoesNotContain("SECRET", result.Output);
        }

        private static JsonObject AssertIs(ExitCode exit, string kind, string version, string path)
        {
            ToolResult result = ToolResult.Of("inspect", path, "--json");
            JsonObject report = Assert.Single(result.Events);
            Assert.Equal(((int)exit, kind, version, exit == ExitCode.Done), (result.ExitCode, (string?)report["kind"], (string?)report["version"], (bool)report["sound"]!));
            return report;
        }

        private string Write(string name, byte[] bytes)
        {
            File.WriteAllBytes(_workshop.PathOf(name), bytes);
            return _workshop.PathOf(name);
        }
    }
}
