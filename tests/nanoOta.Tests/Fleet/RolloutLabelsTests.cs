using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tests.Fleet
{
    /// <summary>Labels of a rollout that somebody changed at the hub: they are refused in a sentence, and nothing is changed by them.</summary>
    public sealed class RolloutLabelsTests : IDisposable
    {
        private const string Id = "nanoota-washer-field-1";

        private static readonly string[][] _steps =
        [
            ["pause", "washer", "field"], ["cancel", "washer", "field"], ["rollout", "washer", "field", "--percent", "50"], ["rollout", "washer", "field", "--watch"], ["rollback", "washer", "field"],
            ["status", "washer", "field"], ["status"], ["withdraw", "1.1.0", "washer"],
        ];

        private readonly FleetScene _scene = new(devices: 2);

        public void Dispose()
        {
            _scene.Dispose();
        }

        [Theory]
        [InlineData("percent", "\"-5\"", "its label percent is '-5', and not a whole number from 0 to 100")]
        [InlineData("percent", "\"101\"", "its label percent is '101'")]
        [InlineData("percent", "\"99999999999999999999\"", "its label percent is '99999999999999999999'")]
        [InlineData("percent", "\"ten\"", "its label percent is 'ten'")]
        [InlineData("percent", "true", "its label percent is 'true'")]
        [InlineData("percent", null, "it has no label percent, which is a whole number from 0 to 100")]
        [InlineData("plan", "\"20-canaries-100\"", "its label plan is '20-canaries-100', and not percentages from 1 to 100 that rise")]
        [InlineData("plan", "\"50-20\"", "its label plan is '50-20'")]
        [InlineData("plan", "\"20-4294967396\"", "its label plan is '20-4294967396'")]
        [InlineData("state", "\"stopped\"", "its label state is 'stopped', and not active, paused or cancelled")]
        [InlineData("state", "\"1\"", "its label state is '1'")]
        [InlineData("state", null, "it has no label state")]
        [InlineData("version", "\"1.1\"", "its label version is '1.1', and not a semantic version")]
        [InlineData("version", "{\"a\":1}", "its label version is '{\"a\":1}'")]
        [InlineData("container", "\"www\"", "its label container is 'www', and not an absolute http or https URL")]
        [InlineData("pauseAt", "\"few\"", "its label pauseAt is 'few', and not a number of devices")]
        [InlineData("previous", "\"1.0.0,last\"", "its label previous is '1.0.0,last', and not semantic versions")]
        [InlineData("counter", "\"4294967296\"", "its label counter is '4294967296', and not a whole number from 0 to 4294967295")]
        [InlineData("counter", "\"-1\"", "its label counter is '-1'")]
        [InlineData("start", "\"tonight\"", "its label start is 'tonight', and not a time in UTC")]
        [InlineData("window", "\"22-4\"", "its label window is '22-4', and not a time of the day")]
        [InlineData("good", "\"no\"", "its label good is 'no', and not yes")]
        [InlineData("token", "\"no\"", "its label token is 'no', and not yes")]
        [InlineData("group", "\"field' OR '1'='1\"", "its label group is 'field' OR '1'='1', and not a name")]
        [InlineData("group", "\"production\"", "its id is not nanoota-washer-production-N")]
        [InlineData("nanoota", null, "it has no label nanoota")]
        public void A_label_that_was_changed_by_hand_is_named_and_nothing_is_done(string label, string? json, string reason)
        {
            Assert.Equal(0, _scene.Deploy("1.1.0", "--percent", "0").ExitCode);
            FleetScene.Await(() => (string?)_scene.Desired("dev-1")["updateVersion"] == "1.1.0", "the twins are written");
            Change(configuration => configuration["labels"]![label] = json == null ? null : JsonNode.Parse(json));
            string before = State();
            foreach (string[] step in _steps.Append(["deploy", _scene.Workshop.Image("1.2.0"), "1.2.0", "washer", "field"]))
            {
                string sentence = _scene.Refusal(ExitCode.Usage, [.. step]);
                Assert.StartsWith($"nanoota: configuration {Id} cannot be read: {reason}", sentence);
            }

            Assert.Equal(before, State());
            Assert.False(File.Exists(_scene.Workshop.PathOf("www/v1_2_0.bin")));
            ToolResult doctor = _scene.Run("doctor");
            Assert.Equal((int)ExitCode.Unsound, doctor.ExitCode);
            Assert.Contains($"✗ Rollout: configuration {Id} cannot be read: {reason}", doctor.Output);
        }

        [Fact]
        public void A_sentence_says_how_a_label_is_set_right_and_then_the_rollout_goes_on()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0", "--percent", "0").ExitCode);
            Change(configuration => configuration["labels"]!["percent"] = "half");
            Assert.EndsWith($"Set it right: az iot hub configuration update -n HUB -c {Id} --set labels.percent=…; or delete the configuration and deploy again.", _scene.Refusal(ExitCode.Usage, "pause", "washer", "field"));
            Change(configuration => configuration["labels"]!["percent"] = 50);
            Assert.Contains("1.1.0 at 50 %", _scene.Run("status", "washer", "field").Output);
            Assert.Equal(0, _scene.Run("pause", "washer", "field").ExitCode);
        }

        [Fact]
        public void A_damaged_rollout_to_another_group_is_in_nobodys_way()
        {
            _scene.Devices.Add("other", "washer", "production");
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            Change(configuration => configuration["labels"]!["percent"] = "-5");
            ToolResult deploy = _scene.Run("deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "production");
            Assert.True(deploy.ExitCode == 0, deploy.Error);
            Assert.Equal(0, _scene.Run("status", "washer", "production").ExitCode);
            ToolResult all = _scene.Run("status");
            Assert.Equal((int)ExitCode.Usage, all.ExitCode);
            Assert.Contains("washer / production: 1.1.0 at 100 %", all.Output);
            Assert.Contains("its label percent is '-5'", all.Error);
        }

        [Theory]
        [InlineData(int.MaxValue)]
        [InlineData(-7)]
        public void A_priority_that_no_next_step_can_be_above_is_named(int priority)
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            Change(configuration => configuration["priority"] = priority);
            Assert.Contains("its priority is not a whole number from 0 to 2000000000", _scene.Refusal(ExitCode.Usage, "pause", "washer", "field"));
            Assert.Contains("--priority is from 0 to 2000000000", _scene.Refusal(ExitCode.Usage, "deploy", _scene.Workshop.Image("1.2.0"), "1.2.0", "washer", "field", "--priority", $"{priority}"));
        }

        [Fact]
        public void Every_rollout_of_the_tool_is_read_back_as_it_was_written()
        {
            var rollout = new Rollout
            {
                Group = new DeviceGroup("Washer.2", "field-test_1"),
                Version = "1.1.0-rc.1",
                Container = "https://contoso.blob.core.windows.net/firmware/back-7",
                State = RolloutState.Paused,
                Percent = 20,
                Plan = [20, 50, 100],
                PauseAt = "2.5%",
                Good = ["1.0.0", "1.0.1"],
                IsGood = true,
                Start = "2026-11-20T22:00:00Z",
                Window = "22:00-04:00",
                Retry = "20261120220000",
                Counter = uint.MaxValue,
                NeedsToken = true,
                Number = 12,
                Priority = 40,
            };
            DeviceConfiguration sent = DeviceConfiguration.Read(JsonNode.Parse(rollout.ToConfiguration(null).ToJson().ToJsonString())!.AsObject(), null);
            Rollout read = RolloutLabels.Read(sent)!;
            Assert.Equal(rollout.Plan, read.Plan);
            Assert.Equal(rollout.Good, read.Good);
            Assert.Equal(rollout with { Plan = [], Good = [] }, read with { Plan = [], Good = [] });
        }

        [Fact]
        public void A_configuration_of_somebody_else_is_passed_over_whatever_it_holds()
        {
            var other = new JsonObject { ["id"] = "others", ["labels"] = new JsonObject { ["percent"] = -5, ["version"] = new JsonArray() }, ["priority"] = "high", ["content"] = "none", ["metrics"] = new JsonArray(), ["systemMetrics"] = 5 };
            Assert.Null(RolloutLabels.Read(DeviceConfiguration.Read(other, null)));
            Assert.Equal(ExitCode.Unreachable, Assert.Throws<Failure>(() => DeviceConfiguration.Read(new JsonObject { ["id"] = 5 }, null)).Code);
        }

        [Fact]
        public void A_tag_that_is_no_text_is_another_one_than_the_one_that_is_said()
        {
            _scene.Hub.PatchTwin("dev-1", new JsonObject { ["tags"] = new JsonObject { ["product"] = 5 } }, null);
            Assert.Contains("dev-1 has the tag product '5', not 'washer'", _scene.Refusal(ExitCode.NoTarget, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "--device", "dev-1"));
        }

        private void Change(Action<JsonObject> change)
        {
            JsonObject configuration = _scene.Hub.GetConfiguration(Id).Json.DeepClone().AsObject();
            change(configuration);
            _scene.Hub.PutConfiguration(Id, configuration, "*");
        }

        private string State()
        {
            IEnumerable<string> configurations = _scene.Hub.ListConfigurations().Select(one => $"{one!["id"]} {one["labels"]!.ToJsonString()} {one["priority"]}");
            return string.Join('\n', configurations.Concat(_scene.Ids().Select(id => _scene.Desired(id).ToJsonString())));
        }
    }
}
