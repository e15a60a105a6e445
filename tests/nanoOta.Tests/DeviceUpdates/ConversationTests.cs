using System.Text.Json.Nodes;
using nanoOta.Tests.Devices;
using nanoOta.Tests.Signing;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>Whole conversations, the service's side played: cancels, retries, replaced workflows, rollbacks.</summary>
    public sealed class ConversationTests
    {
        private readonly DeploymentBench _bench = new();

        private string[] Told => _bench.Told;

        [Fact]
        public void A_deployment_is_told_by_its_start_and_its_end_and_the_service_sees_the_new_version()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.Run();
            Assert.Equal(
            [
                "state 0, installed 1.0.0",
                "answer 200 to 2",
                "state 6 of workflow-1",
                "state 6",
                "state 0 of workflow-1, result 700, installed 1.1",
            ], Told);
            Assert.Equal((0, 700), ((int)_bench.Agent["state"]!, (int)_bench.Agent["lastInstallResult"]!["stepResults"]!["step_0"]!["resultCode"]!));
            Assert.Equal("""{"provider":"Contoso","name":"Washer","version":"1.1"}""", (string?)_bench.Agent["installedUpdateId"]);
        }

        [Fact]
        public void After_that_each_boot_says_idle_with_the_id_as_the_service_wrote_it()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.Run();
            _bench.Run();
            Assert.Equal("state 0, installed 1.1", Told[^1]);
            _bench.Hub.PatchDesired(DeploymentBench.CancelOf("nodeployment"));
            _bench.Run();
            Assert.Equal(["answer 200 to 3"], Told[^1..]);
            Assert.Equal("1.1", _bench.Installed);
        }

        [Fact]
        public void Of_an_image_whose_parts_a_step_names_the_device_fetches_those_that_it_lacks()
        {
            _bench.Device.Configure += options => options.Delta = new AssemblyDelta();
            byte[] library = DeploymentBuilder.Assembly(new AssemblySpec("Library", new(1, 0)), 12_000);
            foreach (ushort minor in new ushort[] { 1, 2 })
            {
                byte[] image = [.. library, .. DeploymentBuilder.Assembly(new AssemblySpec("App", new(1, minor)), 6000, minor)];
                _bench.Device.Server.Put(DeploymentBench.Files + "f1.bin", image);
                string manifest = DeploymentBench.Manifest($"1.{minor}", image, $"\"parts\":\"{ImageParts.Read(image)!.Base64}\"");
                _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest, $"workflow-{minor}"));
                _bench.Run();
                Assert.Equal($"1.{minor}", _bench.Installed);
                Assert.Equal(minor == 1 ? 18_000 : 24_000, _bench.Device.Server.ImageBytesRead);
            }
        }

        [Fact]
        public void A_cancel_during_the_download_ends_it_and_the_device_is_idle_with_the_version_before()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1", 200_000)));
            _bench.AtBytes(50_000, () => _bench.Hub.PatchDesired(DeploymentBench.CancelOf(DeploymentBench.First)));
            _bench.Run();
            Assert.Equal(["answer 200 to 3", "state 0 of workflow-1, result -1, installed 1.0.0"], Told[^2..]);
            Assert.InRange(_bench.Device.Server.ImageBytesRead, 50_000, 150_000);
            Assert.Equal("1.0.0", _bench.Device.Status.Current);
        }

        [Fact]
        public void A_cancel_while_the_signature_is_being_verified_is_heard()
        {
            var clock = new VirtualClock(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };
            DeviceClock.Current = clock;
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            IUpdateChannel channel = _bench.Device.MakeChannel!(HostOptions.Create());
            channel.Report(new UpdateStatus { Current = "1.0.0" });
            bool isCancelled = false;
            for (int step = 0; step < 500; step++)
            {
                // Verification is many steps, and each takes its time.
                channel.Step(clock.TickCount64);
                clock.Skip(10);
                Assert.Null(channel.Offer);
                if (_bench.Channel!.IsOccupied && !isCancelled)
                {
                    isCancelled = true;
                    _bench.Hub.PatchDesired(DeploymentBench.CancelOf(DeploymentBench.First));
                }
            }

            Assert.Equal((true, false), (isCancelled, _bench.Channel!.IsOccupied));
            Assert.Equal(["state 0, installed 1.0.0", "answer 200 to 3"], Told);
        }

        [Fact]
        public void A_failed_deployment_is_tried_again_when_the_retry_timestamp_changes_which_stays_the_text_it_is()
        {
            string manifest = _bench.Publish("1.1");
            _bench.Device.Server.Put(DeploymentBench.Files + "f1.bin", Bench.Deployment("1.1.0", seed: 9));
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest));
            _bench.Run();
            Assert.Equal(["state 255 of workflow-1, result 0", "state 0 of workflow-1, result 0, installed 1.0.0"], Told[^2..]);

            _bench.Publish("1.1");
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest, retry: "2026-11-20T13:00:00.1234567Z"));
            _bench.Run();
            Assert.Equal("state 0 of workflow-1 (2026-11-20T13:00:00.1234567Z), result 700, installed 1.1", Told[^1]);
        }

        [Fact]
        public void A_version_that_fails_its_self_test_is_reported_failed_and_idle_with_the_version_before()
        {
            _bench.Device.SelfTest = SelfTestMode.Fail;
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.Run();
            Assert.Equal(["state 255 of workflow-1, result 0", "state 0 of workflow-1, result 0, installed 1.0.0"], Told[^2..]);
            Assert.Equal("nanoOta 700", (string?)_bench.Agent["lastInstallResult"]!["resultDetails"]);

            // The same update in another deployment is another try.
            _bench.Device.SelfTest = SelfTestMode.Pass;
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1"), "workflow-2"));
            _bench.Run();
            Assert.Equal("state 0 of workflow-2, result 700, installed 1.1", Told[^1]);
        }

        [Fact]
        public void A_new_workflow_replaces_the_one_that_is_running()
        {
            string second = DeploymentBench.Manifest("1.2", Bench.Deployment("1.2.0"));
            _bench.Device.Server.Put(DeploymentBench.Files + "f2.bin", Bench.Deployment("1.2.0"));
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1", 200_000)));
            _bench.AtBytes(50_000, () => _bench.Hub.PatchDesired(DeploymentBench.Request(second, "workflow-2", url: DeploymentBench.Files + "f2.bin")));
            _bench.Run();
            Assert.Equal("state 0 of workflow-2, result 700, installed 1.2", Told[^1]);
            Assert.DoesNotContain(Told, words => words.Contains("255") || words.Contains("of workflow-1, result -1"));
        }

        [Fact]
        public void A_request_that_comes_while_the_device_is_busy_is_rejected_and_followed_when_the_twin_is_fetched_later()
        {
            bool busy = true;
            _bench.Options.IsBusy = () => busy;
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.Run();
            Assert.Equal(["answer 406 to 2: nanoOta 12"], Told[^1..]);
            Assert.Equal(ResultCode.Busy, _bench.Channel!.Rejection);
            busy = false;
            _bench.Run();
            Assert.Equal("state 0 of workflow-1, result 700, installed 1.1", Told[^1]);
        }

        [Fact]
        public void A_busy_device_looks_again_when_any_patch_rings()
        {
            bool busy = true;
            _bench.Options.IsBusy = () => busy;
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.At(600, () =>
            {
                busy = false;
                _bench.Hub.PatchDesired("""{"somebody":"else"}""");
            });
            _bench.RunUntil(() => Told[^1].EndsWith("installed 1.1"));
            Assert.Contains("answer 200 to 3", Told);
        }

        [Fact]
        public void The_published_request_is_read_and_rejected_because_its_hash_does_not_hold()
        {
            string component = File.ReadAllText(TestFiles.PathOf("adu", "adu-freertos-desired-deviceUpdate-v5.json"));
            _bench.Options.RootKeys = null;
            _bench.Hub.Twin.ReplaceDesired($$"""{"deviceUpdate":{{component}}}""");
            _bench.Run();
            Assert.Equal("answer 406 to 2: nanoOta 514", Told[^1]);
        }

        [Fact]
        public void The_published_nodeployment_is_acknowledged_and_nothing_else()
        {
            string component = File.ReadAllText(TestFiles.PathOf("adu", "adu-freertos-desired-nodeployment-nulls.json"));
            _bench.Hub.Twin.ReplaceDesired($$"""{"deviceUpdate":{{component}}}""");
            _bench.Run();
            Assert.Equal(["state 0, installed 1.0.0", "answer 200 to 2"], Told.Order(StringComparer.Ordinal).Reverse());
            Assert.Equal(RunEnd.Settled, _bench.Run());
        }

        [Theory]
        [InlineData(0)]
        [InlineData(1)]
        [InlineData(2)]
        [InlineData(4)]
        public void An_action_of_the_preview_is_rejected(int action)
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")).Replace("\"action\":3", $"\"action\":{action}"));
            _bench.Run();
            Assert.Equal("answer 406 to 2: nanoOta 100", Told[^1]);
        }

        [Fact]
        public void A_request_without_a_workflow_id_is_not_answered()
        {
            string manifest = _bench.Publish("1.1");
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(manifest).Replace("\"id\":\"workflow-1\"", "\"id\":null"));
            _bench.Run();
            Assert.Equal(["state 0, installed 1.0.0"], Told);
        }

        [Fact]
        public void A_request_that_goes_during_the_download_ends_it_without_a_report()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1", 200_000)));
            _bench.AtBytes(50_000, () => _bench.Hub.PatchDesired("{\"deviceUpdate\":null}"));
            Assert.Equal(RunEnd.Settled, _bench.Run());
            Assert.Equal(["state 0, installed 1.0.0", "answer 200 to 2", "state 6 of workflow-1"], Told);
            Assert.Equal(ResultCode.Cancelled, _bench.Device.Status.LastCode);
        }

        [Fact]
        public void The_reports_have_the_shape_of_the_published_ones()
        {
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.Run();
            string[] reports = [.. _bench.Hub.Reports.Where(report => report.Contains("deviceUpdate\""))];
            AssertShape("adu-freertos-reported-service-ack.json", JsonNode.Parse(reports.First(report => report.Contains("\"ac\"")))!, "ad");
            AssertShape("adu-freertos-reported-agent-idle.json", JsonNode.Parse(reports[0])!, "doVer");
            AssertShape("adu-freertos-reported-agent-full.json", _bench.Reported, "doVer", "abc", "def");
            Assert.Equal(["manufacturer", "model", "osName", "processorArchitecture", "processorManufacturer", "swVersion", "totalMemory", "totalStorage"],
                _bench.Reported["deviceInformation"]!.AsObject().Select(member => member.Key).Where(name => name != "__t").Order(StringComparer.Ordinal));
        }

        [Fact]
        public void No_value_is_longer_than_the_twin_takes_with_the_longest_names_that_Device_Update_takes()
        {
            string longest = new('x', 64);
            _bench.Options.Manufacturer = longest;
            _bench.Options.Model = longest;
            _bench.Options.CompatibilityNames = [new('a', 32), new('b', 32), new('c', 32)];
            _bench.Options.CompatibilityValues = [longest, longest, longest];
            _bench.Run();
            Assert.Equal("state 0, installed 1.0.0", Told[^1]);
            Assert.InRange(_bench.Hub.Reports.Max(report => report.Length), 500, 4096);
            _bench.Options.CompatibilityNames = [new('a', 32), new('b', 32), new('c', 32), "d"];
            Assert.Throws<ArgumentException>(() => new DeviceUpdateChannel(HostOptions.Create(), _bench.Options, _bench.Connection!));
        }

        [Fact]
        public void A_step_whose_installed_criteria_is_what_is_installed_is_left_out()
        {
            _bench.Options.Modules = [new InstalledModule("1.0.0")];
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1", step: "\"installedCriteria\":\"1.0\"")));
            _bench.Run();
            Assert.Equal(["answer 200 to 2", "state 6 of workflow-1", "state 0 of workflow-1, result 700, installed 1.1"], Told[^3..]);
            Assert.Equal((0, 603), ((int)_bench.Device.Server.ImageBytesRead, (int)_bench.Agent["lastInstallResult"]!["stepResults"]!["step_0"]!["resultCode"]!));
        }

        [Fact]
        public void A_step_whose_installed_criteria_is_what_is_on_trial_is_not_left_out()
        {
            _bench.Options.Modules = [new InstalledModule("1.1.0", TrialPhase.Running)];
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1", step: "\"installedCriteria\":\"1.1\"")));
            _bench.Run();
            Assert.InRange(_bench.Device.Server.ImageBytesRead, 1, long.MaxValue);
            Assert.Equal(700, (int)_bench.Agent["lastInstallResult"]!["stepResults"]!["step_0"]!["resultCode"]!);
        }

        [Fact]
        public void An_update_may_have_another_version_than_its_image_whose_version_is_the_installed_criteria()
        {
            byte[] image = Bench.Deployment("1.1.0");
            _bench.Device.Server.Put(DeploymentBench.Files + "f1.bin", image);
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(DeploymentBench.Manifest("2.0", image, "\"installedCriteria\":\"1.1.0\"")));
            _bench.Run();
            Assert.Equal("state 0 of workflow-1, result 700, installed 2.0", Told[^1]);
        }

        [Fact]
        public void A_lost_report_is_sent_again_and_in_its_place()
        {
            var times = new List<TimeSpan>();
            _bench.Hub.Faults.OnReport = () =>
            {
                times.Add(_bench.Device.Clock!.Elapsed);
                return times.Count % 2 == 1 ? 500 : null;
            };
            _bench.Hub.Twin.ReplaceDesired(DeploymentBench.Request(_bench.Publish("1.1")));
            _bench.Run();
            Assert.Equal("state 0 of workflow-1, result 700, installed 1.1", Told[^1]);
            Assert.Equal("state 6 of workflow-1", Told[Array.IndexOf(Told, "answer 200 to 2") + 1]);

            // At most 10 s for its answer, a twin, and the first back-off each time: a report that arrived ends the failures before it.
            Assert.All(times.Chunk(2), pair => Assert.InRange((pair[1] - pair[0]).TotalSeconds, 5, 18));
        }

        private static void AssertShape(string file, JsonNode told, params string[] otherwise)
        {
            string[] theirs = Members(JsonNode.Parse(File.ReadAllText(TestFiles.PathOf("adu", file)))!["deviceUpdate"]!, "").ToArray();
            string[] ours = Members(told["deviceUpdate"]!, "").ToArray();
            Assert.Superset(theirs.Where(member => !otherwise.Any(name => member.StartsWith($"/agent/deviceProperties/{name}"))).ToHashSet(), ours.ToHashSet());
        }

        private static IEnumerable<string> Members(JsonNode node, string path)
        {
            return node is JsonObject value ? value.Where(member => member.Value != null).SelectMany(member => Members(member.Value!, $"{path}/{member.Key}"))
                : [$"{path}: {node.GetValueKind()}"];
        }

        private sealed class InstalledModule(string version, TrialPhase trial = TrialPhase.None) : UpdateModule
        {
            public override bool Handles(string id) => id == "deployment";

            public override string VersionOf(string id) => version;

            public override void GetStatus(ModuleStatus status) => status.Trial = trial;

            public override ResultCode Prepare(ManifestComponent component, int offset) => throw new NotSupportedException();

            public override ResultCode Write(byte[] buffer, int count) => throw new NotSupportedException();

            public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count) => throw new NotSupportedException();

            public override ResultCode Activate(UpdateManifest manifest, byte[] digest) => throw new NotSupportedException();

            public override ResultCode Confirm() => throw new NotSupportedException();

            public override ResultCode Revert(ResultCode reason) => throw new NotSupportedException();
        }
    }
}
