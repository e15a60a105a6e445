using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.Fleet
{
    /// <summary>Every option of <c>deploy</c> has an effect or is refused.</summary>
    public sealed class DeployOptionsTests : IDisposable
    {
        private const string Service = "contoso.api.adu.microsoft.com/fleet";

        private readonly FleetScene _scene = new(devices: 2);

        public void Dispose()
        {
            _scene.Dispose();
        }

        [Theory]
        [InlineData("--percent is for a group", "--device", "dev-0", "--percent", "50")]
        [InlineData("--canary is for a group", "--device", "dev-0", "--canary", "5")]
        [InlineData("--priority is for a group", "--device", "dev-0", "--priority", "5")]
        [InlineData("--empty is for a group", "--device", "dev-0", "--empty")]
        [InlineData("--window does not apply to the direct method", "--device", "dev-0", "--method", "--window", "22:00-04:00")]
        [InlineData("--method goes with --device", "--method")]
        [InlineData("--widen goes with --canary", "--widen", "50")]
        [InlineData("--pause-on-failure goes with --canary", "--pause-on-failure", "2")]
        [InlineData("--kid goes with --key", "--kid", "a")]
        [InlineData("--target is empty", "--target", "")]
        [InlineData("--url 'firmware' is not an absolute http or https URL", "--url", "firmware")]
        [InlineData("--url 'http://a/b?sig=c' is not an absolute http or https URL without a query", "--url", "http://a/b?sig=c")]
        [InlineData("--compat goes with --device-update", "--compat", "a=b")]
        [InlineData("--download goes with --device-update", "--download", "http")]
        [InlineData("--expires does not go with --device-update", "--device-update", Service, "--provider", "Contoso", "--expires", "2099-01-01T00:00:00Z")]
        [InlineData("--key does not go with --device-update", "--device-update", Service, "--provider", "Contoso", "--key", "a.pem")]
        [InlineData("--retry does not go with --device-update", "--device-update", Service, "--provider", "Contoso", "--retry")]
        [InlineData("--device does not go with --device-update", "--device-update", Service, "--provider", "Contoso", "--device", "dev-0")]
        public void An_option_without_an_effect_is_refused(string reason, params string[] args)
        {
            Assert.Contains(reason, _scene.Refusal(ExitCode.Usage, ["deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", .. args]));
            Assert.False(Directory.Exists(_scene.Workshop.PathOf("www")));
        }

        [Fact]
        public void One_device_is_given_the_window()
        {
            Assert.Equal(0, _scene.Run("deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--device", "dev-1", "--window", "22:00-04:00").ExitCode);
            Assert.Equal("22:00-04:00", (string?)_scene.Desired("dev-1")["updateWindow"]);
        }

        [Fact]
        public void A_device_of_another_product_or_group_is_not_asked()
        {
            Assert.Contains("dev-1 has the tag product 'washer', not 'dryer'", _scene.Refusal(ExitCode.NoTarget, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "dryer", "--device", "dev-1"));
            Assert.Contains("dev-1 has the tag group 'field', not 'lab'", _scene.Refusal(ExitCode.NoTarget, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "lab", "--device", "dev-1"));
        }

        [Theory]
        [InlineData("without expires instead of expires 2099-01-01T00:00:00Z", "--expires", "2099-01-01T00:00:00Z")]
        [InlineData("with provider Contoso instead of provider Fabrikam", "--provider", "Fabrikam")]
        [InlineData("without counter instead of counter 7", "--counter", "7")]
        [InlineData("its manifest does not allow a downgrade", "--allow-downgrade")]
        public void What_a_published_version_does_not_say_is_not_passed_over(string reason, params string[] args)
        {
            _scene.Devices.Add("other", "washer", "production");
            Assert.Equal(0, _scene.Deploy("1.1.0", "--provider", "Contoso").ExitCode);
            Assert.Contains(reason, _scene.Refusal(ExitCode.Conflict, ["deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "production", .. args]));
            Assert.Equal(0, _scene.Run("deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "production", "--provider", "Contoso").ExitCode);
        }

        [Fact]
        public void A_cancelled_rollout_does_not_come_back_and_its_version_can_be_deployed_again()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0", "--percent", "0").ExitCode);
            Assert.Equal(0, _scene.Run("cancel", "washer", "field").ExitCode);
            Assert.Contains("is cancelled, which is for good", _scene.Refusal(ExitCode.NoTarget, "rollout", "washer", "field", "--resume"));
            Assert.Contains("is cancelled already", _scene.Run("pause", "washer", "field").Output);
            Assert.Contains("is cancelled, which is for good", _scene.Refusal(ExitCode.NoTarget, "rollout", "washer", "field", "--watch"));
            Assert.Equal("cancelled", (string?)Assert.Single(_scene.Hub.ListConfigurations())!["labels"]!["state"]);
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            FleetScene.Await(() => _scene.Devices.Begun.Count == 2, "two devices take 1.1.0");
        }

        [Theory]
        [InlineData("few")]
        [InlineData("0")]
        [InlineData("101%")]
        [InlineData("-1")]
        public void A_limit_that_is_none_is_refused_when_a_rollout_is_changed(string limit)
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            Assert.Contains("--pause-on-failure is a number of devices", _scene.Refusal(ExitCode.Usage, "rollout", "washer", "field", $"--pause-on-failure={limit}"));
        }

        [Fact]
        public void An_empty_signature_for_devices_is_refused()
        {
            Assert.Contains("--token is empty", _scene.Refusal(ExitCode.Usage, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--token", ""));
            string settings = _scene.Workshop.Write("empty.json", new JsonObject { ["hub"] = _scene.Connection, ["container"] = _scene.Workshop.PathOf("www") + "/", ["url"] = "http://127.0.0.1/www", ["token"] = "" }.ToJsonString());
            Assert.Contains("\"token\" is empty", ToolResult.Refusal(ExitCode.Usage, "deploy", _scene.Workshop.Image("1.1.0"), "1.1.0", "washer", "field", "--settings", settings));
            Assert.Empty(_scene.Hub.ListConfigurations());
        }

        [Fact]
        public void A_version_is_not_withdrawn_for_a_product_that_has_never_been_in_the_container()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            Assert.Equal(0, _scene.Deploy("1.2.0").ExitCode);
            Assert.Contains("product wahser has no rollout, and washer has one of 1.2.0 from this container", _scene.Refusal(ExitCode.NoTarget, "withdraw", "1.1.0", "wahser"));
            Assert.True(File.Exists(_scene.Workshop.PathOf("www/v1_1_0.json")));
        }

        [Fact]
        public void What_is_not_there_is_not_withdrawn()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            string typo = _scene.Workshop.PathOf("wwww") + "/";
            Assert.Contains("wwww does not hold 1.1.0", _scene.Refusal(ExitCode.NoTarget, "withdraw", "1.1.0", "washer", "--container", typo));
            Assert.False(Directory.Exists(typo));
            Assert.Contains("does not hold 1.1.1", _scene.Refusal(ExitCode.NoTarget, "withdraw", "1.1.1", "washer"));
            Assert.Contains("product wahser has no rollout, and washer has one of 1.1.0", _scene.Refusal(ExitCode.NoTarget, "withdraw", "1.1.0", "wahser"));
            Assert.Equal("active", (string?)Assert.Single(_scene.Hub.ListConfigurations())!["labels"]!["state"]);
            Assert.Equal(0, _scene.Run("withdraw", "1.1.0", "washer").ExitCode);
            Assert.Equal(0, _scene.Run("withdraw", "1.1.0", "washer").ExitCode);
        }

        [Fact]
        public void A_withdrawn_version_is_not_left_as_a_way_back()
        {
            Assert.Equal(0, _scene.Deploy("1.1.0").ExitCode);
            Assert.Equal(0, _scene.Deploy("1.2.0").ExitCode);
            Assert.Equal(0, _scene.Run("rollback", "washer", "field", "--to", "1.1.0").ExitCode);
            Assert.Single(Directory.GetFiles(_scene.Workshop.PathOf("www"), "v1_1_0.json", SearchOption.AllDirectories), path => path.Contains("back-"));
            Assert.Equal(0, _scene.Run("withdraw", "1.1.0", "washer").ExitCode);
            Assert.Empty(Directory.GetFiles(_scene.Workshop.PathOf("www"), "v1_1_0.js*", SearchOption.AllDirectories));
        }
    }
}
