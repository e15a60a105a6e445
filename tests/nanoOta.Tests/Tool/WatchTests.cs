using System.Text.Json.Nodes;
using nanoOta.Tests.Deltas;
using nanoOta.Tool;
using nanoOta.Tool.Watching;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Tool
{
    public sealed class WatchTests : IDisposable
    {
        private static readonly AssemblyReference _core = new("mscorlib", new AssemblyVersion(1, 17, 11));

        private readonly Workshop _workshop = new();
        private readonly ManualTime _time = new();
        private readonly List<JsonObject> _told = [];

        public WatchTests()
        {
            Directory.CreateDirectory(_workshop.PathOf("bin"));
        }

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void Each_build_reaches_the_device_and_is_confirmed()
        {
            string device = _workshop.Device();
            Build("1.0.0", seed: 1);
            using var watch = new ServingTool("watch", _workshop.PathOf("bin"), "--dir", _workshop.PathOf("dev"), "--layout", "esp32-4mb", "--json");
            string url = watch.Url + "latest.json";
            for (int build = 1; build <= 3; build++)
            {
                Build("1.0.0", seed: build);
                Assert.Equal($"1.0.0-dev.{build}", (string?)watch.Event("published")["version"]);
                ToolResult run = ToolResult.Of("device", "run", "--state", device, "--manifest-url", url, "--json");
                Assert.True((0, $"1.0.0-dev.{build}", "Applied") == (run.ExitCode, (string?)run.Last["version"], (string?)run.Last["code"]), run.Output);
                JsonObject report;
                do
                {
                    report = watch.Event("report")["ota"]!.AsObject();
                }
                while (((string?)report["current"], (string?)report["state"]) != ($"1.0.0-dev.{build}", "idle"));
            }
        }

        [Fact]
        public void Two_at_the_same_time_do_not_pack_into_one_folder()
        {
            string folder = _workshop.PathOf("dev");
            using var watch = new ServingTool("watch", _workshop.PathOf("bin"), "--dir", folder, "--json");
            Assert.NotNull(watch.Url);
            var error = new StringWriter();

            // One that would serve has to end at once.
            Assert.Equal((int)ExitCode.Conflict, CommandLine.Run(["watch", _workshop.PathOf("bin"), "--dir", folder, "--port", "0"], TextWriter.Null, error, stop: new CancellationToken(canceled: true)));
            Assert.Contains($"another nanoota has {folder} (it holds {Path.Combine(folder, ".watch.lock")})", error.ToString());
            Assert.Equal(0, watch.Stop());
            using var next = new ServingTool("watch", _workshop.PathOf("bin"), "--dir", folder, "--json");
            Assert.NotNull(next.Url);
        }

        [Fact]
        public void After_a_build_only_what_changed_of_the_application_travels()
        {
            string device = _workshop.Device();
            byte[] library = DeploymentBuilder.Assembly(new("Library", new(1, 0)), 30_000);
            void BuildApp(byte build) => File.WriteAllBytes(_workshop.PathOf("bin/App.bin"), [.. library, .. EditedAssembly.Overwrite(DeploymentBuilder.Assembly(new("App", new(1, 0)), 8000, seed: 1), 4000, build)]);
            BuildApp(1);
            using var watch = new ServingTool("watch", _workshop.PathOf("bin"), "--dir", _workshop.PathOf("dev"), "--layout", "esp32-4mb", "--json");
            string url = watch.Url + "latest.json";
            for (byte build = 1; build <= 2; build++)
            {
                BuildApp(build);
                JsonObject published = watch.Event("published");
                ToolResult run = ToolResult.Of("device", "run", "--state", device, "--manifest-url", url, "--json");
                Assert.True((0, $"1.0.0-dev.{build}", "Applied") == (run.ExitCode, (string?)run.Last["version"], (string?)run.Last["code"]), run.Output);
                long manifest = new FileInfo(_workshop.PathOf($"dev/v1_0_0-dev_{build}.json")).Length;
                long image = build == 1 ? 38_000 : (long)published["fetched"]!;
                Assert.InRange(image, build == 1 ? 38_000 : 20, build == 1 ? 38_000 : 200);

                // The manifest is looked at again after the trial.
                Assert.InRange((long)run.Last["bytesFetched"]!, image + manifest, image + (3 * manifest));
            }
        }

        [Fact]
        public void A_build_is_taken_when_nothing_was_written_for_a_moment()
        {
            BuildWatcher watcher = Watcher();
            Build("1.0.0");
            watcher.Look();
            Pass(watcher, BuildWatcher.Quiet / 2);
            Build("1.0.0", seed: 2);
            Pass(watcher, BuildWatcher.Quiet / 2);
            Pass(watcher, BuildWatcher.Quiet / 2);
            Assert.Empty(_told);
            Pass(watcher, BuildWatcher.Quiet / 2);
            Assert.Equal("published", (string?)Assert.Single(_told)["event"]);
            Pass(watcher, BuildWatcher.Quiet * 10);
            Assert.Single(_told);
        }

        [Fact]
        public void A_board_with_the_build_before_fetches_a_patch_and_patches_go_with_their_build()
        {
            BuildWatcher watcher = Watcher();
            for (int build = 1; build <= 5; build++)
            {
                byte[] image = EditedAssembly.Overwrite(DeploymentBuilder.Assembly(new("App", new(1, 2, 3)), 8000, seed: 1), 4000, (byte)build);
                File.WriteAllBytes(_workshop.PathOf("bin/App.bin"), image);
                Settle(watcher);
                Assert.Equal(("published", $"1.2.3-dev.{build}"), ((string?)_told[^1]["event"], (string?)_told[^1]["version"]));
                Assert.InRange((int?)_told[^1]["fetched"] ?? 0, build == 1 ? 0 : 30, build == 1 ? 0 : 200);
            }

            string[] files = [.. Directory.GetFiles(_workshop.PathOf("dev"), "*.lz4").Select(Path.GetFileName).Order()!];
            Assert.Equal(8, files.Length);
            Assert.Contains("v1_2_3-dev_5.from-v1_2_3-dev_4.lz4", files);
            Assert.All(files, file => Assert.Matches(@"^v1_2_3-dev_[345]\.from-", file));
            Assert.Equal(0, ToolResult.Of("inspect", _workshop.PathOf("dev/v1_2_3-dev_5.json")).ExitCode);
        }

        [Fact]
        public void What_is_not_sound_or_not_complete_is_not_served_and_the_next_build_is()
        {
            BuildWatcher watcher = Watcher();
            File.WriteAllBytes(_workshop.PathOf("bin/App.dll"), [.. "MZ"u8]);
            Settle(watcher);
            AssertTold("refused", "there is no build.");
            AssertTold("refused", "It has a .dll, which a board does not run");
            byte[] image = Bench(7);
            File.WriteAllBytes(_workshop.PathOf("bin/App.bin"), image[..^100]);
            Settle(watcher);
            AssertTold("refused", "Not a sound image");
            image[5000] ^= 1;
            File.WriteAllBytes(_workshop.PathOf("bin/App.bin"), image);
            Settle(watcher);
            AssertTold("refused", "Not a sound image");
            Assert.Null(Versions().Find("latest.json"));
            Build("1.0.0", seed: 7);
            Settle(watcher);
            Assert.Equal("published", (string?)_told[^1]["event"]);
        }

        [Fact]
        public void A_deployment_that_does_not_hold_the_application_as_it_is_now_is_the_last_builds()
        {
            BuildWatcher watcher = Watcher();
            File.WriteAllBytes(_workshop.PathOf("bin/App.bin"), Deployment(seed: 1));
            WriteParts(seed: 2);
            Settle(watcher);
            AssertTold("refused", "App.bin does not hold App.pe as it is now");
            File.WriteAllBytes(_workshop.PathOf("bin/App.bin"), Deployment(seed: 2));
            Settle(watcher);
            Assert.Equal(("published", "App.bin"), ((string?)_told[^1]["event"], (string?)_told[^1]["source"]));
        }

        [Fact]
        public void Without_a_deployment_it_is_made_of_the_assemblies_with_the_application_last()
        {
            BuildWatcher watcher = Watcher();
            WriteParts(seed: 3);
            Settle(watcher);
            Assert.Equal(("published", "1.2.3-dev.1"), ((string?)_told[^1]["event"], (string?)_told[^1]["version"]));
            Assert.Equal(Deployment(seed: 3), Versions().Find("v1_2_3-dev_1.bin"));
            File.WriteAllBytes(_workshop.PathOf("bin/Old.pe"), DeploymentBuilder.Assembly(new("Old", new(1, 0)), 1000));
            Settle(watcher);
            AssertTold("refused", "several applications: App, Old.");
        }

        [Fact]
        public void Several_deployments_are_no_build()
        {
            BuildWatcher watcher = Watcher();
            Build("1.0.0");
            File.Copy(_workshop.PathOf("bin/App.bin"), _workshop.PathOf("bin/Old.bin"));
            File.WriteAllText(_workshop.PathOf("bin/notes.bin"), "not an image");
            Settle(watcher);
            AssertTold("refused", "several deployments: App.bin, Old.bin.");
        }

        [Fact]
        public void The_number_goes_on_where_it_left_off_whatever_the_version_and_the_last_build_is_the_latest()
        {
            Build("1.3.0");
            Settle(Watcher());
            Build("1.2.0");
            Settle(Watcher());
            Assert.Equal("1.2.0-dev.2", (string?)_told[^1]["version"]);
            DevelopmentVersions versions = Versions();
            byte[] latest = versions.Find("latest.json")!;
            ManifestReader.Read(latest, 0, latest.Length, out UpdateManifest? manifest);
            Assert.Equal(("1.2.0-dev.2", 2u, true), (manifest!.Version.Text, manifest.Counter, manifest.AllowDowngrade));
            Settle(Watcher());
            Assert.Equal(("unchanged", "1.2.0-dev.2"), ((string?)_told[^1]["event"], (string?)_told[^1]["version"]));
        }

        [Fact]
        public void Only_the_last_few_builds_are_kept_and_others_files_stay()
        {
            Directory.CreateDirectory(_workshop.PathOf("dev"));
            File.Copy(_workshop.Image("1.0.0"), _workshop.PathOf("dev/mine.bin"));
            ToolResult.Of("pack", _workshop.Image("1.0.0"), "--version", "1.0.0-rc.1", "--counter", "1", "--out", _workshop.PathOf("dev"));
            BuildWatcher watcher = Watcher();
            for (int seed = 1; seed <= 5; seed++)
            {
                Build("1.0.0", seed);
                Settle(watcher);
            }

            string[] names = [.. Directory.GetFiles(_workshop.PathOf("dev")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
            Assert.Equal(["mine.bin", "v1_0_0-dev_3.bin", "v1_0_0-dev_3.json", "v1_0_0-dev_4.bin", "v1_0_0-dev_4.json", "v1_0_0-dev_5.bin", "v1_0_0-dev_5.json", "v1_0_0-rc_1.bin", "v1_0_0-rc_1.json"], names);
        }

        [Fact]
        public void A_version_of_ones_own_must_be_the_images()
        {
            Build("1.0.0");
            Settle(Watcher("1.0.0-alice"));
            Assert.Equal("1.0.0-alice.1", (string?)_told[^1]["version"]);
            Build("1.0.1");
            Settle(Watcher("1.0.0-alice"));
            AssertTold("refused", "own version is 1.0.1, not 1.0.0");
        }

        [Fact]
        public void A_build_that_does_not_fit_is_not_served()
        {
            File.Copy(_workshop.Image("1.0.0", 2_000_000), _workshop.PathOf("bin/App.bin"));
            Settle(Watcher());
            Assert.Equal("refused", (string?)_told[^1]["event"]);
        }

        [Fact]
        public void A_folder_that_cannot_be_written_to_any_more_ends_nothing()
        {
            Build("1.0.0", seed: 1);
            BuildWatcher watcher = Watcher();
            Directory.Delete(_workshop.PathOf("dev"), recursive: true);
            Settle(watcher);
            Assert.Equal("refused", (string?)_told[^1]["event"]);
        }

        [Fact]
        public void What_cannot_be_watched_is_said()
        {
            Assert.Contains("build the project once", ToolResult.Refusal(ExitCode.Usage, "watch", _workshop.PathOf("none")));
            Assert.Contains("pre-release", ToolResult.Refusal(ExitCode.Usage, "watch", _workshop.PathOf("bin"), "--version", "1.2"));
            Assert.Contains("no layout", ToolResult.Refusal(ExitCode.Usage, "watch", _workshop.PathOf("bin"), "--layout", "none"));
        }

        private static byte[] Bench(int seed) => SampleImages.Deployment(new AssemblyVersion(1, 0), 40000, (ulong)seed);

        private static AssemblySpec[] Specs() => [new("mscorlib", _core.Version), new("App", new AssemblyVersion(1, 2, 3, 4)) { References = [_core] }];

        private static byte[] Deployment(int seed) => DeploymentBuilder.Build(Specs(), 6000, (ulong)seed);

        private void WriteParts(int seed)
        {
            byte[] whole = Deployment(seed);
            var read = VirtualDevice.Images.Deployment.Read(whole);
            foreach (NanoAssembly assembly in read.Assemblies)
            {
                File.WriteAllBytes(_workshop.PathOf($"bin/{assembly.Name}.pe"), whole[assembly.Offset..(assembly.Offset + (int)assembly.TotalSize)]);
            }
        }

        private void Build(string version, int seed = 0)
        {
            File.Copy(_workshop.Image(version, seed: seed), _workshop.PathOf("bin/App.bin"), overwrite: true);
            File.SetLastWriteTimeUtc(_workshop.PathOf("bin/App.bin"), DateTime.UnixEpoch.AddDays(++_builds));
        }

        private int _builds;

        private DevelopmentVersions Versions() => new(_workshop.PathOf("dev"));

        private BuildWatcher Watcher(string? stem = null)
        {
            return new BuildWatcher(new BuildOutput(_workshop.PathOf("bin")), Versions(), _time, (_, json) => _told.Add(json))
            {
                Stem = stem,
                Layout = FlashLayouts.Find("esp32-4mb"),
                Target = "ESP32_REV3",
            };
        }

        private void Pass(BuildWatcher watcher, TimeSpan time)
        {
            _time.Pass(time);
            watcher.Look();
        }

        private void Settle(BuildWatcher watcher)
        {
            watcher.Look();
            Pass(watcher, BuildWatcher.Quiet);
        }

        private void AssertTold(string name, string reason)
        {
            Assert.Equal(name, (string?)_told[^1]["event"]);
            Assert.Contains(reason, (string?)_told[^1]["reason"]);
        }
    }
}
