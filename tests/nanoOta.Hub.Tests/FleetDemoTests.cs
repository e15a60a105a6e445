using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Hub.Tests
{
    /// <summary><c>nanoota demo --fleet</c>; test.sh plays it without MQTT, as a process of its own.</summary>
    [Collection(FleetTests.OneByOne)]
    public sealed class FleetDemoTests
    {
        [Fact]
        public void From_a_release_to_everyone_over_REST_and_MQTT_with_a_canary_that_stops_a_bad_version()
        {
            using var output = new StringWriter { NewLine = "\n" };
            using var error = new StringWriter();
            int code = CommandLine.Run(["demo", "--fleet", "50", "--mqtt", "--json"], output, error, stop: TestContext.Current.CancellationToken);
            JsonNode[] events = [.. output.ToString().TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!)];
            Assert.True(code == 0, output.ToString() + error);
            Assert.True((bool)events.Single(item => (string?)item["event"] == "fleet")["mqtt"]!);
            Assert.Equal(
                ["keygen 0", "release 0", "deploy 0", "release 0", "deploy 13", "rollback 0", "release 0", "deploy 0"],
                events.Where(item => (string?)item["event"] == "command").Select(item => $"{((string)item["command"]!).Split(' ')[0]} {item["exit"]}"));
            Assert.Equal(
                ["50 of 50 devices run 1.1.0.", "Paused by itself; most devices never saw it.", "50 of 50 devices run 1.1.0.", "50 of 50 devices run 1.3.0."],
                events.Where(item => (string?)item["event"] == "outcome").Select(item => (string?)item["outcome"]));
        }

        [Theory]
        [InlineData("--fleet is from 50 to 20000.", "1")]
        [InlineData("--fleet is from 50 to 200 with --mqtt.", "201", "--mqtt")]
        public void A_fleet_of_another_size_is_refused(string sentence, params string[] options)
        {
            using var error = new StringWriter();
            Assert.Equal(2, CommandLine.Run(["demo", "--fleet", .. options], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            Assert.Contains(sentence, error.ToString());
        }
    }
}
