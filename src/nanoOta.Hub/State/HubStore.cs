using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace nanoOta.Hub
{
    /// <summary>The hub's state in a SQLite file: keys, devices, configurations, jobs. One thread at a time.</summary>
    internal sealed class HubStore : IDisposable
    {
        private const int Schema = 1;

        private readonly SqliteConnection _connection;

        /// <summary>Opens a file, or makes it.</summary>
        /// <param name="path">The file; null: memory alone.</param>
        /// <exception cref="InvalidDataException">The file is of a later version.</exception>
        /// <exception cref="SqliteException">The file cannot be read, or is no database.</exception>
        public HubStore(string? path)
        {
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path ?? ":memory:", Pooling = false }.ToString());
            _connection.Open();
            Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
            long version = (long)Scalar("PRAGMA user_version")!;
            if (version > Schema)
            {
                throw new InvalidDataException($"{path} was written by a later version of the hub (format {version}; this one knows {Schema}).");
            }

            Execute($"""
                CREATE TABLE IF NOT EXISTS records (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
                PRAGMA user_version={Schema};
                """);
        }

        /// <summary>The records of a kind, by id.</summary>
        public IEnumerable<(string Id, JsonObject Json)> Read(string kind)
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = "SELECT id, json FROM records WHERE kind = $kind ORDER BY id";
            command.Parameters.AddWithValue("$kind", kind);
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                yield return (reader.GetString(0), JsonNode.Parse(reader.GetString(1))!.AsObject());
            }
        }

        /// <summary>Writes records, all or none.</summary>
        /// <param name="records">Kind, id and text; a text that is null removes the record.</param>
        public void Write(IReadOnlyCollection<(string Kind, string Id, string? Json)> records)
        {
            if (records.Count == 0)
            {
                return;
            }

            using SqliteTransaction transaction = _connection.BeginTransaction();
            using SqliteCommand put = _connection.CreateCommand();
            put.CommandText = "INSERT INTO records VALUES ($kind, $id, $json) ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json";
            using SqliteCommand remove = _connection.CreateCommand();
            remove.CommandText = "DELETE FROM records WHERE kind = $kind AND id = $id";
            foreach ((string kind, string id, string? json) in records)
            {
                SqliteCommand command = json == null ? remove : put;
                command.Parameters.Clear();
                command.Parameters.AddWithValue("$kind", kind);
                command.Parameters.AddWithValue("$id", id);
                if (json != null)
                {
                    command.Parameters.AddWithValue("$json", json);
                }

                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        /// <inheritdoc/>
        public void Dispose() => _connection.Dispose();

        private void Execute(string sql)
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        private object? Scalar(string sql)
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        }
    }
}
