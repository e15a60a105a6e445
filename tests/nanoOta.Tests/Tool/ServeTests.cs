using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tests.Servers;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    public sealed class ServeTests : IDisposable
    {
        private const string Report = """{"current":"1.0.0","target":"1.1.0","state":"downloading","waiting":null,"progress":40,"slot":"deploy_0","fallback":true,"last":{"code":700,"name":"SelfTestFailed","text":"x","version":"1.0.9","time":null}}""";

        private readonly Workshop _workshop = new();
        private readonly HttpClient _client = new();

        private static CancellationToken End => TestContext.Current.CancellationToken;

        private string Firmware => _workshop.PathOf("firmware");

        public void Dispose()
        {
            _client.Dispose();
            _workshop.Dispose();
        }

        [Fact]
        public void A_device_that_watches_the_latest_manifest_is_updated_and_says_so()
        {
            _workshop.Pack("1.1.0");
            using var server = new ServingTool("serve", Firmware, "--json");
            ToolResult run = Run(_workshop.Device(), server.Url);
            Assert.True((0, "1.1.0", "Applied") == (run.ExitCode, (string?)run.Last["version"], (string?)run.Last["code"]), run.Output);

            JsonObject report;
            do
            {
                report = server.Event("report");
            }
            while ((string?)report["ota"]!["current"] != "1.1.0" || (string?)report["ota"]!["state"] != "idle");
            Assert.Equal((int)ResultCode.Applied, (int)report["ota"]!["last"]!["code"]!);
            Assert.Equal("127.0.0.1", (string?)report["address"]);
            Assert.Equal(run.Last["reported"]!["ota"]!.ToJsonString(), report["ota"]!.ToJsonString());
        }

        [Fact]
        public void A_new_version_in_the_folder_is_the_latest_at_once_and_by_precedence_not_by_name()
        {
            _workshop.Pack("1.9.0");
            using var server = new ServingTool("serve", Firmware, "--json");
            string device = _workshop.Device();
            Assert.Equal("1.9.0", (string?)Run(device, server.Url).Last["version"]);
            _workshop.Pack("1.10.0");
            _workshop.Write("firmware/v1_99_0.json", "{\"schema\":1,\"version\":\"1.99.0\"}");
            _workshop.Write("firmware/notes.json", "rubbish");
            Assert.Equal("1.10.0", (string?)Run(device, server.Url).Last["version"]);
        }

        [Fact]
        public async Task The_latest_signed_manifest_is_the_one_whose_payload_has_the_highest_version()
        {
            Directory.CreateDirectory(Firmware);
            foreach (string version in new[] { "1.9.0", "1.10.0-rc.1", "1.10.0" })
            {
                string payload = $$"""{"schema":1,"version":"{{version}}","components":[{"id":"deployment","version":"1.0.0","size":4,"sha256":"{{new string('0', 64)}}","urls":["x.bin"]}]}""";
                _workshop.Write($"firmware/{version}.jws", $"e30.{System.Buffers.Text.Base64Url.EncodeToString(Encoding.ASCII.GetBytes(payload))}.{version.Replace('.', '_')}");
            }

            _workshop.Write("firmware/2.jws", "e30.!!!.x");
            _workshop.Write("firmware/3.jws", "e30.e30.x");
            using var server = new ServingTool("serve", Firmware, "--json");
            Assert.EndsWith(".1_10_0", await _client.GetStringAsync(server.Url + "latest.jws", End));
            Assert.Equal("1.10.0", (string?)server.Event("newest")["version"]);
            using HttpResponseMessage plain = await _client.GetAsync(server.Url + "latest.json", End);
            Assert.Equal(HttpStatusCode.NotFound, plain.StatusCode);
        }

        [Fact]
        public async Task Images_are_served_with_ranges_and_manifests_with_tags()
        {
            _workshop.Pack("1.1.0");
            using var server = new ServingTool("serve", Firmware, "--json");
            byte[] image = File.ReadAllBytes(_workshop.PathOf("firmware/v1_1_0.bin"));
            using var part = new HttpRequestMessage(HttpMethod.Get, server.Url + "v1_1_0.bin") { Headers = { Range = new RangeHeaderValue(39000, null) } };
            using HttpResponseMessage answer = await _client.SendAsync(part, End);
            Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            Assert.Equal(image[39000..], await answer.Content.ReadAsByteArrayAsync(End));
            JsonObject request = server.Event("request");
            Assert.Equal(("v1_1_0.bin", 206, 39000), ((string?)request["path"], (int)request["status"]!, (int)request["offset"]!));

            using HttpResponseMessage latest = await _client.GetAsync(server.Url + "latest.json", End);
            Assert.Equal("/report", Assert.Single(latest.Headers.GetValues("Nanoota-Report")));
            using var again = new HttpRequestMessage(HttpMethod.Get, server.Url + "latest.json") { Headers = { IfNoneMatch = { latest.Headers.ETag! } } };
            using HttpResponseMessage same = await _client.SendAsync(again, End);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        }

        [Fact]
        public async Task Over_tls_a_device_is_given_the_test_authority_and_believes_nobody_else()
        {
            _workshop.Pack("1.1.0");
            string folder = _workshop.PathOf("authority");
            var authority = nanoOta.Tool.Serving.TestCertificates.In(folder);
            string pem = File.ReadAllText(authority.AuthorityPath);
            Assert.Equal(pem, File.ReadAllText(nanoOta.Tool.Serving.TestCertificates.In(folder).AuthorityPath));
            var output = new Output(TextWriter.Null, TextWriter.Null, json: true, terminal: false);
            var releases = new nanoOta.Tool.Serving.ReleaseFolder(Firmware);
            using var server = new nanoOta.Tool.Serving.LanServer(output, releases.Find, 0, folder);
            using var stop = new CancellationTokenSource();
            Task run = Task.Run(() => server.Run(stop.Token), End);
            string url = server.Urls.Single(url => url.Contains("127.0.0.1"));
            Assert.StartsWith("https://", url);
            string device = _workshop.Device();
            using var other = new TestAuthority();
            ToolResult refused = Run(_workshop.Copy(device), url, "--https-only", "--ca", _workshop.Write("other.pem", other.Pem));
            Assert.Equal(3, refused.ExitCode);

            // On a busy machine the handshake takes longer than the device waits.
            Assert.Contains((string?)refused.Last["code"], new[] { "Unreachable", "TimedOut" });
            Assert.Equal((0, "Applied"), (Run(device, url, "--https-only", "--ca", authority.AuthorityPath) is var done ? done.ExitCode : -1, (string?)done.Last["code"]));
            stop.Cancel();
            await run;
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "test-ca.key")));
            }
        }

        [Fact]
        public void A_page_in_place_of_a_manifest_is_called_so()
        {
            _workshop.Pack("1.1.0");
            using var server = new ServingTool("serve", Firmware, "--json");
            ToolResult run = ToolResult.Of("device", "run", "--state", _workshop.Device(), "--manifest-url", server.Url);
            Assert.Equal((int)ExitCode.Refused, run.ExitCode);
            Assert.Contains("name /latest.json, /latest.jws or /offer.json", run.Error);
        }

        [Fact]
        public void A_device_that_is_idle_is_not_on_its_way_to_the_version_that_it_took_back()
        {
            var report = nanoOta.Tool.Serving.DeviceReport.Read("""{"state":"idle","current":"1.0.0","target":"1.1.0","last":{"code":700,"version":"1.1.0"}}"""u8.ToArray());
            Assert.Equal("1.0.0, idle; last: SelfTestFailed 1.1.0", report!.ToString());
        }

        [Theory]
        [InlineData(Report, 204)]
        [InlineData("{\"state\":\"idle\"}", 204)]
        [InlineData("", 400)]
        [InlineData("[]", 400)]
        [InlineData("{}", 400)]
        [InlineData("{\"state\":\"idle\"", 400)]
        [InlineData("{\"state\":5}", 400)]
        [InlineData("{\"state\":\"idle\",\"state\":\"idle\"}", 400)]
        [InlineData("{\"state\":\"idle\",\"progress\":\"x\"}", 400)]
        [InlineData("{\"state\":\"idle\",\"progress\":1e99}", 400)]
        [InlineData("{\"state\":\"idle\",\"last\":{\"name\":[[[[[[]]]]]]}}", 400)]
        [InlineData("{\"state\":\"idle\",\"more\":[[[]]]}", 204)]
        [InlineData("{\"state\":\"idle\",\"more\":[[[[]]]]}", 400)]
        [InlineData("{\"state\":\"idle\",\"current\":\"\\ud800\"}", 400)]
        [InlineData("{\"state\":\"idle\",\"last\":{\"code\":700,\"reason\":\"\\ud800\"}}", 400)]
        [InlineData("{\"state\":\"idle\",\"more\":\"\\ud800\"}", 400)]
        [InlineData("{\"state\":\"idle\",\"\\ud800\":1}", 400)]
        public async Task What_is_no_report_is_refused_and_not_told(string body, int status)
        {
            Directory.CreateDirectory(Firmware);
            using var server = new ServingTool("serve", Firmware, "--json");
            Assert.Equal(status, await Post(server, "washer", body));
            Assert.Equal(204, await Post(server, "after", Report));
            string first = (string)server.Event("report")["device"]!;
            Assert.Equal(status == 204 ? "washer" : "after", first);
        }

        [Fact]
        public async Task Hostile_requests_harm_nobody()
        {
            _workshop.Pack("1.1.0");
            _workshop.Write("secret.txt", "SECRET");
            _workshop.Write("firmware/.hidden", "SECRET");
            using var server = new ServingTool("serve", Firmware, "--json");
            string[] outside = ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "//" + _workshop.PathOf("secret.txt"), "/.hidden", "/%2ehidden", "/x/../.hidden", "/%00", "/latest.json/../../secret.txt"];
            foreach (string path in outside)
            {
                string answer = await RawRequest.SendAsync(server.Url, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                Assert.Matches("^HTTP/1.1 40[04] ", answer);
                Assert.DoesNotContain("SECRET", answer);
            }

            Assert.StartsWith("HTTP/1.1 414 ", await RawRequest.SendAsync(server.Url, $"GET /{new string('x', 5000)} HTTP/1.1\r\nHost: x\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 431 ", await RawRequest.SendAsync(server.Url, $"GET /latest.json HTTP/1.1\r\nHost: x\r\nA: {new string('x', 9000)}\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 413 ", await RawRequest.SendAsync(server.Url, "POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 413 ", await RawRequest.SendAsync(server.Url, $"POST /report HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n{new string('x', 0x2000)}\r\n"));
            Assert.StartsWith("HTTP/1.1 405 ", await RawRequest.SendAsync(server.Url, "POST /latest.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 405 ", await RawRequest.SendAsync(server.Url, "GET /report HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 400 ", await RawRequest.SendAsync(server.Url, "\0\u0001\u0002\r\n\r\n"));

            // It still serves.
            Assert.Equal("Applied", (string?)Run(_workshop.Device(), server.Url).Last["code"]);
        }

        [Fact]
        public void More_devices_than_fit_the_table_push_out_those_not_heard_of_for_longest()
        {
            var time = new ManualTime();
            var devices = new nanoOta.Tool.Serving.HeardDevices(time);
            for (int i = 0; i < 1000; i++)
            {
                devices.Asked(new nanoOta.VirtualDevice.Cloud.ServedRequest("latest.json", 200, 0, $"device-{i}", "192.0.2.1"));
                time.Pass(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(Enumerable.Range(800, 200).Select(i => $"device-{i}"), devices.All.Select(device => device.Id));
        }

        [Fact]
        public async Task For_people_each_report_is_a_line_and_what_comes_from_the_network_cannot_move_the_cursor()
        {
            Directory.CreateDirectory(Firmware);
            using var server = new ServingTool("serve", Firmware);
            string url = server.Line()[..^"latest.json".Length];
            while (!server.Line().Contains("no manifest yet"))
            {
            }

            using var content = new StringContent(Report.Replace("1.0.9", "\\u001b[2J"));
            content.Headers.Add("Nanoota-Device", "washer [red]");
            using HttpResponseMessage answer = await _client.PostAsync(url + "report", content, End);
            Assert.EndsWith(" washer [red]: 1.0.0, downloading to 1.1.0, 40 %; last: SelfTestFailed ?[2J", server.Line());
        }

        [Fact]
        public async Task On_a_terminal_a_table_of_the_devices_lives()
        {
            Directory.CreateDirectory(Firmware);
            using var server = new ServingTool(terminal: true, "serve", Firmware);
            string url = server.Line()[..^"latest.json".Length];
            using var content = new StringContent(Report);
            content.Headers.Add("Nanoota-Device", "w[[1]");
            using HttpResponseMessage answer = await _client.PostAsync(url + "report", content, End);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            while (!server.Said.Contains("w[[1]"))
            {
                server.Line();
            }

            Assert.Contains("downloading", server.Said);
        }

        [Fact]
        public void A_device_that_only_asks_is_heard_of()
        {
            var devices = new nanoOta.Tool.Serving.HeardDevices(TimeProvider.System);
            devices.Asked(new("latest.json", 304, 0, "washer", "192.0.2.7"));
            devices.Asked(new("latest.json", 200, 0, null, "192.0.2.8"));
            Assert.Equal(("washer", "192.0.2.7", null), Assert.Single(devices.All) is var d ? (d.Id, d.Client, d.Report) : default);
        }

        [Fact]
        public void Ctrl_C_ends_it_well()
        {
            Directory.CreateDirectory(Firmware);
            using var server = new ServingTool("serve", Firmware, "--json");
            server.Event("newest");
            Assert.Equal(0, server.Stop());
        }

        [Fact]
        public void What_cannot_be_served_is_said()
        {
            Assert.Contains("no folder", ToolResult.Refusal(ExitCode.Usage, "serve", _workshop.PathOf("none")));
            Directory.CreateDirectory(Firmware);
            Assert.Contains("--port", ToolResult.Refusal(ExitCode.Usage, "serve", Firmware, "--port", "65536"));
            Assert.Contains("cannot listen", ToolResult.Refusal(ExitCode.Usage, "serve", Firmware, "--port", $"{new Uri(_workshop.Server.Url).Port}"));
        }

        private static ToolResult Run(string device, string url, params string[] more)
        {
            return ToolResult.Of(["device", "run", "--state", device, "--manifest-url", url + "latest.json", "--json", .. more]);
        }

        private async Task<int> Post(ServingTool server, string device, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            content.Headers.Add("Nanoota-Device", device);
            using HttpResponseMessage answer = await _client.PostAsync(server.Url + "report", content, End);
            return (int)answer.StatusCode;
        }
    }
}
