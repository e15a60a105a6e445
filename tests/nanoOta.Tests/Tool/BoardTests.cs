using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    /// <summary>A release against the board configuration of its platform (seed document 4).</summary>
    public sealed class BoardTests : IDisposable
    {
        private const string Board = """
            {"platform":"washer-mk2","target":"ESP32_S3","provider":"Contoso","name":"Washer",
             "components":[{"id":"deployment","kind":"deployment","requires":{"clr":"1.16.0"}},{"id":"clr","kind":"esp32"},
                           {"id":"motor","slotSize":1000,"kind":"file","priority":2,"requires":{"deployment":"1.1.0"}}]}
            """;

        private readonly Workshop _workshop = new();

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void What_the_board_says_goes_into_the_manifest()
        {
            JsonObject manifest = Pack(Board, "1.1.0", _workshop.Image("1.1.0"), "motor=" + _workshop.Write("motor.bin", "motor"));
            Assert.Equal(("washer-mk2", "ESP32_S3", "Contoso", "Washer"), ((string?)manifest["platformId"], (string?)manifest["compatibility"]!["target"], (string?)manifest["provider"], (string?)manifest["name"]));
            JsonNode motor = manifest["components"]![1]!;
            Assert.Equal((2, "1.1.0"), ((int)motor["priority"]!, (string?)motor["requires"]!["deployment"]));
            Assert.Equal("1.16.0", (string?)manifest["components"]![0]!["requires"]!["clr"]);
        }

        [Fact]
        public void The_stricter_of_two_requirements_counts()
        {
            JsonObject manifest = Pack(Board, "1.1.0", _workshop.Image("1.1.0"), "--requires", "deployment:clr=1.15.0");
            Assert.Equal("1.16.0", (string?)manifest["components"]![0]!["requires"]!["clr"]);
            manifest = Pack(Board, "1.2.0", _workshop.Image("1.2.0"), "--requires", "deployment:clr=1.17.0");
            Assert.Equal("1.17.0", (string?)manifest["components"]![0]!["requires"]!["clr"]);
        }

        [Fact]
        public void A_layout_that_the_board_names_is_measured_against()
        {
            const string Small = """{"layout":"esp32-4mb","components":[{"id":"deployment"}]}""";
            Assert.Contains("deploy_0 has 917504", Refusal(Small, ExitCode.Unsound, "1.1.0", _workshop.Image("1.1.0", 917508)));
            Assert.Contains("--layout is 'esp32-8mb', and", Refusal(Small, ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0"), "--layout", "esp32-8mb"));
        }

        [Fact]
        public void What_the_boards_devices_would_refuse_is_refused()
        {
            string app = _workshop.Image("1.1.0");
            Assert.Contains("has no component 'lamp'; it has deployment, clr, motor", Refusal(Board, ExitCode.Unsound, "1.1.0", app, "lamp=" + app));
            Assert.Contains("'motor' has 40000 bytes; ", Refusal(Board, ExitCode.Unsound, "1.1.0", app, "motor=" + app));
            Assert.Contains("needs clr 1.16.0 or newer, and this update brings 1.15.0", Refusal(Board, ExitCode.Unsound, "1.1.0", app, _workshop.Image("1.15.0", kind: "esp32")));
            Assert.Contains("is of kind file; ", Refusal("""{"components":[{"id":"motor","kind":"mcuboot"}]}""", ExitCode.Unsound, "1.1.0", "motor=" + _workshop.Write("m.bin", "m")));
            Assert.Contains("--target is 'ESP32_C3', and", Refusal(Board, ExitCode.Usage, "1.1.0", app, "--target", "ESP32_C3"));
            Assert.Contains("--provider is 'Other', and", Refusal(Board, ExitCode.Usage, "1.1.0", app, "--provider", "Other"));
        }

        [Theory]
        [InlineData("{\"component\":[]}", "component is no member of a board configuration")]
        [InlineData("{}", "components is no array")]
        [InlineData("{\"components\":[1]}", "components[0] is no object")]
        [InlineData("{\"components\":[{}]}", "components[0].id is missing")]
        [InlineData("{\"components\":[{\"id\":\"a\"},{\"id\":\"a\"}]}", "components[1].id is 'a', which another component has")]
        [InlineData("{\"components\":[{\"id\":\"a\",\"size\":1}]}", "components[0].size is no member")]
        [InlineData("{\"components\":[{\"id\":\"a\",\"kind\":\"elf\"}]}", "components[0].kind is 'elf'")]
        [InlineData("{\"components\":[{\"id\":\"a\",\"slotSize\":0}]}", "components[0].slotSize is no number from 1")]
        [InlineData("{\"components\":[{\"id\":\"a\",\"priority\":\"1\"}]}", "components[0].priority is no number from 0")]
        [InlineData("{\"components\":[{\"id\":\"a\",\"requires\":[]}]}", "components[0].requires is no object")]
        [InlineData("{\"components\":[{\"id\":\"a\",\"requires\":{\"a\":\"1\"}}]}", "components[0].requires.a is no semantic version")]
        [InlineData("{\"components\":[{\"id\":\"a\",\"requires\":{\"b\":\"1.0.0\"}}]}", "names 'b', which the board does not have")]
        [InlineData("{\"target\":5,\"components\":[]}", "target is no text")]
        [InlineData("not json", "is no JSON")]
        public void A_board_configuration_that_is_wrong_says_where(string board, string reason)
        {
            Assert.Contains(reason, Refusal(board, ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0")));
        }

        [Theory]
        [InlineData("""{"ota":{0}}""")]
        [InlineData("""{"reported":{"ota":{0}}}""")]
        [InlineData("""{"deviceId":"d","properties":{"desired":{},"reported":{"ota":{0},"other":1}}}""")]
        [InlineData("{0}")]
        public void A_device_that_is_as_the_board_says_is_told_from_its_report_or_twin(string form)
        {
            ToolResult result = Compare(form, """{"current":"1.1.0-rc.1","state":"idle","slot":"ota_0/deploy_1","components":{"motor":{"state":"updated","version":"2.3.0"}}}""");
            Assert.True(result.ExitCode == 0, result.Output + result.Error);
            Assert.Contains("report of a device that runs 1.1.0", result.Output);
            Assert.Contains("clr: no report has its version", result.Output);
            Assert.Contains("✓ motor: 2.3.0, updated.", result.Output);
            Assert.Contains("✓ motor needs deployment: 1.1.0 or newer; 1.1.0 is installed.", result.Output);
            Assert.Contains("The device is as the board says.", result.Output);
        }

        [Theory]
        [InlineData("""{"current":"1.1.0","state":"idle"}""", "✗ motor: The device does not report it")]
        [InlineData("""{"state":"idle","components":{"motor":{"state":"idle"}}}""", "✗ deployment: No version is reported")]
        [InlineData("""{"current":"1.0.9","state":"idle","components":{"motor":{"state":"idle","version":null}}}""", "✗ motor needs deployment: 1.1.0 or newer; 1.0.9 is installed. Update deployment first")]
        [InlineData("""{"current":"1.1.0","state":"idle","components":{"motor":{"state":"failed","version":"1.0.0","code":620}}}""", "✗ motor: 1.0.0, failed (")]
        [InlineData("""{"current":"1.1.0","state":"idle","components":{"motor":{"state":"failed","version":"1.0.0","trouble":true}}}""", "✗ motor: 1.0.0, in trouble: confirming")]
        [InlineData("""{"current":"1.1.0","state":"idle","components":{"motor":{"state":"idle"},"pump":{"state":"idle"}}}""", "✗ pump: The device reports it, and ")]
        [InlineData("""{"current":5,"state":{},"components":{"motor":{"state":[],"version":7,"code":"x","trouble":"y"}}}""", "✗ deployment: No version")]
        public void What_differs_between_a_device_and_its_board_is_named(string ota, string reason)
        {
            ToolResult result = Compare("{0}", ota);
            Assert.Equal(4, result.ExitCode);
            Assert.Contains(reason, result.Output);
            Assert.Contains("NOT AS THE BOARD SAYS.", result.Output);
        }

        [Theory]
        [InlineData("{}")]
        [InlineData("{\"properties\":{\"reported\":{}}}")]
        [InlineData("{\"properties\":{\"reported\":5}}")]
        [InlineData("{\"ota\":{\"state\":\"idle\",\"components\":[]}}")]
        public void What_holds_no_report_is_refused(string text)
        {
            Assert.Contains("holds no report of a device", ToolResult.Refusal(ExitCode.Usage, "inspect", _workshop.Write("twin.json", text), "--board", _workshop.Write("board.json", Board)));
        }

        [Fact]
        public void A_member_that_stands_twice_in_a_board_is_refused()
        {
            Assert.Contains("is no JSON object", Refusal("""{"components":[],"components":[]}""", ExitCode.Usage, "1.1.0", _workshop.Image("1.1.0")));
        }

        private ToolResult Compare(string form, string ota)
        {
            return ToolResult.Of("inspect", _workshop.Write("twin.json", form.Replace("{0}", ota, StringComparison.Ordinal)), "--board", _workshop.Write("board.json", Board));
        }

        private JsonObject Pack(string board, string version, params string[] args)
        {
            ToolResult result = ToolResult.Of(["pack", "--version", version, "--board", _workshop.Write("board.json", board), "--out", _workshop.PathOf("firmware"), .. args]);
            Assert.True(result.ExitCode == 0, result.Error);
            return JsonNode.Parse(File.ReadAllText(_workshop.PathOf($"firmware/{SemanticVersion.Parse(version).FileStem}.json")))!.AsObject();
        }

        private string Refusal(string board, ExitCode code, string version, params string[] args)
        {
            return ToolResult.Refusal(code, ["pack", "--version", version, "--board", _workshop.Write("board.json", board), "--out", _workshop.PathOf("firmware"), .. args]);
        }
    }
}
