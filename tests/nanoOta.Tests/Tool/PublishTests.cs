using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    /// <summary>Publishing to a folder; tests/nanoOta.Servers.Tests does it with blob storage.</summary>
    public sealed class PublishTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string To => _workshop.PathOf("www");

        private string From => _workshop.PathOf("firmware");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void A_folder_takes_images_and_manifests_once()
        {
            _workshop.Pack("1.1.0");
            ToolResult first = Publish();
            Assert.True(first.ExitCode == 0, first.Error);
            Assert.Equal(["v1_1_0.bin true", "v1_1_0.json true"], first.Events[..2].Select(e => $"{e["file"]} {e["new"]}"));
            Assert.Equal(File.ReadAllBytes(Path.Combine(From, "v1_1_0.bin")), File.ReadAllBytes(Path.Combine(To, "v1_1_0.bin")));
            ToolResult second = Publish();
            Assert.Equal((0, 0), (second.ExitCode, (int)second.Last["new"]!));
        }

        [Fact]
        public void Other_content_of_a_published_version_is_refused_and_no_manifest_is_written()
        {
            _workshop.Pack("1.1.0");
            Assert.Equal(0, Publish().ExitCode);
            byte[] manifest = File.ReadAllBytes(Path.Combine(To, "v1_1_0.json"));
            Directory.Delete(From, recursive: true);
            Assert.Equal(0, ToolResult.Of("pack", _workshop.Image("1.1.0", seed: 5), "--version", "1.1.0", "--out", From).ExitCode);
            Assert.Contains("v1_1_0.bin already, with other content", ToolResult.Refusal(ExitCode.Conflict, "publish", From, "--container", To));
            Assert.Equal(manifest, File.ReadAllBytes(Path.Combine(To, "v1_1_0.json")));
        }

        [Fact]
        public void A_folder_whose_files_are_not_what_the_manifest_says_is_not_published()
        {
            _workshop.Pack("1.1.0");
            File.Copy(_workshop.Image("1.1.0", seed: 5), Path.Combine(From, "v1_1_0.bin"), overwrite: true);
            Assert.Contains("v1_1_0.json: v1_1_0.bin: Its SHA-256", ToolResult.Refusal(ExitCode.Unsound, "publish", From, "--container", To));
            File.Delete(Path.Combine(From, "v1_1_0.bin"));
            Assert.Contains("names v1_1_0.bin, which does not lie beside it", ToolResult.Refusal(ExitCode.Unsound, "publish", From, "--container", To));
            Assert.False(Directory.Exists(To));
        }

        [Fact]
        public void The_folder_of_a_release_holds_folders_of_layouts_and_one_of_them_is_named()
        {
            string releases = _workshop.PathOf("releases");
            Assert.EndsWith($"nanoota publish {releases}/v1_1_0/esp32-4mb\n", ToolResult.Of("release", _workshop.Image("1.1.0"), "--version", "1.1.0", "--layout", "esp32-4mb", "--out", releases).Output.Replace('\\', '/'));
            foreach (string folder in new[] { releases, Path.Combine(releases, "v1_1_0") + Path.DirectorySeparatorChar })
            {
                Assert.Contains($"such as {Path.Combine(releases, "v1_1_0", "esp32-4mb")}.", ToolResult.Refusal(ExitCode.NoTarget, "publish", folder, "--container", To));
            }

            Assert.Contains("no manifest of version 1.2.0: pack an update into it first", ToolResult.Refusal(ExitCode.NoTarget, "publish", Path.Combine(releases, "v1_1_0", "esp32-4mb"), "--version", "1.2.0", "--container", To));
        }

        [Theory]
        [InlineData(28)]
        [InlineData(unchecked((int)0x80070070))]
        public void A_full_disk_is_called_so(int error)
        {
            Failure failure = Assert.Throws<Failure>(() => Failure.OfFiles<int>("cannot write v1_1_0.bin", () => throw new IOException("v1_1_0.bin.new", error)));
            Assert.Equal("cannot write v1_1_0.bin: the disk is full. Make room, and run the command again.", failure.Message);
        }

        [Fact]
        public void One_version_of_several_is_published_when_it_is_named()
        {
            _workshop.Pack("1.1.0");
            _workshop.Pack("1.2.0");
            Assert.Equal(2, (int)Publish("--version", "1.2.0").Last["files"]!);
            Assert.False(File.Exists(Path.Combine(To, "v1_1_0.json")));
            Assert.Contains("no manifest of version 1.3.0", ToolResult.Refusal(ExitCode.NoTarget, "publish", From, "--container", To, "--version", "1.3.0"));
        }

        [Fact]
        public void A_container_that_cannot_be_meant_is_explained()
        {
            _workshop.Pack("1.1.0");
            Assert.Contains("NANOOTA_STORAGE", ToolResult.Refusal(ExitCode.Usage, "publish", From, "--container", "firmware"));
            Assert.Contains("--container is needed", ToolResult.Refusal(ExitCode.Usage, "publish", From));
            Assert.Contains("is not a container", ToolResult.Refusal(ExitCode.Usage, "publish", From, "--container", "https://contoso.blob.core.windows.net/"));
        }

        [Fact]
        public void A_signature_that_has_expired_is_noticed_before_anything_is_sent()
        {
            _workshop.Pack("1.1.0");
            string sentence = ToolResult.Refusal(ExitCode.Denied, "publish", From, "--container", "https://contoso.blob.core.windows.net/firmware?sv=2024-11-04&se=2020-01-01T00%3A00%3A00Z&sr=c&sp=cw&sig=c2VjcmV0");
            Assert.Contains("expired at 2020-01-01 00:00 UTC", sentence);
            Assert.DoesNotContain("c2VjcmV0", sentence);
        }

        [Fact]
        public void Settings_come_from_a_file_when_no_option_says_them()
        {
            _workshop.Pack("1.1.0");
            string file = _workshop.Write("settings.json", $$"""{"container":{{System.Text.Json.JsonSerializer.Serialize(To)}}}""");
            Assert.Equal(0, ToolResult.Of("publish", From, "--settings", file).ExitCode);
            Assert.True(File.Exists(Path.Combine(To, "v1_1_0.json")));
            Assert.EndsWith("settings.json is no JSON object, line 2.", ToolResult.Refusal(ExitCode.Usage, "publish", From, "--settings", _workshop.Write("settings.json", "{\n\"container\": secret}")));
            Assert.Contains("\"container\" is no text", ToolResult.Refusal(ExitCode.Usage, "publish", From, "--settings", _workshop.Write("settings.json", "{\"container\": 7}")));
        }

        [Fact]
        public void Settings_may_begin_with_a_byte_order_mark_and_name_nothing_twice()
        {
            _workshop.Pack("1.1.0");
            string container = System.Text.Json.JsonSerializer.Serialize(To);
            Assert.Equal(0, ToolResult.Of("publish", From, "--settings", _workshop.Write("settings.json", $$"""\ufeff{"container":{{container}}}""".Replace("\\ufeff", "\ufeff"))).ExitCode);
            foreach (string text in new[] { $$"""{"container":"a","container":{{container}}}""", "{\"container\":\"\\ud800\"}" })
            {
                Assert.EndsWith("settings.json is no JSON object.", ToolResult.Refusal(ExitCode.Usage, "publish", From, "--settings", _workshop.Write("settings.json", text)));
            }
        }

        [Fact]
        public async Task Of_several_who_publish_the_same_name_at_the_same_time_one_writes_it_whole()
        {
            for (int round = 0; round < 20; round++)
            {
                await PublishAtTheSameTime($"v1_1_{round}.bin");
                Assert.Equal(round + 1, Directory.GetFiles(To).Length);
            }
        }

        private async Task PublishAtTheSameTime(string name)
        {
            var container = new nanoOta.Tool.Publishing.FolderContainer(To, null);
            byte[][] contents = [.. Enumerable.Range(1, 8).Select(i => Enumerable.Repeat((byte)i, 100_000).ToArray())];
            using var together = new Barrier(contents.Length);
            bool[] isNew = await Task.WhenAll(contents.Select(content => Task.Factory.StartNew(() =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return container.CreateAsync(name, content, new Progress<long>(), TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            int winner = Array.IndexOf(isNew, true);
            Assert.Equal(1, isNew.Count(one => one));
            Assert.Equal(contents[winner], File.ReadAllBytes(Path.Combine(To, name)));
        }

        private ToolResult Publish(params string[] more)
        {
            return ToolResult.Of(["publish", From, "--container", To, "--json", .. more]);
        }
    }
}
