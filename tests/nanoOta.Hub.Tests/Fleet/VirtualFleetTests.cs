using System.Diagnostics;
using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    [Collection(FleetTests.OneByOne)]
    public sealed class VirtualFleetTests : IDisposable
    {
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

        private readonly HubScene _scene = new();
        private readonly Releases _releases = new();

        private HubClient Client => _scene.Client;

        public void Dispose()
        {
            _releases.Dispose();
            _scene.Dispose();
        }

        [Fact]
        public void A_device_updates_itself_when_its_twin_says_so_and_reports_what_became_of_it()
        {
            _releases.Publish("1.1.0", 1);
            _releases.Publish("1.2.0", 2);
            using var fleet = new VirtualFleet(_scene.Hub, new FleetSettings { Count = 20, Fails = (_, version) => version == "1.2.0" });
            Assert.True(fleet.Settle(_patience));
            Assert.Equal(20, Count("properties.reported.ota.current = '1.0.0' AND connectionState = 'Connected'"));
            Want("sim-07", "1.1.0");
            Assert.True(fleet.Settle(_patience));
            Assert.Equal("sim-07", Client.Query("SELECT deviceId FROM devices WHERE properties.reported.ota.current = '1.1.0'").Ids);
            Want("sim-07", "1.2.0");
            Assert.True(fleet.Settle(_patience));
            JsonNode ota = Client.Get("/twins/sim-07").Json["properties"]!["reported"]!["ota"]!;
            Assert.Equal(("1.1.0", 700, "1.2.0"), ((string)ota["current"]!, (int)ota["last"]!["code"]!, (string)ota["last"]!["version"]!));
        }

        [Fact]
        public async Task A_device_that_stands_still_answers_direct_methods()
        {
            using var fleet = new VirtualFleet(_scene.Hub, new FleetSettings { Count = 3 });
            Assert.True(fleet.Settle(_patience));
            HubAnswer answer = await Client.SendAsync("POST", "/twins/sim-1/methods", """{"methodName":"status","payload":null}""");
            Assert.Equal(200, answer.Status);
            Assert.Equal("1.0.0", (string?)answer.Json["payload"]!["current"]);
        }

        [Fact]
        public void A_virtual_device_that_fails_is_named_and_can_be_woken_again()
        {
            bool isBroken = true;
            using var fleet = new VirtualFleet(_scene.Hub, new FleetSettings { Count = 2, Configure = options => _ = isBroken && options.DeviceId == "sim-1" ? throw new InvalidOperationException("planned") : 0 });
            Assert.Contains("sim-1: planned", Assert.Throws<InvalidOperationException>(() => SpinWait.SpinUntil(() => !fleet.Settle(TimeSpan.FromMilliseconds(100)), _patience)).Message);
            Assert.Equal("sim-1: planned", fleet.Failure?.Message);
            Assert.True(SpinWait.SpinUntil(() => fleet.IsIdle, _patience));
            isBroken = false;
            Client.Patch("/twins/sim-1", """{"properties":{"desired":{"other":1}}}""");
            Assert.True(SpinWait.SpinUntil(() => Count("properties.reported.ota.current = '1.0.0'") == 2, _patience));
        }

        [Fact]
        public void One_change_of_the_properties_wakes_a_device_once()
        {
            int boots = 0;
            using var fleet = new VirtualFleet(_scene.Hub, new FleetSettings { Count = 1, Configure = _ => Interlocked.Increment(ref boots) });
            Assert.True(fleet.Settle(_patience));
            for (int change = 1; change <= 20; change++)
            {
                Client.Patch("/twins/sim-0", $$$$"""{"properties":{"desired":{"other":{{{{change}}}}}}}""");
                Assert.True(fleet.Settle(_patience));
                Assert.Equal(1 + change, boots);
            }
        }

        [Fact]
        public async Task After_the_fleet_is_gone_its_devices_are_disconnected_and_changes_wake_nobody()
        {
            var fleet = new VirtualFleet(_scene.Hub, new FleetSettings { Count = 3 });
            Assert.True(fleet.Settle(_patience));
            fleet.Dispose();
            fleet.Dispose();
            Assert.Equal(3, Count("connectionState = 'Disconnected'"));
            Assert.Equal(200, Client.Patch("/twins/sim-1", """{"properties":{"desired":{"other":1}}}""").Status);
            Assert.Equal("DeviceNotOnline", (await Client.SendAsync("POST", "/twins/sim-1/methods", """{"methodName":"status","payload":null}""")).Error);
            Assert.Null(_scene.Hub.Failure);
        }

        [Fact]
        public void A_share_of_devices_is_about_as_large_as_asked_for_and_stays_the_same()
        {
            string[] ids = [.. Enumerable.Range(0, 10_000).Select(n => $"sim-{n:D5}")];
            Assert.InRange(ids.Count(id => FleetSettings.IsAmong(id, "1.1.0", 3)), 240, 360);
            Assert.Equal(["sim-00099", "sim-00122", "sim-00139", "sim-00172"], ids.Take(200).Where(id => FleetSettings.IsAmong(id, "1.1.0", 3)));
            Assert.NotEqual(ids.Where(id => FleetSettings.IsAmong(id, "1.1.0", 3)), ids.Where(id => FleetSettings.IsAmong(id, "1.2.0", 3)));
            Assert.True(ids.Where(id => FleetSettings.IsAmong(id, "1.1.0", 3)).All(id => FleetSettings.IsAmong(id, "1.1.0", 4)));
        }

        [Fact]
        public void Ten_thousand_devices_take_a_staged_rollout_with_three_percent_failing()
        {
            const int Devices = 10_000;
            var watch = Stopwatch.StartNew();
            _releases.Publish("1.1.0", 1);
            using var fleet = new VirtualFleet(_scene.Hub, new FleetSettings { Count = Devices, Fails = (id, version) => FleetSettings.IsAmong(id, version, 3) });
            int failing = fleet.Ids.Count(id => FleetSettings.IsAmong(id, "1.1.0", 3));
            int failingCanaries = fleet.Ids.Where((_, number) => number % 20 == 0).Count(id => FleetSettings.IsAmong(id, "1.1.0", 3));
            Assert.True(fleet.Settle(_patience));

            // The index does not have the newest devices at once.
            _scene.Hub.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(Devices, Count("properties.reported.ota.current = '1.0.0'"));

            Roll("tags.group = 'canary'", null);
            Assert.True(fleet.Settle(_patience));
            Assert.Equal(Devices / 20 - failingCanaries, Count("properties.reported.ota.current = '1.1.0'"));
            Assert.Equal(failingCanaries, Count("properties.reported.ota.last.code = 700"));

            Roll("tags.product = 'washer'", "*");
            Assert.True(fleet.Settle(_patience));
            Assert.Equal(Devices - failing, Count("properties.reported.ota.current = '1.1.0' AND properties.reported.ota.last.code = 1"));
            Assert.Equal(failing, Count("properties.reported.ota.current = '1.0.0' AND properties.reported.ota.last.code = 700"));
            Assert.Equal(Devices, Count("properties.reported.ota.state = 'idle'"));

            _scene.Hub.Advance(TimeSpan.FromMinutes(5));
            JsonNode results = Client.Get("/configurations/ota_v1").Json;
            Assert.Equal(Devices, (int?)results["systemMetrics"]!["results"]!["appliedCount"]);
            Assert.Equal(failing, (int?)results["metrics"]!["results"]!["failed"]);
            using Process self = Process.GetCurrentProcess();
            TestContext.Current.SendDiagnosticMessage($"{Devices} devices, {failing} of them failing: {watch.Elapsed.TotalSeconds:F0} s, {self.TotalProcessorTime.TotalSeconds:F0} s of processor time, peak {self.PeakWorkingSet64 / 1048576} MiB.");
        }

        private void Roll(string condition, string? ifMatch)
        {
            string body = $$$$"""
                {"content":{"deviceContent":{"properties.desired.updateVersion":"1.1.0","properties.desired.updateUrl":"{{{{_releases.Url}}}}"}},"targetCondition":"{{{{condition}}}}","priority":10,
                 "metrics":{"queries":{"failed":"SELECT deviceId FROM devices WHERE properties.reported.ota.last.code >= 100"}}}
                """;
            Assert.Equal(200, Client.Put("/configurations/ota_v1", body, ifMatch).Status);
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
        }

        private void Want(string id, string version)
        {
            Assert.Equal(200, Client.Patch($"/twins/{id}", $$$$"""{"properties":{"desired":{"updateVersion":"{{{{version}}}}","updateUrl":"{{{{_releases.Url}}}}"}}}""").Status);
        }

        private int Count(string where) => (int)Client.Query($"SELECT COUNT() AS n FROM devices WHERE {where}").Json[0]!["n"]!;
    }
}
