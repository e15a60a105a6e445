using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Fleet
{
    /// <summary>A rollback goes to a version that proved good on the group, and never to one that failed there.</summary>
    public sealed class RollbackTests : IDisposable
    {
        private const int Devices = 6;

        private readonly FleetScene _scene = new(Devices);

        public void Dispose()
        {
            _scene.Dispose();
        }

        [Fact]
        public void A_version_that_a_canary_paused_is_passed_over()
        {
            Everywhere("1.1.0");
            _scene.Devices.Outcome = (_, version) => version == "1.2.0" ? ResultCode.SelfTestFailed : ResultCode.Applied;
            Assert.Equal((int)ExitCode.Paused, _scene.Deploy("1.2.0", "--canary", "90", "--pause-on-failure", "1", "--poll", "0.1").ExitCode);
            Everywhere("1.3.0");
            Assert.Equal("1.0.0,1.1.0", Label("previous"));
            Assert.Equal(0, _scene.Run("rollback", "washer", "field").ExitCode);
            Assert.Equal("1.1.0", Label("version"));
        }

        [Fact]
        public void A_folder_that_is_named_is_the_one_that_the_rollout_is_served_from()
        {
            Everywhere("1.1.0");
            Everywhere("1.2.0");
            string settings = _scene.Workshop.Write("hub.json", $$"""{"hub":"{{_scene.Connection}}"}""");
            ToolResult back = ToolResult.Of("rollback", "washer", "field", "--settings", settings, "--container", _scene.Workshop.PathOf("www") + "/");
            Assert.True(back.ExitCode == 0, back.Error);
            Assert.Contains("name the folder by --container", ToolResult.Refusal(ExitCode.Usage, "rollback", "washer", "field", "--to", "1.1.0", "--settings", _scene.Workshop.Write("hub2.json", $$"""{"hub":"{{_scene.Connection}}"}""")));
        }

        [Fact]
        public void A_version_that_many_devices_did_not_take_is_passed_over_without_a_watch()
        {
            Everywhere("1.1.0");
            _scene.Devices.Outcome = (device, version) => version == "1.2.0" && device == "dev-0" ? ResultCode.SelfTestFailed : ResultCode.Applied;
            Everywhere("1.2.0");
            Assert.Equal(0, _scene.Deploy("1.3.0").ExitCode);
            Assert.Equal("1.0.0,1.1.0", Label("previous"));
        }

        [Fact]
        public void A_second_rollback_goes_further_back_and_not_to_the_version_that_the_first_one_left()
        {
            Everywhere("1.1.0");
            Everywhere("1.2.0");
            Everywhere("1.3.0");
            Assert.Equal(0, _scene.Run("rollback", "washer", "field").ExitCode);
            Assert.Equal(("1.2.0", "1.0.0,1.1.0"), (Label("version"), Label("previous")));
            Assert.Equal(0, _scene.Run("rollback", "washer", "field").ExitCode);
            Assert.Equal(("1.1.0", "1.0.0"), (Label("version"), Label("previous")));
            Assert.Contains("does not hold 1.0.0", _scene.Refusal(ExitCode.NoTarget, "rollback", "washer", "field"));
            Assert.Equal(0, _scene.Run("rollback", "washer", "field", "--to", "1.2.0").ExitCode);
        }

        [Fact]
        public void A_rollback_over_several_versions_leaves_those_in_between_behind()
        {
            Everywhere("1.1.0");
            Everywhere("1.2.0");
            Everywhere("1.3.0");
            Assert.Equal(0, _scene.Run("rollback", "washer", "field", "--to", "1.1.0").ExitCode);
            Assert.Equal("1.0.0", Label("previous"));
        }

        [Fact]
        public void A_canary_that_came_to_its_end_is_marked_as_good_and_a_pause_takes_the_mark_away()
        {
            ToolResult deploy = _scene.Deploy("1.1.0", "--canary", "90", "--poll", "0.1");
            Assert.True(deploy.ExitCode == 0, deploy.Output + deploy.Error);
            Assert.Equal("yes", Label("good"));
            Assert.Equal((string?)deploy.Last["configuration"], (string?)Configuration()["id"]);
            Assert.Equal(0, _scene.Run("pause", "washer", "field").ExitCode);
            Assert.Null(Label("good"));
        }

        // Rolled out to all, and every device has decided.
        private void Everywhere(string version)
        {
            Assert.Equal(0, _scene.Deploy(version).ExitCode);
            FleetScene.Await(() => _scene.Devices.Begun.Count(begun => begun.Version == version) == Devices, $"all take up {version}");
            Assert.Equal(0, _scene.Run("status", "washer", "field", "--watch", "--poll", "0.1").ExitCode);
        }

        private JsonNode Configuration() => Assert.Single(_scene.Hub.ListConfigurations())!;

        private string? Label(string name) => (string?)Configuration()["labels"]![name];
    }
}
