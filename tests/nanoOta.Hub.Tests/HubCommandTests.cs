using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Hub.Tests
{
    /// <summary><c>nanoota hub</c>.</summary>
    public sealed class HubCommandTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        [Fact]
        public async Task It_prints_connection_strings_that_work_and_keeps_its_state()
        {
            for (int run = 0; run < 2; run++)
            {
                using var stop = new CancellationTokenSource();
                using var output = new StringWriter();
                Task<int> hub = Task.Run(() => CommandLine.Run(["hub", "--port", "0", "--mqtt-port", "0", "--state", _folder, "--device", "w1:washer:canary", "--virtual", "3", "--units", "0", "--json"], output, TextWriter.Null, stop: stop.Token));
                Assert.True(SpinWait.SpinUntil(() => hub.IsCompleted || output.ToString().EndsWith('\n'), TimeSpan.FromMinutes(1)));
                JsonNode said = JsonNode.Parse(output.ToString())!;
                using var client = new HubClient((string)said["connection"]!, new HubClock(TimeProvider.System));
                Assert.Equal("canary", (string?)client.Get("/twins/w1").Json["tags"]!["group"]);
                Assert.StartsWith("HostName=", (string?)said["devices"]!["w1"]);
                Assert.Equal(run == 0 ? 404 : 200, client.Get("/twins/mark").Status);
                client.Put("/devices/mark", "{}");
                Assert.True(SpinWait.SpinUntil(() => client.Get("/twins/sim-0").Json["properties"]!["reported"]!["ota"] != null, TimeSpan.FromMinutes(1)));
                await stop.CancelAsync();
                Assert.Equal(0, await hub);
            }
        }

        [Fact]
        public async Task What_fails_inside_the_hub_is_said_and_the_hub_goes_on()
        {
            using var stop = new CancellationTokenSource();
            using var output = new StringWriter();
            using var error = new StringWriter();
            Task<int> hub = Task.Run(() => CommandLine.Run(["hub", "--port", "0", "--mqtt-port", "0", "--state", _folder, "--units", "0", "--json"], output, TextWriter.Synchronized(error), stop: stop.Token));
            Assert.True(SpinWait.SpinUntil(() => hub.IsCompleted || output.ToString().Contains("connection"), TimeSpan.FromMinutes(1)));
            using var client = new HubClient((string)JsonNode.Parse(output.ToString().Split('\n')[0])!["connection"]!, new HubClock(TimeProvider.System));
            Rename("records", "away");
            Assert.Equal(500, client.Put("/devices/d1", "{}").Status);
            Assert.True(SpinWait.SpinUntil(() => error.ToString().Contains("The hub's own work failed: "), TimeSpan.FromMinutes(1)));
            Rename("away", "records");
            Assert.Equal(200, client.Get("/twins/d1").Status);
            await stop.CancelAsync();
            Assert.Equal(0, await hub);
        }

        private void Rename(string from, string to)
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder, "hub.db")};Pooling=False");
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"ALTER TABLE {from} RENAME TO {to}";
            command.ExecuteNonQuery();
        }

        [Theory]
        [InlineData("--device", "a b", "--device a b: Device id 'a b'")]
        [InlineData("--units", "-1", "--units is from 0 to 10000.")]
        [InlineData("--failing", "101", "--failing is from 0 to 100.")]
        [InlineData("--evaluation", "0", "--evaluation is from 1 to 86400 seconds.")]
        public void What_is_wrong_is_said_in_a_sentence(string option, string value, string sentence)
        {
            using var error = new StringWriter();
            Assert.Equal(2, CommandLine.Run(["hub", "--port", "0", "--mqtt-port", "0", "--state", _folder, option, value], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            Assert.Contains(sentence, error.ToString());
        }

        [Fact]
        public void A_state_that_is_no_database_is_named()
        {
            File.WriteAllText(Path.Combine(_folder, "hub.db"), new string('x', 5000));
            using var error = new StringWriter();
            Assert.Equal(2, CommandLine.Run(["hub", "--port", "0", "--mqtt-port", "0", "--state", _folder], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            Assert.Contains("hub.db cannot be used", error.ToString());
        }

        [Theory]
        [InlineData("{\"x\":1}")]
        [InlineData("{")]
        public async Task A_history_or_a_record_that_is_damaged_is_named(string record)
        {
            File.WriteAllText(Path.Combine(_folder, "history.db"), new string('x', 5000));
            Assert.Contains("history.db cannot be used", Refusal());
            File.Delete(Path.Combine(_folder, "history.db"));
            using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder, "hub.db")};Pooling=False"))
            {
                await connection.OpenAsync(TestContext.Current.CancellationToken);
                using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
                command.CommandText = "INSERT INTO records VALUES ('device', 'd1', $record)";
                command.Parameters.AddWithValue("$record", record);
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            Assert.Contains("hub.db cannot be used: one of its records is damaged", Refusal());
        }

        [Fact]
        public void A_state_that_another_hub_has_is_left_to_it()
        {
            using (new nanoOta.Tool.Hubs.HubHost(new nanoOta.Tool.Hubs.HubSettings { Port = 0, MqttPort = null, Folder = _folder }))
            {
                Assert.Contains($"another nanoota has {_folder}", Refusal(ExitCode.Conflict));
            }
        }

        [Fact]
        public void A_port_that_is_taken_is_named_with_its_option()
        {
            using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0);
            taken.Start();
            int port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
            Assert.Contains("Take another one by --mqtt-port N.", Refusal(ExitCode.Usage, "--mqtt-port", $"{port}"));
            Assert.Contains("Take another one by --port N, or a free one by --port 0.", Refusal(ExitCode.Usage, "--port", $"{port}"));
        }

        private string Refusal(ExitCode code = ExitCode.Usage, params string[] more)
        {
            using var error = new StringWriter();
            string[] ports = [.. new[] { "--port", "--mqtt-port" }.Where(option => !more.Contains(option)).SelectMany(option => new[] { option, "0" })];
            Assert.Equal((int)code, CommandLine.Run(["hub", "--state", _folder, .. ports, .. more], TextWriter.Null, error, stop: TestContext.Current.CancellationToken));
            return error.ToString();
        }
    }
}
