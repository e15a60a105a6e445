using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using nanoOta.Hub;
using nanoOta.Tests.Fleet;
using nanoOta.Tool;
using nanoOta.Tool.Serving;

namespace nanoOta.Tests.Tool
{
    /// <summary>A page of <c>nanoota serve</c> that fails: it is said once, and devices are served all the same.</summary>
    public sealed class ServeFaultTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota-tests").FullName;

        public void Dispose()
        {
            Directory.Delete(_folder, recursive: true);
        }

        [Fact]
        public async Task A_history_that_cannot_be_written_is_said_once_and_serving_goes_on()
        {
            using var stop = new CancellationTokenSource();
            using var said = new Lines();
            int looks = 0;
            using var server = new LanServer(new Output(said, TextWriter.Null, json: true, terminal: false), path => path == "v1_1_0.bin" ? [1, 2, 3] : null, 0, null, Broken());
            Task<ExitCode> run = Task.Run(() => server.Run(stop.Token, () => Interlocked.Increment(ref looks)), TestContext.Current.CancellationToken);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{new Uri(server.Urls[0]).Port}") };
            for (int report = 1; report <= 2; report++)
            {
                using HttpResponseMessage taken = await http.PostAsync("report", new StringContent($$"""{"current":"1.{{report}}.0","state":"idle"}"""), TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
                int before = looks;
                FleetScene.Await(() => said.Of("fault").Length > 0 && said.Of("report").Length == report && looks > before + 4, "the failure and the report are said, and the server looks on");
            }

            Assert.Contains("no such table: events", (string?)Assert.Single(said.Of("fault"))["error"]);
            Assert.Equal([1, 2, 3], await http.GetByteArrayAsync("v1_1_0.bin", TestContext.Current.CancellationToken));
            await stop.CancelAsync();
            Assert.Equal(ExitCode.Done, await run);
        }

        // A history whose table somebody has taken away.
        private FleetHistory Broken()
        {
            string file = Path.Combine(_folder, "history.db");
            var history = new FleetHistory(file);
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            connection.Open();
            using SqliteCommand drop = connection.CreateCommand();
            drop.CommandText = "DROP TABLE events";
            drop.ExecuteNonQuery();
            return history;
        }

        private sealed class Lines : StringWriter
        {
            private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

            public override void WriteLine(string? value) => _lines.Enqueue(value ?? "");

            public JsonObject[] Of(string name) => [.. _lines.Select(line => JsonNode.Parse(line)!.AsObject()).Where(e => (string?)e["event"] == name)];
        }
    }
}
