using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>The history in its file does not grow for ever.</summary>
    public sealed class HistoryTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;
        private DateTime _time = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        [Fact]
        public void The_last_two_hundred_events_of_a_device_are_kept()
        {
            string file = Path.Combine(_folder, "history.db");
            using (var history = new FleetHistory(file))
            {
                Add(history, "quiet", 3);
                Add(history, "loud", 1000);
            }

            using var again = new FleetHistory(file);
            Assert.Equal(["999", "998", "997"], again.Of("loud").Take(3).Select(item => item.Text));
            Assert.Equal((200, 3, 203), (again.Of("loud").Count, again.Of("quiet").Count, Rows(file, "events")));
        }

        [Fact]
        public void Of_all_devices_together_the_oldest_events_and_counts_go()
        {
            string file = Path.Combine(_folder, "history.db");
            using var history = new FleetHistory(file, mostOfAll: 50, mostSamples: 10);
            for (int device = 0; device < 100; device++)
            {
                Add(history, $"d{device}", 2);
            }

            Assert.Equal((50, 10), (Rows(file, "events"), Rows(file, "samples")));
            Assert.Empty(history.Of("d74"));
            Assert.Equal(2, history.Of("d75").Count);
            Assert.Equal(10, history.Samples().Count);
        }

        private void Add(FleetHistory history, string device, int count)
        {
            for (int n = 0; n < count; n++)
            {
                _time = _time.AddSeconds(1);
                history.Add([new FleetEvent(device, _time, $"{n}", "")], _time, new JsonObject { ["1.0.0"] = n });
            }
        }

        private static int Rows(string file, string table)
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"SELECT count(*) FROM {table}";
            return (int)(long)command.ExecuteScalar()!;
        }
    }
}
