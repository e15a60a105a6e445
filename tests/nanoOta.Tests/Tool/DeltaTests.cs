using System.Security.Cryptography;
using System.Text.Json.Nodes;
using nanoOta.Tests.Deltas;
using nanoOta.Tool;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    public sealed class DeltaTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string Out => _workshop.PathOf("firmware");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void A_patch_from_a_file_is_written_and_named_in_the_manifest()
        {
            string old = Release("1.0.0", 1), image = Release("1.1.0", 2);
            ToolResult result = Pack("1.1.0", image, "--from", old);
            string path = Path.Combine(Out, "v1_1_0.from-v1_0_0.lz4");
            byte[] patch = File.ReadAllBytes(path);
            Assert.Equal(PatchWriter.Write(File.ReadAllBytes(old), File.ReadAllBytes(image)), patch);
            JsonNode component = Component("v1_1_0.json");
            Assert.Equal(ImageParts.Read(File.ReadAllBytes(image))!.Base64, (string?)component["parts"]);
            var expected = JsonNode.Parse($$"""
                [{"from":"{{ImageParts.Read(File.ReadAllBytes(old))!.Id}}","url":"v1_1_0.from-v1_0_0.lz4","size":{{patch.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(patch))}}"}]
                """);
            Assert.True(JsonNode.DeepEquals(expected, component["patches"]), $"{component["patches"]}");
            Assert.Contains($"{path}: patch from {Path.GetFileName(old)}, {patch.Length} bytes\n", result.Output);
        }

        [Fact]
        public void Of_a_folder_the_last_releases_are_taken_whatever_their_order()
        {
            foreach (string version in new[] { "1.10.0", "1.9.0", "1.8.0", "1.8.0-rc.1", "1.7.0", "1.6.0" })
            {
                Pack(version, Release(version, version.Length + version[2]));
            }

            Pack("2.0.0", Release("2.0.0", 9), "--from", Out);
            Assert.Equal(["v1_10_0", "v1_9_0", "v1_8_0", "v1_8_0-rc_1"], PatchesOf("v2_0_0.json").Select(url => url["v2_0_0.from-".Length..^".lz4".Length]));
            Pack("2.0.0", Release("2.0.0", 9), "--from", Out, "--patches", "1", "--force");
            Assert.Equal(["v2_0_0.from-v1_10_0.lz4"], PatchesOf("v2_0_0.json"));
            Pack("2.1.0", Release("2.1.0", 9), "--from", Out, "--patches", "8");
            Assert.Equal(7, PatchesOf("v2_1_0.json").Length);
        }

        [Fact]
        public void Patches_are_published_with_the_image_and_a_damaged_one_is_not()
        {
            string old = Release("1.0.0", 1), to = _workshop.PathOf("www"), patch = Path.Combine(Out, "v1_1_0.from-v1_0_0.lz4");
            Pack("1.1.0", Release("1.1.0", 2), "--from", old);
            byte[] bytes = File.ReadAllBytes(patch);
            File.WriteAllBytes(patch, [.. bytes, 0]);
            Assert.Contains("v1_1_0.from-v1_0_0.lz4: It has", ToolResult.Refusal(ExitCode.Unsound, "publish", Out, "--container", to));
            File.WriteAllBytes(patch, bytes);
            Assert.Equal(0, ToolResult.Of("publish", Out, "--container", to).ExitCode);
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(to, "v1_1_0.from-v1_0_0.lz4")));
        }

        [Fact]
        public void A_manifest_names_the_predecessor_beside_it_plain_or_signed()
        {
            Pack("1.0.0", Release("1.0.0", 1));
            string manifest = Path.Combine(Out, "v1_0_0.json"), key = _workshop.PathOf("release.pem");
            Pack("1.1.0", Release("1.1.0", 2), "--from", manifest);
            Assert.Single(PatchesOf("v1_1_0.json"));
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key).ExitCode);
            Assert.Equal(0, ToolResult.Of("sign", manifest, "--key", key, "--out", Path.Combine(Out, "v1_0_0.jws")).ExitCode);
            File.Delete(manifest);
            Pack("1.2.0", Release("1.2.0", 3), "--from", Path.Combine(Out, "v1_0_0.jws"));
            Assert.Equal(["v1_2_0.from-v1_0_0.lz4"], PatchesOf("v1_2_0.json"));
        }

        [Fact]
        public void A_release_that_is_damaged_or_gone_is_passed_over_with_a_word()
        {
            Pack("1.0.0", Release("1.0.0", 1));
            Pack("1.1.0", Release("1.1.0", 2));
            Pack("1.2.0", Release("1.2.0", 3));
            File.WriteAllBytes(Path.Combine(Out, "v1_1_0.bin"), File.ReadAllBytes(Release("1.2.0", 3)));
            File.Delete(Path.Combine(Out, "v1_2_0.bin"));
            ToolResult result = Pack("1.3.0", Release("1.3.0", 4), "--from", Out);
            Assert.Equal(["v1_3_0.from-v1_0_0.lz4"], PatchesOf("v1_3_0.json"));
            Assert.Contains("No patch from 1.1.0: v1_1_0.bin is not the image that the manifest names.\n", result.Output);
            Assert.Contains("No patch from 1.2.0: its image v1_2_0.bin does not lie beside the manifest.\n", result.Output);
        }

        [Fact]
        public void A_patch_that_would_save_nothing_is_not_written()
        {
            string old = Release("1.0.0", 1), image = Release("1.1.0", 2);
            string fewer = Write("fewer.bin", File.ReadAllBytes(image)[..32536]);
            Assert.Contains("No patch from v1_1_0.bin: it is this image.\n", Pack("1.1.0", image, "--from", Copy(image, "v1_1_0.bin")).Output);
            ToolResult result = ToolResult.Of("pack", fewer, "--version", "1.17.11", "--out", Out, "--from", old);
            Assert.Contains("it holds every assembly, so devices that run it fetch nothing.\n", result.Output);
            ToolResult random = Pack("1.5.0", _workshop.Image("1.5.0", 1_000_000, seed: 1), "--from", Write("core.bin", EditedAssembly.Mscorlib()));
            Assert.Matches(@"No patch from core\.bin: it would have 100\d{4} bytes, and the changed assemblies have 1000000\.\n", random.Output);
            Assert.Empty(Directory.GetFiles(Out, "*.lz4"));
        }

        [Fact]
        public void Every_manifest_can_be_signed_with_the_longest_key()
        {
            var assemblies = Enumerable.Range(0, 62).Select(i => new AssemblySpec($"Library{i}", new(1, 0))).ToList();
            byte[] Image(int version) => [.. EditedAssembly.Mscorlib(), .. assemblies.SelectMany(spec => DeploymentBuilder.Assembly(spec, 400, seed: 1)), .. App($"1.{version}.0", version)];
            string[] from = [.. Enumerable.Range(0, 8).Select(i => Write($"old{i}.bin", Image(i)))];
            ToolResult result = Pack("1.9.0", Write("new.bin", Image(9)), ["--from", .. from]);
            Assert.Equal(7, PatchesOf("v1_9_0.json").Length);
            Assert.Contains("Left out, because a manifest of more than 2466 bytes cannot be signed with every key: the patch from old7.bin.\n", result.Output);
            Assert.InRange(new FileInfo(Path.Combine(Out, "v1_9_0.json")).Length, 2310, 2466);
            Assert.False(File.Exists(Path.Combine(Out, "v1_9_0.from-v1_7_0.lz4")));

            string key = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--bits", "4096", "--kid", new string('k', 64), "--out", key).ExitCode);
            ToolResult signed = ToolResult.Of("sign", Path.Combine(Out, "v1_9_0.json"), "--key", key, "--out", Path.Combine(Out, "v1_9_0.jws"));
            Assert.True(signed.ExitCode == 0, signed.Error);
        }

        [Fact]
        public void What_is_no_predecessor_is_refused_with_what_to_give()
        {
            string image = Release("1.1.0", 2);
            Assert.Contains("It is no deployment", Refusal(ExitCode.Unsound, image, "--from", _workshop.Write("notes.txt", "hello")));
            Assert.Contains("cannot read", Refusal(ExitCode.Usage, image, "--from", _workshop.PathOf("nothing")));
            Directory.CreateDirectory(_workshop.PathOf("empty"));
            Assert.Contains("holds no release", Refusal(ExitCode.Usage, image, "--from", _workshop.PathOf("empty")));
            Assert.Contains("--patches is from 1 to 8", Refusal(ExitCode.Usage, image, "--from", image, "--patches", "9"));
            string clr = _workshop.Image("1.17.0", kind: "esp32");
            Assert.Contains("none of the images is one", ToolResult.Refusal(ExitCode.Usage, "pack", clr, "--version", "1.17.0", "--out", Out, "--from", image));
        }

        [Fact]
        public void A_device_fetches_the_patch_that_was_packed_for_what_it_runs()
        {
            string[] images = [.. Enumerable.Range(0, 3).Select(i => Write($"image{i}.bin", [.. DeploymentBuilder.Assembly(new AssemblySpec("Library", new(1, 0)), 30_000), .. PlainApp($"1.{i}.0", i)]))];
            Pack("1.0.0", images[0]);
            Pack("1.1.0", images[1], "--from", Out);
            string device = _workshop.PathOf("device"), other = _workshop.PathOf("other");
            foreach (string folder in new[] { device, other })
            {
                Assert.Equal(0, ToolResult.Of("device", "new", "--state", folder, "--layout", "esp32-4mb", "--image", images[0]).ExitCode);
            }

            long patch = new FileInfo(Path.Combine(Out, "v1_1_0.from-v1_0_0.lz4")).Length;
            Assert.InRange(patch, 20, 300);
            Assert.Equal($"Applied: {patch}", Fetched(_workshop.Request(device, "1.1.0")));

            // From 1.0.0 there is none to 1.2.0: the changed application comes in a range.
            Pack("1.2.0", images[2], "--from", images[1]);
            Assert.Equal("Applied: 8000", Fetched(_workshop.Request(other, "1.2.0")));
            File.Delete(Path.Combine(Out, "v1_2_0.from-v1_1_0.lz4"));
            Assert.Equal("Applied: 8000", Fetched(_workshop.Request(device, "1.2.0")));
        }

        [Fact]
        public void Inspect_applies_the_patches_that_lie_beside_a_manifest()
        {
            Pack("1.0.0", Release("1.0.0", 1));
            Pack("1.1.0", Release("1.1.0", 2), "--from", Out);
            string manifest = Path.Combine(Out, "v1_1_0.json"), patch = Path.Combine(Out, "v1_1_0.from-v1_0_0.lz4"), old = Path.Combine(Out, "v1_0_0.bin");
            Assert.Equal((true, "Applied to v1_0_0.bin it gives the image."), Check(manifest, "v1_1_0.from-v1_0_0.lz4"));
            Assert.Equal((true, "The image has the parts that the manifest names."), Check(manifest, "Parts of v1_1_0.bin"));
            Assert.Contains(Report(manifest)["contents"]!.AsArray(), line => ((string?)line)!.StartsWith("  patch from ", StringComparison.Ordinal));

            byte[] good = File.ReadAllBytes(patch), bad = [.. good];
            bad[^9] ^= 1;
            File.WriteAllBytes(patch, bad);
            Assert.Contains("Its SHA-256 is", Failed(manifest, "v1_1_0.from-v1_0_0.lz4"));
            File.WriteAllBytes(patch, good[..^1]);
            Assert.Contains($"It has {good.Length - 1} bytes, the manifest says {good.Length}: devices would fetch the whole image", Failed(manifest, "v1_1_0.from-v1_0_0.lz4"));

            // Named as it is, and yet no way to the image.
            File.WriteAllBytes(patch, bad);
            string text = File.ReadAllText(manifest).Replace(Convert.ToHexStringLower(SHA256.HashData(good)), Convert.ToHexStringLower(SHA256.HashData(bad)));
            File.WriteAllText(manifest, text);
            Assert.Matches("Applied to v1_0_0.bin it gives another image|It cannot be applied to v1_0_0.bin", Failed(manifest, "v1_1_0.from-v1_0_0.lz4"));
            File.Delete(old);
            Assert.Contains("Its predecessor is not here", Check(manifest, "v1_1_0.from-v1_0_0.lz4").Sentence);
        }

        [Theory]
        [InlineData("\"parts\":5", "parts is not the base64")]
        [InlineData("\"parts\":\"GH8AAGbF207RF1Yp\"", "the sizes of parts are 32536 bytes together, and the image has 40000")]
        [InlineData("\"patches\":[]", "patches without parts")]
        [InlineData("\"parts\":\"QJwAAGbF207RF1Yp\",\"patches\":{}", "patches is not a list")]
        [InlineData("\"parts\":\"QJwAAGbF207RF1Yp\",\"patches\":[{\"from\":\"00\"}]", "patches[0]: from is 16 hexadecimal digits")]
        public void Inspect_finds_members_that_devices_cannot_use(string members, string reason)
        {
            string manifest = _workshop.Write("m.json", $$"""
                {"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":40000,"sha256":"{{new string('0', 64)}}","urls":["x.bin"],{{members}}}]}
                """);
            Assert.Contains(Report(manifest)["checks"]!.AsArray(), check => (string?)check!["name"] == "Parts and patches" && !(bool)check["ok"]! && ((string?)check["sentence"])!.Contains(reason));
        }

        [Fact]
        public void Whatever_is_changed_in_a_manifest_inspect_ends_with_a_verdict()
        {
            Pack("1.0.0", Release("1.0.0", 1));
            Pack("1.1.0", Release("1.1.0", 2), "--from", Out);
            string path = Path.Combine(Out, "v1_1_0.json"), text = File.ReadAllText(path);
            int from = text.IndexOf("\"parts\"", StringComparison.Ordinal);
            var random = new Random(8);
            for (int round = 0; round < 400; round++)
            {
                int at = random.Next(from, text.Length - 8);
                string changed = (round % 4) switch
                {
                    0 => text.Remove(at, random.Next(1, 6)),
                    1 => text.Insert(at, "{}[]\",:0n\\-="[random.Next(12)].ToString()),
                    2 => text[..at] + (char)random.Next(32, 127) + text[(at + 1)..],
                    _ => text.Replace(text[at..(at + 4)], "\\ud800"),
                };
                File.WriteAllText(path, changed);
                ToolResult result = ToolResult.Of("inspect", path);
                Assert.True(result.ExitCode is 0 or 2 or 4, $"{result.ExitCode} {result.Error}\n{changed}");
            }
        }

        [Fact]
        public void The_application_of_stock_firmware_is_fetched_whole()
        {
            string app = Write("stock.bin", DeploymentBuilder.Assembly(new AssemblySpec("App", new(1, 1)), 8000));
            ToolResult result = ToolResult.Of("pack", app, "--version", "1.1.0", "--layout", "stock-4mb", "--out", Out);
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.Equal(("app", null), ((string?)Component("v1_1_0.json")["id"], Component("v1_1_0.json")["parts"]));
        }

        [Fact]
        public void A_table_tells_what_each_assembly_costs_in_each_way()
        {
            byte[] core = EditedAssembly.Mscorlib(), gone = DeploymentBuilder.Assembly(new AssemblySpec("Gone", new(1, 0)), 400), added = DeploymentBuilder.Assembly(new AssemblySpec("Added", new(2, 0)), 800, 5);
            string old = Write("old.bin", [.. core, .. gone, .. App("1.0.0", 1)]), image = Write("new.bin", [.. core, .. added, .. App("1.1.0", 2)]);
            JsonObject diff = ToolResult.Of("diff", old, image, "--json").Last;
            Assert.Equal(["mscorlib same 32536 0 0", "Added new 800 800", "App changed 8000 8000", "Gone gone 0 0 0"], diff["assemblies"]!.AsArray()
                .Select(part => $"{part!["name"]} {part["change"]} {part["size"]} {part["changed"]}" + ((string?)part["change"] is "same" or "gone" ? $" {part["patch"]}" : "")));
            Assert.Equal((41336, 8800), ((int)diff["whole"]!, (int)diff["changed"]!));
            Assert.Equal(PatchWriter.Write(File.ReadAllBytes(old), File.ReadAllBytes(image)).Length, (int)diff["patch"]!);

            string text = ToolResult.Of("diff", old, image).Output;
            Assert.Matches(@"\n  App +1\.0\.0\.0 to 1\.1\.0\.0 +changed +8000 +8000 +\d+\n", text);
            Assert.Matches(@"\n  Gone +1\.0\.0\.0 +gone\n", text);
            Assert.Contains("fetches 8800 bytes (21.3 %); with a patch ", text);
            Assert.Contains("fetches nothing", ToolResult.Of("diff", image, image).Output);
            Assert.Contains("It is no deployment", ToolResult.Refusal(ExitCode.Unsound, "diff", old, _workshop.Write("x", "y")));
        }

        private static byte[] App(string version, int seed)
        {
            int[] numbers = [.. version.Split('.').Select(int.Parse)];
            byte[] app = DeploymentBuilder.Assembly(new AssemblySpec("App", new((ushort)numbers[0], (ushort)numbers[1], (ushort)numbers[2])) { References = [new("mscorlib", new(1, 17, 11))] }, 8000, seed: 1);
            return EditedAssembly.Overwrite(app, 3000, (byte)seed, 1, 2, 3);
        }

        private static byte[] PlainApp(string version, int seed)
        {
            byte[] app = DeploymentBuilder.Assembly(new AssemblySpec("App", new(1, ushort.Parse(version.Split('.')[1]))), 8000, seed: 1);
            return EditedAssembly.Overwrite(app, 3000, (byte)seed, 1, 2, 3);
        }

        // Bytes of the manifest aside.
        private string Fetched(ToolResult run)
        {
            long manifest = new FileInfo(Path.Combine(Out, $"v{((string)run.Last["version"]!).Replace('.', '_')}.json")).Length;
            return $"{run.Last["code"]}: {(long)run.Last["bytesFetched"]! - manifest}";
        }

        /// <summary>A deployment of the core library and an application that differs a little from version to version.</summary>
        private string Release(string version, int seed)
        {
            return Write($"app-{version}.bin", [.. EditedAssembly.Mscorlib(), .. App(version.Split('-')[0], seed)]);
        }

        private string Write(string name, byte[] bytes)
        {
            File.WriteAllBytes(_workshop.PathOf(name), bytes);
            return _workshop.PathOf(name);
        }

        private string Copy(string path, string name)
        {
            return Write(name, File.ReadAllBytes(path));
        }

        private ToolResult Pack(string version, string image, params string[] more)
        {
            ToolResult result = ToolResult.Of(["pack", image, "--version", version, "--out", Out, .. more]);
            Assert.True(result.ExitCode == 0, result.Error);
            return result;
        }

        private string Refusal(ExitCode code, string image, params string[] more)
        {
            return ToolResult.Refusal(code, ["pack", image, "--version", "1.1.0", "--out", Out, .. more]);
        }

        private JsonNode Component(string manifest)
        {
            return JsonNode.Parse(File.ReadAllBytes(Path.Combine(Out, manifest)))!["components"]![0]!;
        }

        private string[] PatchesOf(string manifest)
        {
            return [.. (Component(manifest)["patches"]?.AsArray() ?? []).Select(patch => (string)patch!["url"]!)];
        }

        private static JsonObject Report(string path)
        {
            return ToolResult.Of("inspect", path, "--json").Last;
        }

        private static (bool Ok, string Sentence) Check(string path, string name)
        {
            JsonNode check = Assert.Single(Report(path)["checks"]!.AsArray(), check => (string?)check!["name"] == name)!;
            return ((bool)check["ok"]!, (string)check["sentence"]!);
        }

        private static string Failed(string path, string name)
        {
            (bool ok, string sentence) = Check(path, name);
            Assert.False(ok);
            return sentence;
        }
    }
}
