using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    public sealed class RegistryTests : IDisposable
    {
        private readonly HubScene _scene = new();

        private HubClient Client => _scene.Client;

        public void Dispose() => _scene.Dispose();

        [Fact]
        public void PUT_without_If_Match_is_create_only()
        {
            Assert.Equal(200, Client.Put("/devices/d1", """{"deviceId":"d1"}""").Status);
            HubAnswer second = Client.Put("/devices/d1", """{"deviceId":"d1"}""");
            Assert.Equal((409, "DeviceAlreadyExists"), (second.Status, second.Error));
            Assert.Equal(404, Client.Put("/devices/d2", """{"deviceId":"d2"}""", "*").Status);
        }

        [Fact]
        public void PUT_mints_new_keys_when_authentication_is_left_out()
        {
            string before = Key(Client.Put("/devices/d1", "{}"));
            Assert.NotEqual(before, Key(Client.Put("/devices/d1", "{}", "*")));
            string own = Convert.ToBase64String(new byte[32]);
            Assert.Equal(own, Key(Client.Put("/devices/d1", $$$$"""{"authentication":{"symmetricKey":{"primaryKey":"{{{{own}}}}"}}}""", "*")));
        }

        [Fact]
        public void DELETE_needs_If_Match()
        {
            HubAnswer made = Client.Put("/devices/d1", "{}");
            HubAnswer bare = Client.Delete("/devices/d1");
            Assert.Equal((412, "PreconditionFailed"), (bare.Status, bare.Error));
            Assert.Contains("Etag missing", bare.Text);
            Assert.Equal(204, Client.Delete("/devices/d1", (string)made.Json["etag"]!).Status);
            Assert.Equal(404, Client.Get("/devices/d1").Status);
        }

        [Fact]
        public void A_deleted_device_is_still_listed_by_queries_for_25_minutes_where_ghosts_are_on()
        {
            using var scene = new HubScene(new HubOptions { Units = 0, IndexLag = TimeSpan.Zero, Ghosts = TimeSpan.FromMinutes(25) });
            scene.AddDevice("d1");
            scene.Client.Delete("/devices/d1", "*");
            Assert.Equal("d1", scene.Client.Query("SELECT deviceId FROM devices").Ids);
            Assert.Equal(1, (int?)scene.Client.Query("SELECT COUNT() AS n FROM devices").Json[0]!["n"]);
            Assert.Equal(404, scene.Client.Get("/twins/d1").Status);
            scene.Hub.Advance(TimeSpan.FromMinutes(26));
            Assert.Equal("", scene.Client.Query("SELECT deviceId FROM devices").Ids);
        }

        [Fact]
        public void A_new_device_is_missing_in_queries_for_a_moment()
        {
            using var scene = new HubScene(new HubOptions { Units = 0, IndexLag = TimeSpan.FromSeconds(100) });
            scene.AddDevice("d1");
            Assert.Equal("", scene.Client.Query("SELECT deviceId FROM devices").Ids);
            Assert.Equal(200, scene.Client.Get("/twins/d1").Status);
            scene.Hub.Advance(TimeSpan.FromSeconds(101));
            Assert.Equal("d1", scene.Client.Query("SELECT deviceId FROM devices").Ids);
        }

        [Fact]
        public void A_bulk_import_says_which_devices_failed()
        {
            Client.Put("/devices/d1", "{}");
            HubAnswer answer = Client.Post("/devices", """[{"id":"d1","importMode":"create"},{"id":"d2","importMode":"create","tags":{"ring":"canary"}}]""");
            Assert.Equal(400, answer.Status);
            Assert.Equal("d1", (string?)answer.Json["errors"]![0]!["deviceId"]);
            Assert.Equal("DeviceAlreadyExists", (string?)answer.Json["errors"]![0]!["errorCode"]);
            Assert.Equal("d2", Client.Query("SELECT deviceId FROM devices WHERE tags.ring='canary'").Ids);
            string many = string.Join(',', Enumerable.Range(0, 101).Select(n => $$"""{"id":"x{{n}}","importMode":"create"}"""));
            Assert.Equal(413, Client.Post("/devices", $"[{many}]").Status);
        }

        [Fact]
        public void Statistics_count_devices()
        {
            Client.Put("/devices/d1", "{}");
            Client.Put("/devices/d2", """{"status":"disabled"}""");
            JsonNode counts = Client.Get("/statistics/devices").Json;
            Assert.Equal((2, 1, 1), ((int)counts["totalDeviceCount"]!, (int)counts["enabledDeviceCount"]!, (int)counts["disabledDeviceCount"]!));
            Assert.Equal(0, (int?)Client.Get("/statistics/service").Json["connectedDeviceCount"]);
        }

        [Fact]
        public void An_unknown_job_is_answered_with_200()
        {
            HubAnswer answer = Client.Get("/jobs/v2/nothing");
            Assert.Equal((200, "unknown", "unknown"), (answer.Status, (string?)answer.Json["type"], (string?)answer.Json["status"]));
        }

        [Fact]
        public void A_job_patches_the_twins_of_its_condition_and_a_bad_condition_fails_later()
        {
            _scene.AddDevice("d1", """{"ring":"canary"}""");
            _scene.AddDevice("d2", """{"ring":"all"}""");
            Assert.Equal(200, Client.Put("/jobs/v2/j1", """{"type":"scheduleUpdateTwin","updateTwin":{"etag":"*","properties":{"desired":{"updateVersion":"1.1.0"}}},"queryCondition":"tags.ring='canary'"}""").Status);
            _scene.Hub.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("completed", (string?)Client.Get("/jobs/v2/j1").Json["status"]);
            Assert.Equal(1, (int?)Client.Get("/jobs/v2/j1").Json["deviceJobStatistics"]!["succeededCount"]);
            Assert.Equal("1.1.0", (string?)Client.Get("/twins/d1").Json["properties"]!["desired"]!["updateVersion"]);
            Assert.Null(Client.Get("/twins/d2").Json["properties"]!["desired"]!["updateVersion"]);
            Assert.Equal(200, Client.Put("/jobs/v2/j2", """{"type":"scheduleUpdateTwin","updateTwin":{"tags":{"a":1}},"queryCondition":"tags.ring="}""").Status);
            _scene.Hub.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("failed", (string?)Client.Get("/jobs/v2/j2").Json["status"]);
        }

        [Fact]
        public void A_second_active_job_is_429()
        {
            string Job(int minutes) => $$$"""{"type":"scheduleUpdateTwin","updateTwin":{"tags":{"a":1}},"queryCondition":"*","startTime":"{{{_scene.Hub.Clock.UtcNow.AddMinutes(minutes):yyyy-MM-ddTHH:mm:ssZ}}}"}""";
            Client.Put("/jobs/v2/j1", Job(10));
            Assert.Equal("ThrottlingMaxActiveJobCountExceeded", Client.Put("/jobs/v2/j2", Job(20)).Error);
            Assert.Equal("cancelled", (string?)Client.Post("/jobs/v2/j1/cancel", "").Json["status"]);
            Assert.Equal("OperationNotAllowedInCurrentState", Client.Post("/jobs/v2/j1/cancel", "").Error);
            Assert.Equal(200, Client.Put("/jobs/v2/j2", Job(20)).Status);
        }

        private static string Key(HubAnswer answer) => (string)answer.Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
    }
}
