using nanoOta.Tests.Devices;
using nanoOta.Tests.Tool;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Offline
{
    /// <summary>
    /// The update procedure of seed document 4, in its own words. Its cloud is the operator with <c>pack</c> and a twin here; its unit is the
    /// device; its image version is the manifest's counter; its rootfs and boot are the deployment and the firmware.
    /// </summary>
    public sealed class AosProcedureTests : IDisposable
    {
        private const int Day = 24 * 3600;

        private readonly Workshop _cloud = new();
        private readonly Bench _unit = new();

        public AosProcedureTests()
        {
            // "To exclude frequently update, AosCloud should send a new update only after defined timeout (once per day for example)".
            _unit.Configure = options => options.MinimumIntervalSeconds = Day;
        }

        public void Dispose()
        {
            _cloud.Dispose();
        }

        [Fact]
        public void AosCloud_assigns_new_image_version_on_the_metadata_upload()
        {
            Assert.Equal([1, 2, 3], new[] { Upload("1.1.0"), Upload("1.2.0"), Upload("1.3.0") });
        }

        [Fact]
        public void If_the_unit_image_version_is_the_same_as_the_cloud_image_version_the_procedure_is_terminated()
        {
            Upload("1.1.0");
            Connect("1.1.0");
            AssertRuns("1.1.0", ResultCode.Applied);
            long operations = _unit.Flash.Operations;
            Connect("1.1.0");
            AssertRuns("1.1.0", ResultCode.Applied);
            Assert.Equal(operations, _unit.Flash.Operations);
        }

        [Fact]
        public void If_the_unit_image_version_is_lower_AosCloud_should_switch_the_unit_to_the_next_cloud_version()
        {
            Upload("1.1.0");
            Upload("1.2.0");
            Connect("1.1.0");
            AssertRuns("1.1.0", ResultCode.Applied);
            NextDay();
            Connect("1.2.0");
            AssertRuns("1.2.0", ResultCode.Applied);
        }

        [Fact]
        public void If_the_unit_image_version_is_higher_AosCloud_should_switch_the_unit_to_the_previous_version()
        {
            Upload("1.1.0");
            Upload("1.2.0");
            Connect("1.2.0");
            NextDay();

            // The image version is there "to prevent security attacks": the old metadata object alone takes no unit back.
            Connect("1.1.0");
            AssertRuns("1.2.0", ResultCode.NotNewer);
            Assert.Equal(3, Upload("1.1.0", "--allow-downgrade", "--force"));
            Connect("1.1.0");
            AssertRuns("1.1.0", ResultCode.Applied);
        }

        [Fact]
        public void A_permission_to_step_back_cannot_be_used_a_second_time()
        {
            Upload("1.1.0");
            Upload("1.2.0");
            Assert.Equal(3, Upload("1.1.0", "--allow-downgrade", "--force"));
            Connect("1.1.0");
            Assert.Equal(4, Upload("1.2.0", "--force"));
            NextDay();
            Connect("1.2.0");
            AssertRuns("1.2.0", ResultCode.Applied);
            NextDay();
            Connect("1.1.0");
            AssertRuns("1.2.0", ResultCode.CounterTooLow);
        }

        [Fact]
        public void AosCloud_should_send_a_new_update_only_after_defined_timeout()
        {
            Upload("1.1.0");
            Upload("1.2.0");
            Connect("1.1.0");
            DateTime applied = _unit.Clock!.UtcNow;
            _unit.Start = applied;
            Connect("1.2.0");
            Assert.Contains(_unit.Log, line => line.Contains("waiting=TooSoon"));
            AssertRuns("1.2.0", ResultCode.Applied);
            Assert.True(_unit.Clock!.UtcNow - applied >= TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        }

        [Fact]
        public void The_update_timeout_is_not_applied_when_the_procedure_is_run_manually_by_user_interaction()
        {
            Upload("1.1.0");
            Connect("1.1.0");
            _unit.Start = _unit.Clock!.UtcNow;
            _unit.Log.Clear();

            // Here the user goes to the unit with a drive; by the cloud it is the direct method "update" (docs/twin.md).
            var drive = new Drive();
            drive.Put("v1_2_0.bin", Bench.Deployment("1.2.0"));
            drive.Put("v1_2_0.json", Drive.Manifest("1.2.0", Bench.Deployment("1.2.0"), "\"counter\":2,"));
            _unit.MakeChannel = options => new FolderChannel(options, Drive.Folder, 60);
            _unit.Source = _ => new FolderImageSource(Drive.Folder, null);
            _unit.Configure += options => options.AllowUnsignedHttp = true;
            _unit.Run();
            AssertRuns("1.2.0", ResultCode.Applied);
            Assert.DoesNotContain(_unit.Log, line => line.Contains("waiting=TooSoon"));
            Assert.True(_unit.Clock!.UtcNow - _unit.Start < TimeSpan.FromDays(1));
        }

        [Fact]
        public void The_last_uploaded_cloud_image_can_be_deleted_and_its_version_is_not_assigned_to_the_new_uploaded_image()
        {
            // "For example, the last uploaded image version is 5. Then it is deleted from the cloud. [...] AosCloud should assign version 6."
            Assert.Equal([1, 2, 3, 4, 5], new[] { "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0" }.Select(version => Upload(version)));
            foreach (string file in Directory.GetFiles(_cloud.PathOf("firmware"), "v1_5_0*"))
            {
                File.Delete(file);
            }

            Assert.Equal(6, Upload("1.6.0"));
        }

        [Fact]
        public void Rootfs_and_bios_are_both_updated_with_only_one_system_reboot()
        {
            Upload("1.1.0", _cloud.Image("1.17.0", kind: "esp32"));
            Connect("1.1.0");
            AssertRuns("1.1.0", ResultCode.Applied);
            Assert.Equal(1, _unit.Device!.Reboots);
        }

        // Packs a version, and puts it where the unit fetches it.
        private int Upload(string version, params string[] more)
        {
            string folder = _cloud.PathOf("firmware");
            ToolResult result = ToolResult.Of(["pack", _cloud.Image(version), "--version", version, "--layout", "esp32-8mb", "--counter", "next", "--out", folder, .. more, "--json"]);
            Assert.True(result.ExitCode == 0, result.Error);
            foreach (string file in Directory.GetFiles(folder, SemanticVersion.Parse(version).FileStem + ".*"))
            {
                _unit.Server.Put(Bench.Container + Path.GetFileName(file), File.ReadAllBytes(file));
            }

            return (int)result.Last["counter"]!;
        }

        // "When the unit connects to the cloud": the twin tells it the version that the cloud has for it.
        private void Connect(string version)
        {
            _unit.Request(version);
        }

        private void NextDay()
        {
            _unit.Start = _unit.Clock!.UtcNow.AddDays(1);
        }

        private void AssertRuns(string version, ResultCode last)
        {
            Assert.Equal((version, last), (_unit.Status.Current, _unit.Status.LastCode));
        }
    }
}
