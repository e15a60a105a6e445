using System.Text;
using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>The board behind the page, with devices that report anything at all.</summary>
    public sealed class HostileDeviceTests
    {
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

        public static TheoryData<string> Reports =>
        [
            """{"state":""}""",
            """{"state":"\u0007\n"}""",
            """{"state":"\ud800","current":"\udc00x","last":{"reason":"\ud800","code":700}}""",
            """{"state":5,"current":[],"target":{},"waiting":"x","progress":"y","last":7}""",
            """{"state":null,"current":null,"last":{"code":1e400,"version":false}}""",
            """{"state":"idle","progress":-2147483648,"waiting":-2147483648,"last":{"code":-2147483648}}""",
            """{"state":"constructor","current":"__proto__","target":"toString","waiting":99999,"last":{"code":99999,"version":""}}""",
            $$"""{"state":"{{new string('x', 4000)}}","current":"{{string.Concat(Enumerable.Repeat("\U0001F600", 500))}}"}""",
        ];

        [Theory]
        [MemberData(nameof(Reports))]
        public void Any_report_makes_a_row_and_sentences(string ota)
        {
            var bare = new FleetRow("d1", null, null, null, true, null);
            FleetRow row = bare.With((JsonObject)JsonNode.Parse(ota)!);
            FleetRow idle = bare.With(new JsonObject { ["state"] = "idle", ["current"] = "1.0.0" });
            string json = row.ToJson().ToJsonString(HubText.Options);
            Assert.InRange(json.Length, 1, 1000);
            Assert.Equal(json, JsonNode.Parse(json)!.ToJsonString(HubText.Options));
            foreach ((FleetRow? before, FleetRow now) in new[] { (null, row), (idle, row), (row, idle) })
            {
                Assert.All(FleetNews.Of(before, now, DateTime.UtcNow), item => Assert.InRange(item.Text.Length, 5, 500));
            }
        }

        [Fact]
        public void A_device_that_reports_nonsense_hides_no_other_and_the_board_ends_as_always()
        {
            using var hub = new IotHub(new HubOptions { Units = 0 });
            FleetBoard board = HubBoard.Of(hub, new FleetHistory(null));
            int number = 0;
            foreach (string report in Reports.Select(row => row.Data))
            {
                Report(hub, $"bad-{number++}", report);
            }

            Report(hub, "good", """{"state":"idle","current":"1.0.0"}""");
            Assert.True(SpinWait.SpinUntil(() => board.History("good").Count > 0, _patience));
            Report(hub, "good", """{"state":"idle","current":"1.1.0"}""");
            Assert.True(SpinWait.SpinUntil(() => board.History("good").Any(item => item.Text == "Runs 1.1.0 instead of 1.0.0."), _patience));
            board.Dispose();
            Assert.Null(board.Failure);
        }

        [Fact]
        public void A_look_that_fails_is_seen_and_the_next_one_is_taken()
        {
            int looks = 0;
            using var board = new FleetBoard("here", new FleetHistory(null), TimeProvider.System, refresh: board =>
            {
                if (++looks == 1)
                {
                    throw new InvalidOperationException("planned");
                }

                board.Set(new FleetRow("d1", null, null, null, true, null));
            });
            Assert.True(SpinWait.SpinUntil(() => board.History("d1").Count == 1, _patience));
            Assert.Equal("planned", board.Failure?.Message);
        }

        [Fact]
        public void A_fleet_that_reports_a_thousand_versions_is_counted_with_twenty_of_them()
        {
            using var board = new FleetBoard("here", new FleetHistory(null), TimeProvider.System);
            for (int n = 0; n < 1000; n++)
            {
                board.Set(new FleetRow($"d{n}", null, null, null, true, null).With(new JsonObject { ["current"] = n < 10 ? "1.0.0" : $"1.{n}.0" }));
            }

            board.History("");
            JsonObject counts = JsonNode.Parse(board.Watch(out _))!["samples"]!.AsArray()[^1]![1]!.AsObject();
            Assert.Equal((21, 10, 971), (counts.Count, (int)counts["1.0.0"]!, (int)counts["others"]!));
        }

        // Not over the hub's own reading of reports, which refuses some of them.
        private static void Report(IotHub hub, string id, string ota)
        {
            if (!hub.DeviceIds.Contains(id))
            {
                hub.PutDevice(id, [], null);
            }

            string key = (string)hub.GetDevice(id).Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
            var connect = new DeviceConnect(id, $"127.0.0.1/{id}/?api-version=2021-04-12", SasToken.Sign($"127.0.0.1/devices/{id}", key, DateTime.UtcNow.AddHours(1), null), null);
            Assert.Equal(0, hub.Connect(connect, new Deaf(), out DeviceSession? session));
            Assert.True(hub.Publish(session!, "$iothub/twin/PATCH/properties/reported/?$rid=1", Encoding.UTF8.GetBytes($$"""{"ota":{{ota}}}"""), 1));
        }
    }
}
