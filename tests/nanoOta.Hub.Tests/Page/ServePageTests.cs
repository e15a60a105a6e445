using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Hub.Tests
{
    /// <summary>The page of <c>nanoota serve</c>, and what it remembers.</summary>
    public sealed class ServePageTests : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoota").FullName;

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        [Fact]
        public async Task A_device_that_reports_over_HTTP_is_on_the_page_with_its_history()
        {
            using var stop = new CancellationTokenSource();
            var output = new Lines();
            Task<int> run = Task.Run(() => CommandLine.Run(["serve", _folder, "--port", "0", "--json"], output, TextWriter.Null, stop: stop.Token));
            string url = $"http://127.0.0.1:{new Uri(output.WaitFor("serving")["urls"]![0]!.ToString()).Port}/";
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Add("Nanoota-Device", "desk-1");
            using HttpResponseMessage taken = await http.PostAsync($"{url}report", new StringContent("""{"current":"1.0.0","state":"idle","last":{"code":700,"version":"1.1.0","reason":"pump"}}"""), TestContext.Current.CancellationToken);
            Assert.Equal(204, (int)taken.StatusCode);
            Assert.Contains("<title>nanoOta fleet</title>", await http.GetStringAsync(url, TestContext.Current.CancellationToken));
            string history = await http.GetStringAsync($"{url}.page/history?device=desk-1", TestContext.Current.CancellationToken);
            Assert.Contains("1.1.0: SelfTestFailed (700). Rolled back: the self-test failed. The self-test said: pump.", history);
            using HttpResponseMessage other = await http.GetAsync($"{url}.page/other", TestContext.Current.CancellationToken);
            Assert.Equal(404, (int)other.StatusCode);
            await stop.CancelAsync();
            Assert.Equal(0, await run);
        }

        [Fact]
        public void History_survives_a_restart()
        {
            string file = Path.Combine(_folder, "history.db");
            using (var board = new FleetBoard("here", new FleetHistory(file), TimeProvider.System))
            {
                board.Set(new FleetRow("d1", null, null, null, true, DateTime.UtcNow).With(new JsonObject { ["current"] = "1.0.0", ["state"] = "idle" }));
            }

            using var again = new FleetBoard("here", new FleetHistory(file), TimeProvider.System);
            Assert.Equal("Seen for the first time; runs 1.0.0.", again.History("d1").Single().Text);
            JsonNode all = JsonNode.Parse(again.Watch(out _))!;
            Assert.Equal(1, (int?)all["samples"]![0]![1]!["1.0.0"]);
        }

        [Fact]
        public void A_board_that_is_full_forgets_who_was_silent_longest()
        {
            using var board = new FleetBoard("here", new FleetHistory(null), TimeProvider.System, most: 2);
            foreach (int n in new[] { 2, 1, 3 })
            {
                board.Set(new FleetRow($"d{n}", null, null, null, true, DateTime.UnixEpoch.AddSeconds(n)));
            }

            Assert.Equal(["d2", "d3"], JsonNode.Parse(board.Watch(out _))!["rows"]!.AsArray().Select(row => (string)row![0]!));
        }

        // What the tool prints, one JSON object a line.
        private sealed class Lines : StringWriter
        {
            private readonly System.Collections.Concurrent.BlockingCollection<string> _lines = [];

            public override void WriteLine(string? value) => _lines.Add(value ?? "");

            public JsonNode WaitFor(string name)
            {
                while (_lines.TryTake(out string? line, TimeSpan.FromMinutes(2)))
                {
                    JsonNode json = JsonNode.Parse(line)!;
                    if ((string?)json["event"] == name)
                    {
                        return json;
                    }
                }

                throw new TimeoutException($"No {name}.");
            }
        }
    }
}
