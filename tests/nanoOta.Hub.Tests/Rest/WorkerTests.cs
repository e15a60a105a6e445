using Microsoft.Data.Sqlite;

namespace nanoOta.Hub.Tests
{
    /// <summary>The hub's own work: a fault is seen, and what comes next is done all the same.</summary>
    public sealed class WorkerTests : IDisposable
    {
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;

        private string StatePath => Path.Combine(_folder, "hub.db");

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        [Fact]
        public void A_job_that_cannot_run_fails_alone_and_evaluations_go_on()
        {
            using (var before = new HubScene(HubScene.Quick(StatePath)))
            {
                before.AddDevice("d1");
            }

            Execute("""
                INSERT INTO records VALUES ('job', 'bad', '{"jobId":"bad","type":"scheduleUpdateTwin","status":"queued","updateTwin":[],"queryCondition":5,"startTime":"soon"}');
                INSERT INTO records VALUES ('job', 'worse', '{"jobId":"worse","type":"scheduleUpdateTwin","status":"queued","updateTwin":5,"queryCondition":"*"}');
                """);
            using var scene = new HubScene(HubScene.Quick(StatePath));
            scene.Client.Put("/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":"*"}""");
            scene.Hub.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal("failed", (string?)scene.Client.Get("/jobs/v2/bad").Json["status"]);
            Assert.Equal("failed", (string?)scene.Client.Get("/jobs/v2/worse").Json["status"]);
            Assert.NotEmpty((string?)scene.Client.Get("/jobs/v2/worse").Json["failureReason"] ?? "");
            Assert.Equal(1, (int?)scene.Client.Get("/twins/d1").Json["properties"]!["desired"]!["x"]);
            scene.Client.Put("/jobs/v2/good", """{"type":"scheduleUpdateTwin","updateTwin":{"tags":{"a":1}},"queryCondition":"*"}""");
            scene.Hub.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("completed", (string?)scene.Client.Get("/jobs/v2/good").Json["status"]);
            Assert.Null(scene.Hub.Failure);
        }

        [Fact]
        public void A_condition_that_this_version_does_not_understand_targets_nobody_and_the_others_are_evaluated()
        {
            using (var scene = new HubScene(HubScene.Quick(StatePath)))
            {
                scene.AddDevice("d1");
                scene.Client.Put("/configurations/a", """{"content":{"deviceContent":{"properties.desired.x":1}},"targetCondition":"tags.z = 1","metrics":{"queries":{"m":"SELECT * FROM devices"}}}""");
                scene.Client.Put("/configurations/b", """{"content":{"deviceContent":{"properties.desired.y":1}},"targetCondition":"*"}""");
            }

            Execute("UPDATE records SET json = replace(replace(json, 'tags.z = 1', 'LATER(tags.z)'), 'SELECT * FROM devices', 'LATER') WHERE id = 'a'");
            using var again = new HubScene(HubScene.Quick(StatePath));
            again.Hub.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(1, (int?)again.Client.Get("/twins/d1").Json["properties"]!["desired"]!["y"]);
            Assert.Equal(0, (int?)again.Client.Get("/configurations/a").Json["systemMetrics"]!["results"]!["targetedCount"]);
        }

        [Fact]
        public void What_could_not_be_saved_is_a_failure_that_is_seen_and_is_saved_later()
        {
            using (var hub = new IotHub(HubScene.Quick(StatePath)))
            {
                Execute("ALTER TABLE records RENAME TO away");
                hub.PutDevice("d1", [], null);
                Assert.True(SpinWait.SpinUntil(() => hub.Failure is SqliteException, _patience));
                Execute("ALTER TABLE away RENAME TO records");
            }

            using var again = new IotHub(HubScene.Quick(StatePath));
            Assert.Equal(["d1"], again.DeviceIds);
        }

        private void Execute(string sql)
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = StatePath, Pooling = false }.ToString());
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
