using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    public sealed class StateTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;

        private string StatePath => Path.Combine(_folder, "hub.db");

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        [Fact]
        public void State_survives_a_restart()
        {
            string key, twin, configuration;
            using (var scene = new HubScene(HubScene.Quick(StatePath)))
            {
                scene.AddDevice("d1", """{"ring":"canary"}""");
                scene.Client.Put("/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1.0}},"targetCondition":"*","metrics":{"queries":{"m":"SELECT deviceId FROM devices"}}}""");
                scene.Client.Put("/jobs/v2/j", """{"type":"scheduleUpdateTwin","updateTwin":{"tags":{"job":1}},"queryCondition":"*"}""");
                scene.Hub.Advance(TimeSpan.FromMinutes(1));
                key = scene.Hub.ConnectionString("service", 1);
                twin = scene.Client.Get("/twins/d1").Text;
                configuration = scene.Client.Get("/configurations/a").Text;
            }

            using var again = new HubScene(HubScene.Quick(StatePath));
            Assert.Equal(key, again.Hub.ConnectionString("service", 1));
            Assert.Equal(twin, again.Client.Get("/twins/d1").Text);
            Assert.Equal(configuration, again.Client.Get("/configurations/a").Text);
            Assert.Equal("completed", (string?)again.Client.Get("/jobs/v2/j").Json["status"]);
            Assert.Equal("MQ==", (string?)again.Client.Get("/configurations/a").Json["etag"]);
        }

        [Fact]
        public void What_an_operator_wrote_is_in_the_file_before_the_answer_comes()
        {
            using var scene = new HubScene(HubScene.Quick(StatePath));
            scene.Client.Put("/devices/d1", "{}");
            string copy = Path.Combine(_folder, "copy.db");
            foreach (string suffix in new[] { "", "-wal" })
            {
                File.Copy(StatePath + suffix, copy + suffix);
            }

            using var other = new IotHub(HubScene.Quick(copy));
            Assert.Equal(["d1"], other.DeviceIds);
        }

        [Fact]
        public void What_a_device_reports_is_saved_without_a_request()
        {
            using var hub = new IotHub(HubScene.Quick(StatePath));
            hub.PutDevice("d1", [], null);
            string key = (string)hub.GetDevice("d1").Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
            var connect = new DeviceConnect("d1", "127.0.0.1/d1/?api-version=2021-04-12", SasToken.Sign("127.0.0.1/devices/d1", key, DateTime.UtcNow.AddHours(1), null), null);
            Assert.Equal(0, hub.Connect(connect, new Deaf(), out DeviceSession? session));
            Assert.True(hub.Publish(session!, "$iothub/twin/PATCH/properties/reported/?$rid=1", """{"mark":77}"""u8.ToArray(), 1));
            Assert.True(SpinWait.SpinUntil(() => Saved("d1").Contains("\"mark\":77"), TimeSpan.FromMinutes(1)));
        }

        [Fact]
        public void A_deleted_device_stays_deleted()
        {
            using (var scene = new HubScene(HubScene.Quick(StatePath)))
            {
                scene.AddDevice("d1");
                scene.Hub.Save();
                scene.Client.Delete("/devices/d1", "*");
            }

            using var again = new IotHub(HubScene.Quick(StatePath));
            Assert.Equal(0, again.DeviceCount);
        }

        [Fact]
        public void The_clock_is_set_forward_by_the_owner_alone()
        {
            using var scene = new HubScene();
            DateTime before = scene.Hub.Clock.UtcNow;
            using HubClient service = scene.As("service");
            Assert.Equal(401, service.Post("/local/clock?advance=300", "").Status);
            HubAnswer answer = scene.Client.Post("/local/clock?advance=300", "");
            Assert.Equal(200, answer.Status);
            Assert.True(DateTime.Parse((string)answer.Json["utc"]!).ToUniversalTime() >= before.AddSeconds(300));
            Assert.Equal(400, scene.Client.Post("/local/clock?advance=-1", "").Status);
        }

        private string Saved(string device)
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={StatePath};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"SELECT json FROM records WHERE kind = 'device' AND id = '{device}'";
            return command.ExecuteScalar() as string ?? "";
        }
    }
}
