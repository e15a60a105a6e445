using System.Text.Json.Nodes;
using nanoOta.Tool;
using nanoOta.Tool.Releases;

namespace nanoOta.Tests.Tool
{
    /// <summary>The record of releases, which pack and release share: a counter is given once, whatever happens.</summary>
    public sealed class ReleaseRecordTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string Out => _workshop.PathOf("releases");

        private string Record => Path.Combine(Out, ReleaseRecord.FileName);

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void Pack_and_release_take_counters_from_the_same_record()
        {
            Release("1.1.0");
            Assert.Equal(2, Pack("1.2.0"));
            Release("1.3.0");
            Assert.Equal(3, CounterOf("1.3.0"));
            Assert.Equal(["1.1.0 1", "1.2.0 2", "1.3.0 3"], Entries());
        }

        [Fact]
        public void Commands_at_the_same_time_give_different_counters()
        {
            string[] images = [.. Enumerable.Range(1, 8).Select(i => _workshop.Image($"1.{i}.0"))];
            int[] counters = new int[images.Length];
            Parallel.For(0, images.Length, new ParallelOptions { MaxDegreeOfParallelism = images.Length, CancellationToken = TestContext.Current.CancellationToken }, i =>
            {
                ToolResult result = ToolResult.Of("pack", images[i], "--version", $"1.{i + 1}.0", "--counter", "next", "--out", Out, "--json");
                counters[i] = result.ExitCode == 0 ? (int)result.Last["counter"]! : -1;
            });
            Assert.Equal(Enumerable.Range(1, images.Length), counters.Order());
        }

        [Fact]
        public void A_record_that_another_command_has_is_waited_for_and_named()
        {
            Directory.CreateDirectory(Out);
            using (ReleaseRecord.Open(Record, TimeSpan.Zero))
            {
                Failure failure = Assert.Throws<Failure>(() => ReleaseRecord.Open(Record, TimeSpan.Zero));
                Assert.Equal(ExitCode.Conflict, failure.Code);
                Assert.Contains($"another nanoota has {Record}", failure.Message);
            }

            Assert.True(File.Exists(Record + ".lock"));
            ReleaseRecord.Open(Record, TimeSpan.Zero).Dispose();
        }

        [Fact]
        public void A_counter_whose_files_were_never_written_is_not_given_again()
        {
            // What stands in the way of the image ends the command where a crash could.
            string folder = Path.Combine(Out, "v1_1_0", "esp32-4mb", "v1_1_0.bin");
            Directory.CreateDirectory(folder);
            Assert.Contains("cannot write", ToolResult.Refusal(ExitCode.Usage, ReleaseArgs("1.1.0")));
            Release("1.2.0");
            Assert.Equal(2, CounterOf("1.2.0"));
            Directory.Delete(folder);
            Release("1.1.0");
            Assert.Equal(1, CounterOf("1.1.0"));
            Assert.Equal(["1.1.0 1", "1.2.0 2"], Entries());
        }

        [Fact]
        public void A_counter_that_was_published_elsewhere_is_not_given_again()
        {
            string www = _workshop.PathOf("www");
            Release("1.1.0");
            Release("1.2.0");
            Assert.Equal(0, ToolResult.Of("publish", Path.Combine(Out, "v1_1_0", "esp32-4mb"), "--container", www).ExitCode);
            Assert.Equal(0, ToolResult.Of("publish", Path.Combine(Out, "v1_2_0", "esp32-4mb"), "--container", www).ExitCode);
            Assert.Equal(0, ToolResult.Of("rollback", www, "--to", "1.1.0").ExitCode);
            Release("1.3.0", "--container", www);
            Assert.Equal(4, CounterOf("1.3.0"));

            // The record knows it now, and asks nobody for what it knows.
            Release("1.3.0", "--container", "https://nowhere.invalid/firmware?sig=x");
            Assert.Equal(5, Pack("1.4.0", "--container", _workshop.PathOf("gone")));
            Assert.Contains("counter 3 is not above 5, the last one given", ToolResult.Refusal(ExitCode.Conflict, "pack", _workshop.Image("1.5.0"), "--version", "1.5.0", "--counter", "3", "--out", Out));
            Assert.Contains("counter 2 is not above 3, the last one published", ToolResult.Refusal(ExitCode.Conflict, "pack", _workshop.Image("1.5.0"), "--version", "1.5.0", "--counter", "2", "--container", www, "--record", _workshop.PathOf("new.json"), "--out", _workshop.PathOf("a")));
        }

