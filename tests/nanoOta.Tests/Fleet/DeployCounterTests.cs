using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Fleet
{
    /// <summary>No manifest is deployed that devices would refuse for its counter, and a deployment that broke off goes on with the one it had.</summary>
    public sealed class DeployCounterTests : IDisposable
    {
        private readonly FleetScene _scene = new(devices: 2);

        public void Dispose()
        {
            _scene.Dispose();
        }

        [Fact]
        public void A_counter_below_the_highest_that_the_group_was_asked_for_is_refused_before_anything_is_published()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0", "--counter", "5").ExitCode);
            string sentence = _scene.Refusal(ExitCode.NotNewer, "deploy", _scene.Workshop.Image("1.2.0"), "1.2.0", "washer", "field", "--counter", "4");
            Assert.Contains("(CounterTooLow): its manifest has counter 4, and they were asked for counter 5 before. Leave --counter out", sentence);
            Assert.Contains("(CounterTooLow)", _scene.Refusal(ExitCode.NotNewer, "deploy", _scene.Workshop.Image("1.0.0"), "1.0.0", "washer", "field", "--counter", "5", "--allow-downgrade"));
            Assert.False(File.Exists(_scene.Workshop.PathOf("www/v1_2_0.bin")));
            Assert.Equal(0, _scene.Deploy("1.2.0", "--counter", "5").ExitCode);
        }

        [Fact]
        public void A_version_that_was_published_with_a_lower_counter_is_refused()
        {
            string image = _scene.Workshop.Image("1.2.0");
            Assert.Equal(0, ToolResult.Of("pack", image, "--version", "1.2.0", "--counter", "2", "--out", _scene.Workshop.PathOf("www")).ExitCode);
            Assert.Equal(0, _scene.Deploy("1.1.0", "--counter", "5").ExitCode);
            Assert.Contains("its manifest has counter 2, and they were asked for counter 5 before", _scene.Refusal(ExitCode.NotNewer, "deploy", image, "1.2.0", "washer", "field"));
            Assert.Contains("its manifest has counter 2", _scene.Refusal(ExitCode.NotNewer, "deploy", image, "1.2.0", "washer", "--device", "dev-1"));
        }

        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public void A_counter_that_one_device_alone_was_asked_for_counts_for_its_group(bool hasRollout)
        {
            if (hasRollout)
            {
                Assert.Equal(0, _scene.Deploy("1.1.0", "--counter", "5").ExitCode);
            }

            Assert.Equal(0, _scene.Run("deploy", _scene.Workshop.Image("1.1.1"), "1.1.1", "washer", "--device", "dev-1", "--counter", "9").ExitCode);
            Assert.Equal(9, (int)_scene.Hub.GetTwin("dev-1").Json["tags"]!["nanootaCounter"]!);
            Assert.Contains("its manifest has counter 8, and they were asked for counter 9 before", _scene.Refusal(ExitCode.NotNewer, "deploy", _scene.Workshop.Image("1.2.0"), "1.2.0", "washer", "field", "--counter", "8"));
            Assert.Contains("its manifest has counter 8", _scene.Refusal(ExitCode.NotNewer, "deploy", _scene.Workshop.Image("1.2.0"), "1.2.0", "washer", "--device", "dev-1", "--counter", "8"));

            // Another container, which knows nothing of the first one's counters.
            string elsewhere = _scene.Workshop.PathOf("elsewhere") + "/";
            ToolResult deploy = _scene.Run("deploy", _scene.Workshop.Image("1.2.0"), "1.2.0", "washer", "field", "--container", elsewhere, "--url", _scene.Workshop.Server.Url + "elsewhere");
            Assert.True(deploy.ExitCode == 0, deploy.Error);
            Assert.Equal("10", (string?)Assert.Single(_scene.Hub.ListConfigurations())!["labels"]!["counter"]);
        }

        [Fact]
        public void A_counter_of_one_device_goes_with_it_to_another_group_and_a_rollback_is_above_it()
        {
            string back = _scene.Workshop.PathOf("www/back-10/v1_1_0.json");
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            Assert.Equal(0, _scene.Deploy("1.2.0").ExitCode);
            string elsewhere = _scene.Workshop.PathOf("elsewhere") + "/";
            Assert.Equal(0, _scene.Run("deploy", _scene.Workshop.Image("1.3.0"), "1.3.0", "washer", "--device", "dev-1", "--counter", "9", "--container", elsewhere, "--url", _scene.Workshop.Server.Url + "elsewhere").ExitCode);
            ToolResult rollback = _scene.Run("rollback", "washer", "field", "--to", "1.1.0");
            Assert.True(rollback.ExitCode == 0, rollback.Error);
            Assert.Equal(10, (int)JsonNode.Parse(File.ReadAllText(back))!["counter"]!);
            _scene.Hub.PatchTwin("dev-1", new JsonObject { ["tags"] = new JsonObject { ["group"] = "production" } }, null);
            Assert.Contains("were asked for counter 9 before", _scene.Refusal(ExitCode.NotNewer, "deploy", _scene.Workshop.Image("1.4.0"), "1.4.0", "washer", "production", "--counter", "8"));
        }

        [Theory]
        [InlineData("-1")]
        [InlineData("4294967296")]
        [InlineData("1.5")]
        [InlineData("\"9\"")]
        [InlineData("{\"a\":1}")]
        public void A_counter_in_a_tag_that_somebody_changed_is_named_and_nothing_is_done(string tag)
        {
            _scene.Hub.PatchTwin("dev-1", new JsonObject { ["tags"] = new JsonObject { ["nanootaCounter"] = JsonNode.Parse(tag) } }, null);
            string image = _scene.Workshop.Image("1.1.0");
            foreach (string[] to in new string[][] { ["field"], ["--device", "dev-1"] })
            {
                Assert.Contains($"dev-1 has the tag nanootaCounter '{tag}', and not a whole number from 0 to 4294967295", _scene.Refusal(ExitCode.Usage, ["deploy", image, "1.1.0", "washer", .. to]));
            }

            Assert.False(Directory.Exists(_scene.Workshop.PathOf("www")));
            Assert.Empty(_scene.Hub.ListConfigurations());
        }

        [Fact]
        public void A_deployment_that_broke_off_before_its_signature_goes_on_with_the_same_manifest()
        {
            string key = _scene.Workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            Assert.Equal(0, _scene.Deploy("1.1.0", "--counter", "5").ExitCode);
            Assert.Equal(0, _scene.Deploy("1.2.0", "--key", key).ExitCode);
            Assert.Equal(0, _scene.Run("cancel", "washer", "field").ExitCode);
            byte[] manifest = File.ReadAllBytes(_scene.Workshop.PathOf("www/v1_2_0.json"));
            File.Delete(_scene.Workshop.PathOf("www/v1_2_0.jws"));
            ToolResult again = _scene.Deploy("1.2.0", "--key", key);
            Assert.True(again.ExitCode == 0, again.Error);
            Assert.Equal(manifest, File.ReadAllBytes(_scene.Workshop.PathOf("www/v1_2_0.json")));
            Assert.Equal(0, ToolResult.Of("verify", _scene.Workshop.PathOf("www/v1_2_0.jws"), "--key", key).ExitCode);
        }

        [Fact]
        public void Files_that_were_released_are_deployed_as_they_are_and_need_no_key()
        {
            string key = _scene.Workshop.PathOf("release.pem");
            string releases = _scene.Workshop.PathOf("releases");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            Assert.Equal(0, ToolResult.Of("release", _scene.Workshop.Image("1.1.0"), "--version", "1.1.0", "--layout", "esp32-4mb", "--key", key, "--expires", "2099-01-01T00:00:00Z", "--out", releases).ExitCode);
            string folder = Path.Combine(releases, "v1_1_0", "esp32-4mb");
            ToolResult dry = _scene.Run("deploy", folder, "1.1.0", "washer", "field", "--dry-run", "--json");
            Assert.Equal(["wouldPublish", "wouldPublish", "wouldPublish", "wouldCreate"], dry.Events.Select(e => (string?)e["event"]));
            ToolResult deploy = _scene.Run("deploy", Path.Combine(folder, "v1_1_0.jws"), "1.1.0", "washer", "field");
            Assert.True(deploy.ExitCode == 0, deploy.Error);
            foreach (string name in new[] { "v1_1_0.bin", "v1_1_0.json", "v1_1_0.jws" })
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(folder, name)), File.ReadAllBytes(_scene.Workshop.PathOf($"www/{name}")));
            }

            JsonNode labels = Assert.Single(_scene.Hub.ListConfigurations())!["labels"]!;
            Assert.Equal(("1.1.0", "1"), ((string?)labels["version"], (string?)labels["counter"]));
            Assert.Contains("--key is for a build that is packed now", _scene.Refusal(ExitCode.Usage, "deploy", folder, "1.1.0", "washer", "field", "--key", key));
            Assert.Contains("holds no manifest of version 1.2.0", _scene.Refusal(ExitCode.NoTarget, "deploy", folder, "1.2.0", "washer", "field"));
        }
    }
}
