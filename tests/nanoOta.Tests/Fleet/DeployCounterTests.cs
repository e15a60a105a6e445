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
