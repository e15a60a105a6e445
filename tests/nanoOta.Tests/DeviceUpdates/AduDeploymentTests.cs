using System.Text.Json.Nodes;
using nanoOta.Tests.Tool;
using nanoOta.Tool.DeviceUpdates;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary><c>nanoota device run</c> with a deployment that <c>nanoota adu request</c> made, or with a twin from Azure.</summary>
    public sealed class AduDeploymentTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string Import => _workshop.PathOf("washer.importmanifest.json");

        public void Dispose() => _workshop.Dispose();

        [Theory]
        [InlineData("desired with $version")]
        [InlineData("desired with $version and $metadata")]
        [InlineData("the whole twin")]
        public void A_twin_as_exported_from_Azure_is_read(string form)
        {
            string device = _workshop.Device("esp32-8mb");
            Request("1.1.0");
            JsonObject desired = JsonNode.Parse(File.ReadAllText(_workshop.PathOf("twin.json")))!.AsObject();
            desired["$version"] = 17;
            if (form != "desired with $version")
            {
                desired["$metadata"] = JsonNode.Parse("""{"$lastUpdated":"2026-11-20T12:00:00Z","deviceUpdate":{"$lastUpdated":"2026-11-20T12:00:00Z"}}""");
            }

            JsonObject twin = form != "the whole twin" ? desired
                : new JsonObject { ["deviceId"] = "washer", ["version"] = 20, ["properties"] = new JsonObject { ["desired"] = desired, ["reported"] = new JsonObject { ["$version"] = 3 } } };
            ToolResult result = ToolResult.Of("device", "run", "--state", device, "--twin", _workshop.Write("exported.json", ImportManifest.ToText(twin)), "--root-keys", _workshop.PathOf("keys/root-keys.json"), "--json");
            Assert.True(result.ExitCode == 0, result.Output + result.Error);
            Assert.Contains("\"version\":\"1.1.0\"", result.Output);
        }

        [Theory]
        [InlineData("{\"updateVersion\":\"1.0.0\",\"$version\":4,\"$metadata\":{\"$lastUpdated\":\"2026-11-20T12:00:00Z\"}}")]
        [InlineData("{\"properties\":{\"desired\":{\"updateVersion\":\"1.0.0\",\"$version\":4}}}")]
        [InlineData("\uFEFF{\"updateVersion\":\"1.0.0\"}")]
        public void So_is_one_without_Device_Update(string twin)
        {
            ToolResult result = ToolResult.Of("device", "run", "--state", _workshop.Device(), "--twin", _workshop.Write("twin.json", twin));
            Assert.True(result.ExitCode == 0, result.Output + result.Error);
        }

        [Fact]
        public void A_request_that_the_device_rejects_is_what_it_ends_with()
        {
            string device = _workshop.Device("esp32-8mb");
            Request("1.1.0");
            string[] run = ["device", "run", "--state", device, "--twin", _workshop.PathOf("twin.json")];
            ToolResult result = ToolResult.Of([.. run, "--json"]);
            Assert.Equal((3, "KeyUnknown", "None"), (result.ExitCode, (string?)result.Last["rejection"], (string?)result.Last["code"]));
            Assert.Contains($"The request is rejected: {(int)ResultCode.KeyUnknown}, KeyUnknown", ToolResult.Of(run).Output);
        }

        [Fact]
        public void A_device_has_a_property_of_the_older_name_beside_the_newer_one()
        {
            string device = _workshop.Device("esp32-8mb");
            RequestFor("1.1.0", ["manufacturer=Contoso", "deviceManufacturer=Fabrikam", "deviceModel=Washer"]);
            ToolResult result = ToolResult.Of("device", "run", "--state", device, "--twin", _workshop.PathOf("twin.json"), "--root-keys", _workshop.PathOf("keys/root-keys.json"), "--json");
            Assert.True(result.ExitCode == 0, result.Output + result.Error);
            Assert.Contains("\"compatPropertyNames\":\"manufacturer,model,deviceManufacturer\"", result.Output);
        }

        [Fact]
        public void A_request_made_at_a_desk_takes_a_virtual_device_through_the_whole_flow_and_every_patch_is_printed()
        {
            string device = _workshop.Device("esp32-8mb");
            ToolResult result = Deploy(device, "1.1.0");
            Assert.Equal(0, result.ExitCode);
            JsonNode[] lines = [.. result.Output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!)];
            JsonNode[] agents = [.. lines.Where(line => (string?)line["event"] == "reported").Select(line => line["patch"]!["deviceUpdate"]?["agent"]).OfType<JsonNode>()];
            Assert.Equal(["0", "6", "6", "0"], agents.Select(agent => agent["state"]!.ToString()));
            Assert.Equal(700, (int)agents[^1]["lastInstallResult"]!["resultCode"]!);
            Assert.Contains(lines, line => line["patch"]?["deviceUpdate"]?["service"]?["ac"]?.ToString() == "200");
            Assert.Equal("1.1.0", (string?)lines[^1]["version"]);
        }

        [Fact]
        public void Without_its_root_keys_the_request_is_rejected()
        {
            string device = _workshop.Device("esp32-8mb");
            Request("1.1.0");
            ToolResult result = ToolResult.Of("device", "run", "--state", device, "--twin", _workshop.PathOf("twin.json"), "--json");
            Assert.Equal(3, result.ExitCode);
            Assert.Contains("\"ac\":406", result.Output);
        }

        [Fact]
        public void A_version_that_fails_its_self_test_leaves_the_device_idle_with_the_version_before()
        {
            string device = _workshop.Device("esp32-8mb");
            ToolResult result = Deploy(device, "1.1.0", "--self-test", "fail");
            Assert.Equal(3, result.ExitCode);
            Assert.Contains("\"state\":255", result.Output);
            Assert.Contains("\"version\":\"1.0.0\"", result.Output);
        }

        [Fact]
        public void A_cancel_is_acknowledged()
        {
            string device = _workshop.Device("esp32-8mb");
            ToolResult result = Deploy(device, "1.1.0", cancel: true);
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("\"ac\":200", result.Output);
        }

        [Fact]
        public void A_cancel_that_still_holds_the_manifest_is_one_too()
        {
            string device = _workshop.Device("esp32-8mb");
            Request("1.1.0");
            string twin = _workshop.PathOf("twin.json");
            JsonNode desired = JsonNode.Parse(File.ReadAllText(twin))!;
            desired["deviceUpdate"]!["service"]!["workflow"]!["action"] = 255;
            File.WriteAllText(twin, desired.ToJsonString());
            ToolResult result = ToolResult.Of("device", "run", "--state", device, "--twin", twin, "--root-keys", _workshop.PathOf("keys/root-keys.json"), "--json");
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("\"ac\":200", result.Output);
        }

        private ToolResult Deploy(string device, string version, params string[] more) => Deploy(device, version, false, more);

        private ToolResult Deploy(string device, string version, bool cancel, params string[] more)
        {
            Request(version, cancel ? ["--cancel"] : []);
            return ToolResult.Of(["device", "run", "--state", device, "--twin", _workshop.PathOf("twin.json"), "--root-keys", _workshop.PathOf("keys/root-keys.json"), "--json", .. more]);
        }

        private void Request(string version, params string[] more) => RequestFor(version, ["manufacturer=Contoso", "model=Washer", "colour=red"], more);

        private void RequestFor(string version, string[] compat, params string[] more)
        {
            Done(["adu", "import-manifest", _workshop.Image(version), "--provider", "Contoso", "--name", "Washer", "--version", version, "--compat", .. compat, "--out", Import]);
            Done(["adu", "request", Import, "--url", _workshop.Server.Url, "--keys", _workshop.PathOf("keys"), "--out", _workshop.PathOf("twin.json"), .. more]);
        }

        private static void Done(params string[] args)
        {
            ToolResult result = ToolResult.Of(args);
            Assert.True(result.ExitCode == 0, result.Error + result.Output);
        }
    }
}