        [Fact]
        public void Files_of_other_content_are_not_overwritten_when_the_record_is_lost()
        {
            Release("1.1.0");
            File.Delete(Record);
            string image = Path.Combine(Out, "v1_1_0", "esp32-4mb", "v1_1_0.bin");
            byte[] before = File.ReadAllBytes(image);
            string sentence = ToolResult.Refusal(ExitCode.Conflict, "release", _workshop.Image("1.1.0", seed: 2), "--version", "1.1.0", "--layout", "esp32-4mb", "--out", Out);
            Assert.Contains("holds v1_1_0/", sentence);
            Assert.Contains("already, with other content", sentence);
            Assert.Equal(before, File.ReadAllBytes(image));
            Assert.False(File.Exists(Record));
        }

        [Fact]
        public void A_further_layout_and_a_signature_are_added_to_a_release()
        {
            string key = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            Release("1.1.0");
            Release("1.2.0");
            Assert.Equal(0, ToolResult.Of([.. ReleaseArgs("1.1.0")[..4], "--layout", "esp32-16mb", "esp32-4mb", "--key", key, "--out", Out]).ExitCode);
            Assert.Equal(1, CounterOf("1.1.0", "esp32-16mb"));
            Assert.Equal(0, ToolResult.Of("verify", Path.Combine(Out, "v1_1_0", "esp32-4mb", "v1_1_0.jws"), "--key", key).ExitCode);
            JsonArray files = JsonNode.Parse(File.ReadAllText(Record))!["releases"]![0]!["files"]!.AsArray();
            Assert.Equal(7, files.Count);
        }

        [Fact]
        public void Build_metadata_makes_no_other_version()
        {
            Assert.Equal(0, ToolResult.Of("release", _workshop.Image("1.1.0"), "--version", "1.1.0+a", "--layout", "esp32-4mb", "--out", Out).ExitCode);
            Assert.Contains("1.1.0+a was released already, and to devices 1.1.0+b is the same version", ToolResult.Refusal(ExitCode.Conflict, "release", _workshop.Image("1.1.0"), "--version", "1.1.0+b", "--layout", "esp32-4mb", "--out", Out));
        }

        [Fact]
        public void The_record_of_another_product_is_refused()
        {
            Release("1.1.0", "--provider", "Contoso", "--name", "Washer");
            Assert.Contains("is the record of 'Contoso Washer', and this release is of 'Contoso Dryer'", ToolResult.Refusal(ExitCode.Usage, [.. ReleaseArgs("1.2.0"), "--provider", "Contoso", "--name", "Dryer"]));
            Release("1.2.0", "--provider", "Contoso", "--name", "Washer");
        }

        [Fact]
        public void The_highest_counter_has_no_successor()
        {
            Directory.CreateDirectory(Out);
            File.WriteAllText(Record, $$"""{"releases":[{"version":"1.0.0","counter":{{uint.MaxValue}},"files":[]}]}""");
            Assert.Contains($"no counter is left: {uint.MaxValue} was given", ToolResult.Refusal(ExitCode.Usage, ReleaseArgs("1.1.0")));
            Assert.Contains("no counter is left", ToolResult.Refusal(ExitCode.Usage, "pack", _workshop.Image("1.1.0"), "--version", "1.1.0", "--counter", "next", "--out", Out));
            _workshop.Pack("1.1.0", "--counter", $"{uint.MaxValue}");
            Assert.Contains("no counter is left", ToolResult.Refusal(ExitCode.Usage, "rollback", _workshop.PathOf("firmware"), "--to", "1.1.0"));
        }

