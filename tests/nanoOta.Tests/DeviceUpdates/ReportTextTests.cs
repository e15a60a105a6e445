using System.Text.Json;
using System.Text.Json.Nodes;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>Ids and timestamps of a request are reported as they came, whatever is in them.</summary>
    public sealed class ReportTextTests
    {
        [Fact]
        public void Every_character_of_an_id_comes_back_from_a_report()
        {
            for (int c = 0; c <= 0xFFFF; c++)
            {
                if (!char.IsSurrogate((char)c))
                {
                    string id = $"a{(char)c}b";
                    string json = DeviceUpdateReport.Agent(null, 6, null, new DeviceUpdateRequest { Action = 3, WorkflowId = id, RetryTimestamp = id }, null);
                    JsonNode workflow = JsonNode.Parse($"{{{json}}}")!["deviceUpdate"]!["agent"]!["workflow"]!;
                    Assert.Equal((id, id), ((string?)workflow["id"], (string?)workflow["retryTimestamp"]));
                }
            }
        }

        [Fact]
        public void A_pair_of_surrogates_a_quote_and_a_backslash_come_back_too()
        {
            const string Text = "\U0001F600 \" \\ / ' \u2028";
            Assert.Equal(Text, (string?)JsonNode.Parse(DeviceUpdateReport.UpdateId(Text, Text, Text))!["name"]);
        }

        [Theory]
        [InlineData("work\tflow", null)]
        [InlineData("work\nflow", null)]
        [InlineData("workflow-1", "2026-11-20T12:00:00Z\n")]
        [InlineData("workflow\r-1\f\b", "\t")]
        public void A_request_with_control_characters_is_installed_and_its_reports_arrive(string id, string? retry)
        {
            var bench = new DeploymentBench();
            string manifest = bench.Publish("1.1");
            bench.At(100, () => bench.Hub.PatchDesired(DeploymentBench.Request(manifest, id, retry)));
            bench.RunUntil(() => bench.Told.Length > 1 && bench.Told[^1].EndsWith("installed 1.1"));
            Assert.Equal(VirtualDevice.RunEnd.Settled, bench.Run());
            Assert.Equal((id, retry), ((string?)bench.Agent["workflow"]!["id"], (string?)bench.Agent["workflow"]!["retryTimestamp"]));
            int reports = bench.Hub.Reports.Count;
            bench.Run();
            Assert.InRange(bench.Hub.Reports.Count, reports, reports + 3);
        }
    }
}
