using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace nanoOta.Hub
{
    /// <summary>What happened to a device.</summary>
    /// <param name="Device">Its id.</param>
    /// <param name="Time">When, UTC.</param>
    /// <param name="Text">The sentence.</param>
    /// <param name="Kind">good, bad, busy or empty: how the page colors it.</param>
    public sealed record FleetEvent(string Device, DateTime Time, string Text, string Kind);

    /// <summary>
    /// The history of a fleet in a SQLite file: events of devices, and how many ran which version when. It is bounded: the oldest
    /// entries go.
    /// </summary>
    public sealed class FleetHistory : IDisposable
    {
        /// <summary>Events of one device that are kept.</summary>
        public const int MostEvents = 200;

        private const int MostSamples = 600;
        private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

        private readonly Lock _lock = new();
        private readonly SqliteConnection _connection;
        private readonly int _mostOfAll;
        private readonly int _mostSamples;

        /// <summary>Opens a file, or makes it.</summary>
        /// <param name="path">The file; null: memory alone.</param>
        /// <param name="mostOfAll">Events of all devices that are kept.</param>
        /// <param name="mostSamples">Counts of versions that are kept.</param>
        /// <exception cref="SqliteException">The file cannot be read, or is no database.</exception>
        public FleetHistory(string? path, int mostOfAll = 500_000, int mostSamples = 20_000)
        {
            _mostOfAll = mostOfAll;
            _mostSamples = mostSamples;
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path ?? ":memory:", Pooling = false }.ToString());
            _connection.Open();
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = """
                PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
                CREATE TABLE IF NOT EXISTS events (device TEXT NOT NULL, time TEXT NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL);
                CREATE INDEX IF NOT EXISTS events_device ON events (device);
                CREATE TABLE IF NOT EXISTS samples (time TEXT NOT NULL, counts TEXT NOT NULL);
                """;
            command.ExecuteNonQuery();
        }

        /// <summary>Adds events and a sample.</summary>
        /// <param name="events">What happened.</param>
        /// <param name="time">The time of the sample.</param>
        /// <param name="counts">Devices by version; null: they are as before.</param>
        public void Add(IReadOnlyCollection<FleetEvent> events, DateTime time, JsonObject? counts)
        {
            lock (_lock)
            {
                using SqliteTransaction transaction = _connection.BeginTransaction();
                foreach (FleetEvent item in events)
                {
                    Run("INSERT INTO events VALUES ($a, $b, $c, $d)", item.Device, Text(item.Time), item.Text, item.Kind);
                }

                if (counts != null)
                {
                    Run("INSERT INTO samples VALUES ($a, $b)", Text(time), counts.ToJsonString());
                }

                Forget(events);
                transaction.Commit();
            }
        }

        /// <summary>The last events of a device, the newest first.</summary>
        public IReadOnlyList<FleetEvent> Of(string device)
        {
            lock (_lock)
            {
                using SqliteCommand command = Command($"SELECT time, text, kind FROM events WHERE device = $a ORDER BY rowid DESC LIMIT {MostEvents}", device);
                using SqliteDataReader reader = command.ExecuteReader();
                var events = new List<FleetEvent>();
                while (reader.Read())
                {
                    DateTime time = DateTime.ParseExact(reader.GetString(0), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
                    events.Add(new FleetEvent(device, time, reader.GetString(1), reader.GetString(2)));
                }

                return events;
            }
        }

        /// <summary>Versions over time: at most 600 samples, evenly chosen, the last one among them.</summary>
        public JsonArray Samples()
        {
            lock (_lock)
            {
                using SqliteCommand command = Command($"""
                    SELECT time, counts FROM (SELECT time, counts, row_number() OVER (ORDER BY rowid DESC) - 1 AS back, count(*) OVER () AS total FROM samples)
                    WHERE back % (total / {MostSamples} + 1) = 0 ORDER BY back DESC
                    """);
                using SqliteDataReader reader = command.ExecuteReader();
                JsonArray samples = [];
                while (reader.Read())
                {
                    samples.Add(new JsonArray(reader.GetString(0), JsonNode.Parse(reader.GetString(1))));
                }

                return samples;
            }
        }

        /// <inheritdoc/>
        public void Dispose() => _connection.Dispose();

        // Rows are numbered as they are written, and only the oldest are ever removed.
        private void Forget(IReadOnlyCollection<FleetEvent> events)
        {
            foreach (string device in events.Select(item => item.Device).Distinct())
            {
                Run($"DELETE FROM events WHERE device = $a AND rowid <= (SELECT rowid FROM events WHERE device = $a ORDER BY rowid DESC LIMIT 1 OFFSET {MostEvents})", device);
            }

            Run($"DELETE FROM events WHERE rowid <= (SELECT max(rowid) FROM events) - {_mostOfAll}");
            Run($"DELETE FROM samples WHERE rowid <= (SELECT max(rowid) FROM samples) - {_mostSamples}");
        }

        private static string Text(DateTime time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

        private void Run(string sql, params string[] values)
        {
            using SqliteCommand command = Command(sql, values);
            command.ExecuteNonQuery();
        }

        private SqliteCommand Command(string sql, params string[] values)
        {
            SqliteCommand command = _connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i]);
            }

            return command;
        }
    }
}