        [Theory]
        [InlineData("", "is no JSON object")]
        [InlineData("[]", "is no JSON object")]
        [InlineData("{\"releases\":[{\"version\":\"1.1.0\",\"counter\":1,\"files\":[]}", "is no JSON object")]
        [InlineData("{}", "it has no list of releases")]
        [InlineData("{\"releases\":[null]}", "each release has a version")]
        [InlineData("{\"releases\":[{\"version\":\"1.1.0\",\"counter\":-1,\"files\":[]}]}", "each release has a version")]
        [InlineData("{\"releases\":[{\"version\":\"1.1.0\",\"counter\":0,\"files\":[]}]}", "a counter is 0")]
        [InlineData("{\"releases\":[{\"version\":\"1.1\",\"counter\":1,\"files\":[]}]}", "'1.1' is no semantic version")]
        [InlineData("{\"releases\":[{\"version\":\"1.1.0\",\"counter\":1}]}", "each release has a version")]
        [InlineData("{\"releases\":[{\"version\":\"1.1.0\",\"counter\":1,\"files\":[{\"name\":\"a\"}]}]}", "each release has a version")]
        [InlineData("{\"provider\":5,\"releases\":[]}", "is no record of releases")]
        [InlineData("{\"releases\":[{\"version\":\"1.1.0\",\"counter\":1,\"files\":[]},{\"version\":\"1.2.0\",\"counter\":1,\"files\":[]}]}", "two releases have the same counter")]
        public void A_damaged_record_is_not_begun_anew(string text, string reason)
        {
            Directory.CreateDirectory(Out);
            File.WriteAllText(Record, text);
            string[] pack = ["pack", _workshop.Image("1.1.0"), "--version", "1.1.0", "--counter", "next", "--out", Out];
            foreach (string sentence in new[] { ToolResult.Refusal(ExitCode.Usage, pack), ToolResult.Refusal(ExitCode.Usage, ReleaseArgs("1.1.0")) })
            {
                Assert.Contains("is no record of releases", sentence);
                Assert.Contains(reason, sentence);
                Assert.Contains("Restore it", sentence);
                Assert.Equal(2, sentence.Split(Record).Length);
            }

            Assert.Equal(text, File.ReadAllText(Record));
        }

        [Fact]
        public void What_cannot_be_a_record_is_named()
        {
            string image = _workshop.Image("1.1.0");
            string[] pack = ["pack", image, "--version", "1.1.0", "--counter", "next", "--out", Out, "--record"];
            Assert.Contains("is a folder: name the record's file", ToolResult.Refusal(ExitCode.Usage, [.. pack, _workshop.Folder]));
            Assert.Contains("cannot lock", ToolResult.Refusal(ExitCode.Usage, [.. pack, Path.Combine(image, "releases.json")]));
            Assert.Contains("is no record of releases", ToolResult.Refusal(ExitCode.Usage, [.. pack, image]));
            Assert.Contains("--record is empty", ToolResult.Refusal(ExitCode.Usage, [.. pack, ""]));
            Assert.Contains("--record keeps counters", ToolResult.Refusal(ExitCode.Usage, "pack", image, "--version", "1.1.0", "--out", Out, "--record", Record));
        }

        [Fact]
        public void An_update_without_a_counter_beside_a_record_is_noticed()
        {
            Assert.Equal(1, Pack("1.1.0"));
            ToolResult result = ToolResult.Of("pack", _workshop.Image("1.2.0"), "--version", "1.2.0", "--out", Out);
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("devices that applied one refuse it (CounterTooLow)", result.Output);
        }

        [Fact]
        public void A_record_is_no_manifest_to_those_who_read_the_folder()
        {
            Assert.Equal(1, Pack("1.1.0"));
            // As hostile as it gets: a record that reads like a manifest.
            File.Copy(Path.Combine(Out, "v1_1_0.json"), Record, overwrite: true);
            File.WriteAllText(Record, File.ReadAllText(Record).Replace("\"counter\": 1", "\"counter\": 99", StringComparison.Ordinal));
            ToolResult publish = ToolResult.Of("publish", Out, "--container", _workshop.PathOf("www"), "--json");
            Assert.Equal((0, 2), (publish.ExitCode, (int?)publish.Last["files"]));
            Assert.Equal(0, ToolResult.Of("rollback", Out, "--to", "1.1.0").ExitCode);
            Assert.True(Directory.Exists(Path.Combine(Out, "back-2")));
        }

        private string[] ReleaseArgs(string version) => ["release", _workshop.Image(version), "--version", version, "--layout", "esp32-4mb", "--out", Out];

        private void Release(string version, params string[] more)
        {
            ToolResult result = ToolResult.Of([.. ReleaseArgs(version), .. more]);
            Assert.True(result.ExitCode == 0, result.Error);
        }

        private int Pack(string version, params string[] more)
        {
            ToolResult result = ToolResult.Of(["pack", _workshop.Image(version), "--version", version, "--counter", "next", "--out", Out, .. more, "--json"]);
            Assert.True(result.ExitCode == 0, result.Error);
            return (int)result.Last["counter"]!;
        }

        private int CounterOf(string version, string layout = "esp32-4mb")
        {
            string stem = SemanticVersion.Parse(version)!.FileStem;
            return (int)JsonNode.Parse(File.ReadAllText(Path.Combine(Out, stem, layout, stem + ".json")))!["counter"]!;
        }

        private string[] Entries()
        {
            return [.. JsonNode.Parse(File.ReadAllText(Record))!["releases"]!.AsArray().Select(entry => $"{entry!["version"]} {entry["counter"]}")];
        }
    }
}
