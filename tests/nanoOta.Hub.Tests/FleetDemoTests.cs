using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Hub.Tests
{
    /// <summary><c>nanoota demo --fleet</c>: an operator's whole way, over the hub's real REST interface.</summary>
    public sealed class FleetDemoTests
    {
        [Fact]
        public void A_canary_stops_a_bad_version_rollback_takes_it_back_and_a_good_one_reaches_everyone()
        {
            using var output = new StringWriter();
            using var error = new StringWriter();
            int code = CommandLine.Run(["demo", "--fleet", "60", "--json"], output, error, stop: TestContext.Current.CancellationToken);
            JsonNode[] lines = [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
            Assert.True(code == 0, output.ToString() + error);
            Assert.Equal(4, lines.Count(line => (string?)line["event"] == "outcome" && (bool)line["ok"]!));
            Assert.Contains(lines, line => (string?)line["outcome"] == "60 of 60 devices run 1.3.0.");
        }

        [Fact]
        public void A_fleet_that_is_too_small_is_refused()
        {
            using var error = new StringWriter();
            Assert.Equal(2, CommandLine.Run(["demo", "--fleet", "1"], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            Assert.Contains("--fleet is from 50 to 20000.", error.ToString());
        }
    }
}
