using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tests.Images;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    /// <summary>Releases of several components: inputs, members, counters and bundles.</summary>
    public sealed class ComponentPackTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string Out => _workshop.PathOf("firmware");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void Components_are_recognized_by_content_or_named()
        {
            string[] inputs = [_workshop.Image("1.1.0"), _workshop.Image("1.17.0", kind: "esp32"), $"motor={Vectors.PathOf("mcuboot-1.2.3+4-ecdsa-h400.bin")}", $"ca@2.0.1={_workshop.Write("root.pem", "certificate")}", $"notes={_workshop.Write("notes.txt", "text")}"];
            Pack("1.1.0", inputs);
            Assert.Equal(
                ["deployment 1.1.0 v1_1_0.bin", "clr 1.17.0 v1_1_0.clr.bin", "motor 1.2.3 v1_1_0.motor.bin", "ca 2.0.1 v1_1_0.ca.bin", "notes 1.1.0 v1_1_0.notes.bin"],
                Components("v1_1_0.json").Select(c => $"{c!["id"]} {c["version"]} {c["urls"]![0]}"));
            Assert.Equal("certificate", File.ReadAllText(Path.Combine(Out, "v1_1_0.ca.bin")));
        }

        [Fact]
        public void A_release_without_firmware_has_any_version()
        {
            Pack("7.0.0", $"motor@2.3.0={_workshop.Write("motor.bin", "motor")}");
            Assert.Equal("2.3.0", (string?)Components("v7_0_0.json")[0]!["version"]);
        }

        [Fact]
        public void An_input_that_is_not_what_its_id_says_is_refused()
        {
            string app = _workshop.Image("1.1.0");
            string mcuboot = Vectors.PathOf("mcuboot-1.2.3+4-ecdsa-h400.bin");
            Assert.Contains("name its component, such as motor=", Refusal(ExitCode.Unsound, "1.1.0", app, mcuboot));
            Assert.Contains("is not of the component 'clr': its content is that of 'deployment'", Refusal(ExitCode.Unsound, "1.1.0", $"clr={app}"));
            Assert.Contains("takes --layout stock-4mb", Refusal(ExitCode.Unsound, "1.1.0", $"app={app}"));
            Assert.Contains("has version 1.1.0, not 1.2.0", Refusal(ExitCode.Unsound, "1.1.0", $"deployment@1.2.0={app}"));
            Assert.Contains("has version 1.2.3+4, not 1.2.4", Refusal(ExitCode.Unsound, "1.1.0", app, $"motor@1.2.4={mcuboot}"));
            Assert.Contains("'two' in", Refusal(ExitCode.Usage, "1.1.0", app, $"motor@two={mcuboot}"));
            Assert.Contains("is empty", Refusal(ExitCode.Unsound, "1.1.0", app, $"ca={_workshop.Write("empty", "")}"));
            Assert.Contains("each component once", Refusal(ExitCode.Usage, "1.1.0", app, $"ca={app}", $"ca={mcuboot}"));
            byte[] damaged = File.ReadAllBytes(mcuboot);
            damaged[600] ^= 1;
            File.WriteAllBytes(_workshop.PathOf("damaged.bin"), damaged);
            Assert.Contains("Not a sound MCUboot image", Refusal(ExitCode.Unsound, "1.1.0", app, $"motor={_workshop.PathOf("damaged.bin")}"));
            string[] nine = [.. Enumerable.Range(1, 9).Select(i => $"c{i}={app}")];
            Assert.Contains("9 components are given; a manifest has 8", Refusal(ExitCode.Usage, "1.1.0", nine));
        }

        [Fact]
        public void Every_member_of_a_manifest_has_an_option()
        {
            string annotations = _workshop.Write("build.json", """{"commit":"abc","nested":{"a":[1,2,{"b":null}]}}""");
            Pack("1.1.0", _workshop.Image("1.1.0"), $"motor@2.3.0={_workshop.Write("motor.bin", "motor")}", "--provider", "Contoso", "--name", "Washer", "--platform", "washer-mk2", "--description", "spring release", "--description", "motor=new ramp",
                "--annotations", annotations, "--annotations", $"motor={annotations}", "--requires", "motor:deployment=1.1.0", "--requires", "motor:clr=1.16.0", "--mirror", "https://mirror.example/washer", "--priority", "motor=2", "--sha512", "--counter", "4");
            var manifest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Out, "v1_1_0.json")))!.AsObject();
            Assert.Equal(["schema", "version", "counter", "provider", "name", "platformId", "description", "annotations", "compatibility", "components"], manifest.Select(member => member.Key));
            Assert.Equal(("washer-mk2", "spring release"), ((string?)manifest["platformId"], (string?)manifest["description"]));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(annotations)), manifest["annotations"]));
            JsonNode motor = manifest["components"]![1]!;
            string expected = $$$"""
                {"id":"motor","version":"2.3.0","size":5,"sha256":"{{{Convert.ToHexStringLower(SHA256.HashData("motor"u8))}}}","sha512":"{{{Convert.ToHexStringLower(SHA512.HashData("motor"u8))}}}",
                 "urls":["v1_1_0.motor.bin","https://mirror.example/washer/v1_1_0.motor.bin"],"requires":{"deployment":"1.1.0","clr":"1.16.0"},"priority":2,"description":"new ramp","annotations":{{{File.ReadAllText(annotations)}}}}
                """;
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), motor), motor.ToJsonString());

            ToolResult inspect = ToolResult.Of("inspect", Path.Combine(Out, "v1_1_0.json"));
            Assert.True(inspect.ExitCode == 0 && inspect.Output.Contains("needs deployment 1.1.0, needs clr 1.16.0"), inspect.Output);
        }

        [Theory]
        [InlineData("--priority 'x=1' is not ID=N", "--priority", "x=1")]
        [InlineData("--priority 'deployment=first' is not ID=N", "--priority", "deployment=first")]
        [InlineData("--requires 'deployment:clr' is not ID:OTHER=VERSION", "--requires", "deployment:clr")]
        [InlineData("--requires 'motor:clr=1.0.0' is not", "--requires", "motor:clr=1.0.0")]
        [InlineData("--requires 'deployment:clr=new' is not", "--requires", "deployment:clr=new")]
        [InlineData("--mirror 'mirror/x' is not an absolute", "--mirror", "mirror/x")]
        [InlineData("--mirror 'https://a/b?sig=c' is not", "--mirror", "https://a/b?sig=c")]
        [InlineData("5 URLs with its mirrors; devices read 4", "--mirror", "https://a/", "--mirror", "https://b/", "--mirror", "https://c/", "--mirror", "https://d/")]
        [InlineData("--description is given twice for the release: 'a' and 'b'", "--description", "a", "--description", "b")]
        [InlineData("--counter is 'later'", "--counter", "later")]
        public void A_member_that_makes_no_sense_is_named(string reason, params string[] options)
        {
            Assert.Contains(reason, Refusal(ExitCode.Usage, "1.1.0", [_workshop.Image("1.1.0"), .. options]));
            Assert.False(Directory.Exists(Out));
        }

        [Fact]
        public void A_manifest_that_is_too_long_for_devices_is_refused()
        {
            string text = _workshop.Write("long.json", $$"""{"a":"{{new string('x', 4000)}}"}""");
            Assert.Contains("devices read 4096", Refusal(ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0"), "--annotations", text));
            Assert.Contains("is no JSON object", Refusal(ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0"), "--annotations", _workshop.Write("array.json", "[]")));
        }

        [Fact]
        public void The_next_counter_is_never_one_that_was_given_even_after_a_deletion()
        {
            Assert.Equal(1, Counter("1.1.0"));
            Assert.Equal(2, Counter("1.2.0"));
            Assert.Equal(2, Counter("1.2.0"));
            foreach (string file in Directory.GetFiles(Out, "v1_2_0*"))
            {
                File.Delete(file);
            }

            Assert.Equal(3, Counter("1.3.0"));
            Assert.Contains("counter 2 was given to version 1.2.0", Refusal(ExitCode.Conflict, "1.4.0", _workshop.Image("1.4.0"), "--counter", "2"));
            Assert.False(File.Exists(Path.Combine(Out, "v1_4_0.json")));
            Pack("1.4.0", _workshop.Image("1.4.0"), "--counter", "9");
            Assert.Contains("counter 8 is not above 9", Refusal(ExitCode.Conflict, "1.5.0", _workshop.Image("1.5.0"), "--counter", "8"));
            Assert.Equal(10, Counter("1.5.0"));
        }

        [Fact]
        public void A_record_that_begins_late_goes_on_after_the_manifests_that_are_there()
        {
            _workshop.Pack("1.1.0", "--counter", "41");
            Assert.Equal(42, Counter("1.2.0"));
        }

        [Fact]
        public void A_record_can_be_shared_by_folders()
        {
            string record = _workshop.PathOf("releases.json");
            Assert.Equal(1, Counter("1.1.0", "--record", record));
            ToolResult other = ToolResult.Of("pack", _workshop.Image("1.2.0"), "--version", "1.2.0", "--counter", "next", "--record", record, "--out", _workshop.PathOf("other"), "--json");
            Assert.Equal(2, (int)other.Last["counter"]!);
            Assert.False(File.Exists(Path.Combine(Out, "releases.json")));
        }

        [Fact]
        public void A_bundle_is_a_tar_archive_with_the_manifests_first()
        {
            string key = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            string bundle = _workshop.PathOf("washer.tar");
            string[] args = [_workshop.Image("1.1.0"), $"ca={_workshop.Write("root.pem", "certificate")}", "--key", key, "--bundle", bundle];
            Pack("1.1.0", args);
            byte[] bytes = File.ReadAllBytes(bundle);
            Assert.Equal(["v1_1_0.jws", "v1_1_0.json", "v1_1_0.bin", "v1_1_0.ca.bin"], Names(bytes));
            ToolResult inspect = ToolResult.Of("inspect", bundle);
            Assert.True(inspect.ExitCode == 0, inspect.Output);
            Assert.Contains("bundle of version 1.1.0", inspect.Output);
            Assert.Contains("✓ v1_1_0.json: ca: Size and SHA-256 are the manifest's.", inspect.Output);
            Assert.Contains("✓ v1_1_0.jws: deployment: Size", inspect.Output);
            Pack("1.1.0", args);
            Assert.Equal(bytes, File.ReadAllBytes(bundle));

            File.WriteAllText(Path.Combine(Out, "keys.jws"), "list");
            Pack("1.1.0", args);
            Assert.Equal(["v1_1_0.jws", "v1_1_0.json", "keys.jws", "v1_1_0.bin", "v1_1_0.ca.bin"], Names(File.ReadAllBytes(bundle)));
        }

        [Fact]
        public void What_is_no_bundle_is_not_overwritten_by_one()
        {
            string image = _workshop.Image("1.1.0");
            string precious = _workshop.Write("release.pem", "a key");
            Assert.Contains("exists and is no bundle", Refusal(ExitCode.Conflict, "1.1.0", image, "--bundle", precious));
            Assert.Equal("a key", File.ReadAllText(precious));
            Assert.Contains("there is no folder", Refusal(ExitCode.Usage, "1.1.0", image, "--bundle", _workshop.PathOf("none/washer.tar")));
            Assert.Contains("it is a folder", Refusal(ExitCode.Usage, "1.1.0", image, "--bundle", Out));
            Assert.Contains("lies among the update's own files", Refusal(ExitCode.Usage, "1.1.0", image, "--bundle", Path.Combine(Out, "v1_1_0.bin")));
            Assert.Contains("--bundle is empty", Refusal(ExitCode.Usage, "1.1.0", image, "--bundle", ""));
            Assert.Contains("a file's name is empty", Refusal(ExitCode.Usage, "1.1.0", "motor="));
            Assert.False(Directory.Exists(Out));
            Pack("1.1.0", image, "--bundle", Path.Combine(Out, "washer.tar"));
            Assert.Contains("devices look for *.tar", ToolResult.Of("pack", image, "--version", "1.1.0", "--out", Out, "--bundle", _workshop.PathOf("my washer.tar")).Output);
        }

        [Fact]
        public void A_bundles_signature_and_files_are_verified()
        {
            string key = _workshop.PathOf("release.pem");
            string other = _workshop.PathOf("other.pem");
            string bundle = _workshop.PathOf("washer.tar");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            Assert.Equal(0, ToolResult.Of("keygen", "--out", other, "--bits", "2048").ExitCode);
            Pack("1.1.0", _workshop.Image("1.1.0"), "--key", key, "--bundle", bundle);
            Assert.Equal(0, ToolResult.Of("verify", bundle, "--key", key).ExitCode);
            Assert.Equal("KeyUnknown", (string?)ToolResult.Of("verify", bundle, "--key", other, "--json").Last["code"]);
            byte[] bytes = File.ReadAllBytes(bundle);
            bytes[^10_000] ^= 1;
            File.WriteAllBytes(bundle, bytes);
            ToolResult damaged = ToolResult.Of("verify", bundle, "--key", key);
            Assert.Equal(4, damaged.ExitCode);
            Assert.Contains("✗ v1_1_0.jws: deployment: Its file is not the one", damaged.Output);
            Pack("1.2.0", _workshop.Image("1.2.0"), "--bundle", bundle);
            Assert.Contains("has no signed manifest", ToolResult.Refusal(ExitCode.Unsound, "verify", bundle, "--key", key));
        }

        [Fact]
        public void What_is_wrong_with_a_bundle_is_said()
        {
            string bundle = _workshop.PathOf("washer.tar");
            Pack("1.1.0", _workshop.Image("1.1.0"), "--bundle", bundle);
            byte[] bytes = File.ReadAllBytes(bundle);
            int image = Array.IndexOf(bytes, File.ReadAllBytes(Path.Combine(Out, "v1_1_0.bin"))[0], 2048);
            Assert.Contains("it was not copied to its end", Inspect(bytes[..20000]));
            byte[] other = (byte[])bytes.Clone();
            other[30000] ^= 1;
            Assert.Contains("✗ v1_1_0.json: deployment: Its file is not the one", Inspect(other));
            other = (byte[])bytes.Clone();
            other[3] ^= 1;
            Assert.Contains("Offset 0x0: no header of a regular file", Inspect(other));
            Assert.True(image > 0);

            using var pax = new MemoryStream();
            using (var tar = new TarWriter(pax, TarEntryFormat.Pax, leaveOpen: true))
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "v1_1_0.bin") { DataStream = new MemoryStream(bytes[..100]) });
            }

            Assert.Contains("✗ Order: No manifest is among the first two files", Inspect(pax.ToArray()));
        }

        private static IEnumerable<string> Names(byte[] bundle)
        {
            using var tar = new TarReader(new MemoryStream(bundle));
            while (tar.GetNextEntry() is { } entry)
            {
                Assert.Equal((TarEntryFormat.Ustar, TarEntryType.RegularFile), (entry.Format, entry.EntryType));
                yield return entry.Name;
            }
        }

        private string Inspect(byte[] bundle)
        {
            File.WriteAllBytes(_workshop.PathOf("inspected.tar"), bundle);
            ToolResult result = ToolResult.Of("inspect", _workshop.PathOf("inspected.tar"));
            Assert.Equal(4, result.ExitCode);
            return result.Output;
        }

        private int Counter(string version, params string[] more)
        {
            ToolResult result = ToolResult.Of(["pack", _workshop.Image(version), "--version", version, "--counter", "next", "--out", Out, .. more, "--json"]);
            Assert.True(result.ExitCode == 0, result.Error);
            int counter = (int)result.Last["counter"]!;
            Assert.Equal(counter, (int)JsonNode.Parse(File.ReadAllText(Path.Combine(Out, SemanticVersion.Parse(version).FileStem + ".json")))!["counter"]!);
            return counter;
        }

        private void Pack(string version, params string[] args)
        {
            ToolResult result = ToolResult.Of(["pack", "--version", version, "--out", Out, .. args]);
            Assert.True(result.ExitCode == 0, result.Error);
        }

        private string Refusal(ExitCode code, string version, params string[] args)
        {
            return ToolResult.Refusal(code, ["pack", "--version", version, "--out", Out, .. args]);
        }

        private JsonArray Components(string manifest)
        {
            return JsonNode.Parse(File.ReadAllBytes(Path.Combine(Out, manifest)))!["components"]!.AsArray();
        }
    }
}
