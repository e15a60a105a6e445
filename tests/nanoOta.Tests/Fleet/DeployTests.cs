using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Fleet
{
    /// <summary><c>nanoota deploy</c> and what changes a rollout, against the local hub over real REST.</summary>
    public sealed class DeployTests : IDisposable
    {
        private readonly FleetScene _scene = new(devices: 4);

        public void Dispose()
        {
            _scene.Dispose();
        }

        [Fact]
        public void An_image_is_published_and_reaches_every_device_of_the_group_by_a_configuration()
        {
            _scene.Devices.Add("other", "washer", "production");
            ToolResult deploy = _scene.Deploy("1.1.0", "--start", "2026-01-01T00:00:00Z", "--window", "22:00-04:00", "--priority", "30");
            Assert.True(deploy.ExitCode == 0, deploy.Error);
            Assert.Equal(("nanoota-washer-field-1", 30), ((string?)deploy.Last["configuration"], (int)deploy.Last["priority"]!));
            JsonNode configuration = _scene.Hub.GetConfiguration("nanoota-washer-field-1").Json;
            Assert.Equal("tags.product = 'washer' AND tags.group = 'field'", (string?)configuration["targetCondition"]);
            Assert.Equal(["applied", "downloading", "failed", "rolledBack", "waiting"], configuration["metrics"]!["queries"]!.AsObject().Select(pair => pair.Key).Order());
            Assert.Equal("1.0.0", (string?)configuration["labels"]!["previous"]);
            FleetScene.Await(() => Count("1.1.0") == 4, "four devices run 1.1.0");
            JsonNode desired = _scene.Desired("dev-2");
            Assert.Equal(("1.1.0", _scene.Workshop.Server.Url + "www", "2026-01-01T00:00:00Z", "22:00-04:00"), ((string?)desired["updateVersion"], (string?)desired["updateUrl"], (string?)desired["updateAfter"], (string?)desired["updateWindow"]));
            Assert.Null(_scene.Desired("other")["updateVersion"]);
        }

        [Fact]
        public void The_hub_accepts_every_metric_query()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            JsonNode configuration = _scene.Hub.GetConfiguration("nanoota-washer-field-1").Json;
            var body = new JsonObject { ["targetCondition"] = configuration["targetCondition"]!.DeepClone(), ["customMetricQueries"] = configuration["metrics"]!["queries"]!.DeepClone() };
            JsonObject answer = nanoOta.Hub.IotHub.TestQueries(body);
            Assert.True(answer["customMetricQueryErrors"] is not JsonObject { Count: > 0 }, answer.ToJsonString());
        }

        [Fact]
        public void A_version_that_is_not_above_the_one_before_is_refused_unless_a_downgrade_is_meant()
        {
            Assert.Equal(0, _scene.Deploy("1.2.0").ExitCode);
            Assert.Contains("had 1.2.0, and 1.1.0 is not above it", Refused(ExitCode.NotNewer, "1.1.0"));
            Assert.Contains("has had a rollout of that version", Refused(ExitCode.NotNewer, "1.2.0"));
            Assert.Equal(0, _scene.Deploy("1.1.0", "--allow-downgrade").ExitCode);
            JsonNode manifest = JsonNode.Parse(File.ReadAllText(_scene.Workshop.PathOf("www/v1_1_0.json")))!;
            Assert.Equal((true, 1), ((bool)manifest["allowDowngrade"]!, (int)manifest["counter"]!));
            Assert.Equal(0, _scene.Deploy("1.3.0").ExitCode);
            Assert.Equal(2, (int)JsonNode.Parse(File.ReadAllText(_scene.Workshop.PathOf("www/v1_3_0.json")))!["counter"]!);
        }

        [Theory]
        [InlineData(ExitCode.Usage, "'1.1' is no semantic version", "1.1", "washer", "field")]
        [InlineData(ExitCode.NoTarget, "no device at ", "1.1.0", "washer", "nowhere")]
        [InlineData(ExitCode.Usage, "is no product or group", "1.1.0", "washer", "field' OR '1'='1")]
        [InlineData(ExitCode.Usage, "GROUP is missing", "1.1.0", "washer")]
        [InlineData(ExitCode.Usage, "a percentage is from 0 to 100", "1.1.0", "washer", "field", "--percent", "101")]
        [InlineData(ExitCode.Usage, "--start is 'tonight'", "1.1.0", "washer", "field", "--start", "tonight")]
        [InlineData(ExitCode.Usage, "--window is '22-4'", "1.1.0", "washer", "field", "--window", "22-4")]
        [InlineData(ExitCode.Usage, "--pause-on-failure goes with --canary", "1.1.0", "washer", "field", "--pause-on-failure", "2")]
        [InlineData(ExitCode.Usage, "--pause-on-failure is a number of devices", "1.1.0", "washer", "field", "--canary", "5", "--pause-on-failure", "few")]
        [InlineData(ExitCode.Usage, "must rise", "1.1.0", "washer", "field", "--canary", "50", "--widen", "20,100")]
        [InlineData(ExitCode.Unsound, "deploy_0 has 917504", "1.1.0", "washer", "field", "--layout", "esp32-4mb")]
        [InlineData(ExitCode.Unsound, "own version is 1.1.0, not 1.4.0", "1.4.0", "washer", "field")]
        [InlineData(ExitCode.NoTarget, "has no device 'nobody'", "1.1.0", "washer", "--device", "nobody")]
        public void What_cannot_be_deployed_is_refused_and_nothing_is_published(ExitCode code, string reason, params string[] args)
        {
            string image = args.Contains("--layout") ? _scene.Workshop.Image("1.1.0", 917508) : _scene.Workshop.Image("1.1.0");
            Assert.Contains(reason, _scene.Refusal(code, ["deploy", image, .. args]));
            Assert.False(Directory.Exists(_scene.Workshop.PathOf("www")));
            Assert.Empty(_scene.Hub.ListConfigurations());
        }

        [Fact]
        public void A_dry_run_says_what_would_happen_and_changes_nothing()
        {
            ToolResult dry = _scene.Deploy("1.1.0", "--dry-run", "--token", "sv=1&sig=SECRET");
            Assert.True(dry.ExitCode == 0, dry.Error);
            Assert.Equal(["wouldPublish", "wouldPublish", "wouldCreate"], dry.Events.Select(e => (string?)e["event"]));
            Assert.DoesNotContain("SECRET", dry.Output);
            Assert.Equal(("…", null), (TokenOf(dry), TokenOf(_scene.Deploy("1.1.0", "--dry-run"))));
            Assert.Empty(_scene.Hub.ListConfigurations());
            Assert.False(Directory.Exists(_scene.Workshop.PathOf("www")));
        }

        private static string? TokenOf(ToolResult dry) => (string?)dry.Last["configuration"]!["content"]!["deviceContent"]!["properties.desired.updateToken"];

        [Fact]
        public void A_device_that_reports_something_else_than_an_object_can_be_asked()
        {
            _scene.Devices.Report("dev-1", "nonsense");
            ToolResult deploy = _scene.Run("deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "--device", "dev-1");
            Assert.True(deploy.ExitCode == 0, deploy.Error);
        }

        [Fact]
        public void Without_a_signature_for_devices_nothing_is_published()
        {
            Assert.Contains("--days is from 1 to 3650", _scene.Refusal(ExitCode.Usage, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--days", "0"));
            Assert.False(Directory.Exists(_scene.Workshop.PathOf("www")));
        }

        [Fact]
        public void A_signature_for_devices_stands_in_their_twins_and_nowhere_in_the_output()
        {
            ToolResult deploy = _scene.Deploy("1.1.0", "--token", "?sv=1&sig=SECRET");
            Assert.True(deploy.ExitCode == 0, deploy.Error);
            FleetScene.Await(() => Count("1.1.0") == 4, "four devices run 1.1.0");
            Assert.Equal("sv=1&sig=SECRET", (string?)_scene.Desired("dev-0")["updateToken"]);
            Assert.DoesNotContain("SECRET", deploy.Output + deploy.Error + _scene.Run("status", "--json", "--all").Output + _scene.Run("doctor").Output);
        }

        [Fact]
        public void One_device_is_asked_by_its_twin_or_by_the_direct_method()
        {
            Assert.Equal(0, _scene.Run("deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "--device", "dev-1").ExitCode);
            FleetScene.Await(() => Count("1.1.0") == 1, "one device runs 1.1.0");
            Assert.Contains("dev-1 runs 1.1.0, and 1.0.0 is not above it", _scene.Refusal(ExitCode.NotNewer, "deploy", _scene.Workshop.Image("1.0.0"), "1.0.0", "washer", "--device", "dev-1"));
            _scene.Hub.PutDevice("asleep", [], null);
            Assert.Contains("asleep was not online within 30 s", _scene.Refusal(ExitCode.NoTarget, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "--device", "asleep", "--method"));
        }

        [Fact]
        public void A_version_that_was_published_is_taken_as_it_is_for_the_next_group()
        {
            _scene.Devices.Add("other", "washer", "production");
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            byte[] manifest = File.ReadAllBytes(_scene.Workshop.PathOf("www/v1_1_0.json"));
            ToolResult next = _scene.Run("deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "production");
            Assert.True(next.ExitCode == 0, next.Error);
            Assert.Contains("v1_1_0.json: there already, with this image", next.Output);
            Assert.Equal(manifest, File.ReadAllBytes(_scene.Workshop.PathOf("www/v1_1_0.json")));
            string other = _scene.Workshop.Image("1.1.0", seed: 7);
            Assert.Contains("already, with other content", _scene.Refusal(ExitCode.Conflict, "deploy", other, "1.1.0", "washer", "production", "--allow-downgrade"));
        }

        [Fact]
        public void A_wider_percentage_is_a_new_configuration_and_only_adds_devices()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0", "--percent", "0").ExitCode);
            FleetScene.Await(() => (string?)_scene.Desired("dev-3")["updateVersion"] == "1.1.0", "the twins are written");
            Assert.Empty(_scene.Devices.Begun);
            ToolResult wider = _scene.Run("rollout", "washer", "field", "--percent", "100", "--json");
            Assert.True(wider.ExitCode == 0, wider.Error);
            FleetScene.Await(() => Count("1.1.0") == 4, "four devices run 1.1.0");
            Assert.Equal("nanoota-washer-field-2", (string?)Assert.Single(_scene.Hub.ListConfigurations())!["id"]);
            Assert.Null(_scene.Desired("dev-0")["updateShare"]);
        }

        [Fact]
        public void A_pause_is_written_into_the_twins_and_a_resumed_rollout_goes_on()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0", "--percent", "0", "--token", "sig=SECRET").ExitCode);
            FleetScene.Await(() => (string?)_scene.Desired("dev-3")["updateVersion"] == "1.1.0", "the twins are written");
            Assert.Equal(0, _scene.Run("pause", "washer", "field").ExitCode);
            FleetScene.Await(() => Enumerable.Range(0, 4).All(i => _scene.Desired($"dev-{i}")["updateVersion"] == null && _scene.Desired($"dev-{i}")["updateToken"] == null), "the request is taken out of the twins");
            Assert.Contains("is paused. Go on with: nanoota rollout washer field --resume", _scene.Refusal(ExitCode.Paused, "rollout", "washer", "field", "--percent", "50"));
            Assert.Equal(0, _scene.Run("rollout", "washer", "field", "--resume", "--percent", "100").ExitCode);
            FleetScene.Await(() => Count("1.1.0") == 4, "four devices run 1.1.0");
        }

        [Fact]
        public void A_cancelled_rollout_leaves_no_request_and_status_says_so()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            FleetScene.Await(() => Count("1.1.0") == 4, "four devices run 1.1.0");
            Assert.Equal(0, _scene.Run("cancel", "washer", "field").ExitCode);
            FleetScene.Await(() => _scene.Desired("dev-0")["updateVersion"] == null, "the request is taken out of the twins");
            Assert.Contains("cancelled", _scene.Run("status", "washer").Output);
            Assert.Contains("is cancelled already", _scene.Run("cancel", "washer", "field").Output);
            Assert.Contains("there is no rollout to washer / none", _scene.Refusal(ExitCode.NoTarget, "pause", "washer", "none"));
        }

        [Fact]
        public void A_withdrawn_version_is_cancelled_everywhere_and_never_published_again()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            ToolResult withdraw = _scene.Run("withdraw", "1.1.0", "washer");
            Assert.True(withdraw.ExitCode == 0, withdraw.Error);
            FleetScene.Await(() => _scene.Desired("dev-0")["updateVersion"] == null, "the request is taken out of the twins");
            Assert.False(File.Exists(_scene.Workshop.PathOf("www/v1_1_0.json")));
            Assert.Contains("1.1.0 was withdrawn from", _scene.Refusal(ExitCode.Conflict, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--allow-downgrade"));
        }

        private int Count(string version) => _scene.Hub.DeviceIds.Count(id => (string?)_scene.Hub.GetTwin(id).Json["properties"]!["reported"]!["ota"]?["current"] == version);

        private string Refused(ExitCode code, string version)
        {
            return _scene.Refusal(code, "deploy", _scene.Workshop.Image(version), version, "washer", "field");
        }
    }
}
