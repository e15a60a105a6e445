using System.Net;
using System.Text.Json.Nodes;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tests.Fleet
{
    /// <summary>More devices than are asked for one by one: the hub's metrics count, and before there are any, nobody has decided.</summary>
    public sealed class LargeFleetTests
    {
        private const string Connection = "HostName=contoso.azure-devices.net;SharedAccessKeyName=service;SharedAccessKey=c2VjcmV0";

        private static readonly Rollout _rollout = new() { Group = new DeviceGroup("washer", "field"), Version = "1.1.0", Container = "https://x/y", Number = 2, Percent = 5 };

        [Fact]
        public async Task A_part_of_the_devices_is_not_taken_for_all_of_them()
        {
            using var hub = new HubClient(HubAddress.Parse(Connection), new Endless());
            FleetReport report = await FleetReport.ReadAsync(hub, _rollout, _rollout.ToConfiguration(null), TestContext.Current.CancellationToken);
            Assert.True(report.IsByMetrics);
            Assert.Equal((0, 0), (report.Decided, report.Of(DeviceProgress.Applied)));
        }

        [Fact]
        public async Task What_the_hub_counted_is_taken_when_it_has()
        {
            using var hub = new HubClient(HubAddress.Parse(Connection), new Endless());
            DeviceConfiguration counted = _rollout.ToConfiguration(null) with { Results = new Dictionary<string, long> { ["targetedCount"] = 50_000, ["applied"] = 2_400, ["failed"] = 7 } };
            FleetReport report = await FleetReport.ReadAsync(hub, _rollout, counted, TestContext.Current.CancellationToken);
            Assert.Equal((true, 50_000, 2_407, 7), (report.IsByMetrics, report.Targeted, report.Decided, report.Bad));
        }

        // Every page is full of devices that run the version, and there is always another one.
        private sealed class Endless : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var rows = new JsonArray([.. Enumerable.Range(0, 1000).Select(i => (JsonNode)new JsonObject { ["deviceId"] = $"dev-{i}", ["ota"] = new JsonObject { ["current"] = "1.1.0", ["state"] = "idle" } })]);
                var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(rows.ToJsonString()) };
                response.Headers.Add("x-ms-continuation", "more");
                return Task.FromResult(response);
            }
        }
    }
}
