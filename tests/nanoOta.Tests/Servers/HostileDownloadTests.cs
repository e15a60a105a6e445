extern alias StandIns;

using System.Text;
using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using StandIns::nanoOta.StandIns;
using Certificate = StandIns::System.Security.Cryptography.X509Certificates.X509Certificate;

namespace nanoOta.Tests.Servers
{
    /// <summary>
    /// What servers do to a download, over real connections, with the agent that ships: the update succeeds where it can;
    /// otherwise it ends with the right code, what ran runs on, and no more was fetched than makes sense.
    /// </summary>
    public sealed class HostileDownloadTests
    {
        private const int Size = FaultyServer.Size;
        private const int Block = 4096;

        // Of the manifest, and a read in each direction.
        private const int Slack = 2 * Block;

        private static readonly Dictionary<string, Action<FaultyRequest>> _passing = new()
        {
            ["drops in the middle"] = r => r.Serve(r.Number == 1 ? Size / 2 : Size),
            ["resets in the middle"] = r => OnceOrServe(r, () => { r.Serve(Size / 2); r.Connection.Reset(); }),
            ["drops each time after some blocks"] = r => r.Serve(3 * Block),
            ["drops before the answer"] = r => OnceOrServe(r, () => { }),
            ["stalls in the middle"] = r => OnceOrServe(r, () => { r.Serve(Size / 2); r.Connection.WaitForEnd(); }),
            ["stalls before the answer"] = r => OnceOrServe(r, r.Connection.WaitForEnd),
            ["ignores ranges after a drop"] = r => (r with { From = 0 }).Serve(r.Number == 1 ? Size / 2 : Size),
            ["answers with another range once"] = r => DropThen(r, 2, () => Range(r, r.From + 1)),
            ["has another ETag after a drop"] = r => DropThen(r, 2, () => r.Serve(tag: "b")),
            ["has another ETag each time"] = r => r.Serve(Size / 2, $"tag{r.Number}"),
            ["gives no length"] = r => { r.Head("200 OK", "Connection: close"); r.Connection.Send(r.File); },
            ["sends chunks"] = r => { r.Head("200 OK", "Transfer-Encoding: chunked"); Chunks(r, r.File); r.Connection.Send("0\r\n\r\n"); },
            ["sends rubbish among chunks once"] = r => OnceOrServe(r, () => { r.Head("200 OK", "Transfer-Encoding: chunked"); Chunks(r, r.File[..(5 * Block)]); r.Connection.Send("xyz\r\n"); }),
            ["says 500 once"] = r => OnceOrServe(r, () => r.Status("500 Internal Server Error")),
            ["says 503 once"] = r => OnceOrServe(r, () => r.Status("503 Service Unavailable")),
            ["says 429 once"] = r => OnceOrServe(r, () => r.Status("429 Too Many Requests", "Retry-After: 7\r\n")),
            ["says 416 after a drop"] = r => DropThen(r, 2, () => r.Status("416 Range Not Satisfiable")),
            ["redirects to another path"] = r => OnceOrServe(r, () => r.Status("302 Found", "Location: /v1_1_0.bin?again\r\n")),
            ["sends headers that are too long once"] = r => OnceOrServe(r, () => r.Status("200 OK", LongHeaders)),
        };

        private static readonly Dictionary<string, (Action<FaultyRequest> Fault, ResultCode Code, int Most)> _failing = new()
        {
            ["drops always before the answer"] = (_ => { }, ResultCode.Unreachable, 0),
            ["drops always after a few bytes"] = (r => r.Serve(100), ResultCode.ConnectionLost, 8 * Block),
            ["stalls always before the answer"] = (r => r.Connection.WaitForEnd(), ResultCode.TimedOut, 0),
            ["stalls always after a few bytes"] = (r => { r.Serve(100); r.Connection.WaitForEnd(); }, ResultCode.TimedOut, 8 * Block),
            ["announces less than the manifest says"] = (r => r.Head("200 OK", $"Content-Length: {Size - 1}"), ResultCode.SizeMismatch, 0),
            ["announces more than the manifest says"] = (r => r.Head("200 OK", $"Content-Length: {Size + 1}"), ResultCode.SizeMismatch, 0),
            ["announces a length that is no number"] = (r => r.Head("200 OK", "Content-Length: 99999999999999999999"), ResultCode.BadResponse, 0),
            ["announces a length beyond all bounds"] = (r => r.Head("200 OK", "Content-Length: 4294967296"), ResultCode.BadResponse, 0),
            ["sends without end"] = (r => { r.Head("200 OK", "Connection: close"); r.Connection.Send(r.File); Endless(r); }, ResultCode.SizeMismatch, Size + 1),
            ["sends chunks without end"] = (r => { r.Head("200 OK", "Transfer-Encoding: chunked"); Chunks(r, r.File); EndlessChunks(r); }, ResultCode.SizeMismatch, Size + 1),
            ["sends something else"] = (r => { r.Head("200 OK", $"Content-Length: {Size}"); r.Connection.Send(new byte[Size]); }, ResultCode.ImageMalformed, 8 * Block),
            ["sends something else at the end"] = (r => { r.Head("200 OK", $"Content-Length: {Size}"); r.Connection.Send([.. r.File[..^10], .. new byte[10]]); }, ResultCode.HashMismatch, Size),
            ["answers always with another range"] = (r => DropThen(r, int.MaxValue, () => Range(r, r.From + 1)), ResultCode.ConnectionLost, 7 * Size / 2 + Slack),
            ["answers a range without saying which"] = (r => DropThen(r, int.MaxValue, () => { r.Head("206 Partial Content", $"Content-Length: {Size - r.From}"); r.Connection.Send(r.File[r.From..]); }), ResultCode.ConnectionLost, 7 * Size / 2 + Slack),
            ["redirects in a circle"] = (r => r.Status("301 Moved Permanently", "Location: /v1_1_0.bin\r\n"), ResultCode.TooManyRedirects, 0),
            ["redirects to another host"] = (r => r.Status("307 Temporary Redirect", "Location: http://127.0.0.2:9/v1_1_0.bin\r\n"), ResultCode.RedirectRefused, 0),
            ["redirects to another port"] = (r => r.Status("308 Permanent Redirect", "Location: http://127.0.0.1:9/v1_1_0.bin\r\n"), ResultCode.RedirectRefused, 0),
            ["redirects to another kind of address"] = (r => r.Status("302 Found", "Location: file:///etc/passwd\r\n"), ResultCode.RedirectRefused, 0),
            ["redirects to nowhere"] = (r => r.Status("302 Found"), ResultCode.RedirectRefused, 0),
            ["says 401"] = (r => r.Status("401 Unauthorized"), ResultCode.AccessDenied, 0),
            ["says 403"] = (r => r.Status("403 Forbidden"), ResultCode.AccessDenied, 0),
            ["says 404"] = (r => r.Status("404 Not Found"), ResultCode.NotFound, 0),
            ["says 410"] = (r => r.Status("410 Gone"), ResultCode.NotFound, 0),
            ["says 416"] = (r => r.Status("416 Range Not Satisfiable"), ResultCode.AccessDenied, 0),
            ["says 429 always"] = (r => r.Status("429 Too Many Requests", "Retry-After: 1\r\n"), ResultCode.ServerBusy, 0),
            ["says 500 always"] = (r => r.Status("500 Internal Server Error"), ResultCode.ServerError, 0),
            ["says 503 always"] = (r => r.Status("503 Service Unavailable", "Retry-After: Fri, 20 Nov 2026 12:00:00 GMT\r\n"), ResultCode.ServerBusy, 0),
            ["says 304 unasked"] = (r => r.Status("304 Not Modified"), ResultCode.ServerError, 0),
            ["says nothing that could be read"] = (r => r.Connection.Send("SSH-2.0-OpenSSH\r\n\r\n"), ResultCode.BadResponse, 0),
            ["sends headers that are too long"] = (r => r.Status("200 OK", LongHeaders), ResultCode.BadResponse, 0),
            ["sends a line that is too long"] = (r => r.Connection.Send($"HTTP/1.1 200 {new string('x', 100_000)}\r\n\r\n"), ResultCode.BadResponse, 0),
            ["sends rubbish for chunks"] = (r => { r.Head("200 OK", "Transfer-Encoding: chunked"); r.Connection.Send("xyz\r\nrubbish"); }, ResultCode.ConnectionLost, 8 * Block),
        };

        private readonly VirtualClock _clock = new(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc));

        public static TheoryData<string> Passing => [.. _passing.Keys];

        public static TheoryData<string> Failing => [.. _failing.Keys];

        private static string LongHeaders => string.Concat(Enumerable.Range(0, 60).Select(i => $"X-{i}: {new string('x', 300)}\r\n"));

        [Theory]
        [MemberData(nameof(Passing))]
        public void The_update_succeeds_although_the_server(string fault)
        {
            using var server = new FaultyServer(_passing[fault]);
            (Bench bench, long fetched) = Update(server);
            Assert.True(("1.1.0", ResultCode.Applied) == (bench.Status.Current, bench.Status.LastCode), string.Join('\n', bench.Log));
            Assert.InRange(fetched, Size, 2 * Size + Slack);
        }

        [Theory]
        [MemberData(nameof(Failing))]
        public void The_running_version_stays_and_the_reason_is_told_when_the_server(string fault)
        {
            (Action<FaultyRequest> answer, ResultCode code, int most) = _failing[fault];
            using var server = new FaultyServer(answer);
            (Bench bench, long fetched) = Update(server);
            Assert.True(code == bench.Status.LastCode, $"{bench.Status.LastCode}\n{string.Join('\n', bench.Log)}");
            Assert.Equal(("1.0.0", "ota_0/deploy_0", 0), (bench.Status.Current, bench.Status.Slot, bench.Device!.Reboots));
            Assert.False(bench.Device.Slots!.Record.HasTrial);
            Assert.InRange(fetched, server.Manifest.Length, server.Manifest.Length + most);

            // Eight tries, each with as many redirects as are followed.
            Assert.InRange(server.Requests, 1, code == ResultCode.TooManyRedirects ? 8 * 9 : 16);
        }

        [Fact]
        public void The_wait_that_a_busy_server_asks_for_is_kept()
        {
            TimeSpan first = default;
            TimeSpan second = default;
            using var server = new FaultyServer(r =>
            {
                first = r.Number == 1 ? _clock.Elapsed : first;
                second = r.Number == 2 ? _clock.Elapsed : second;
                OnceOrServe(r, () => r.Status("429 Too Many Requests", "Retry-After: 400\r\n"));
            });
            Assert.Equal("1.1.0", Update(server).Bench.Status.Current);

            // Jitter takes off a quarter at the most.
            Assert.InRange(second - first, TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(600));
        }

        [Fact]
        public void Data_that_comes_too_slowly_is_given_up()
        {
            using var server = new FaultyServer(r =>
            {
                r.Head("200 OK", $"Content-Length: {Size}");
                for (int at = 0; at < Size; at += 100)
                {
                    // Ten bytes a second, by the device's clock.
                    _clock.Skip(10_000);
                    r.Connection.Send(r.File[at..(at + 100)]);
                    r.Connection.Wait(5);
                }
            });
            (Bench bench, long fetched) = Update(server);
            Assert.True(ResultCode.TooSlow == bench.Status.LastCode, string.Join('\n', bench.Log));
            Assert.InRange(fetched, server.Manifest.Length, Size / 2);
            Assert.Equal("1.0.0", bench.Status.Current);
        }

        [Fact]
        public void A_redirect_from_https_to_http_is_refused_even_on_the_same_host()
        {
            using var authority = new TestAuthority();
            using var plain = new FaultyServer(r => r.Serve());
            using var server = new FaultyServer(r => r.Status("302 Found", $"Location: {plain.Url}v1_1_0.bin\r\n"), certificate: authority.Issue());
            string host = new Uri(plain.Url).Authority;
            (Bench bench, _) = Update(server, authority.Pem, options => options.AllowedHosts = [new Uri(server.Url).Authority, host]);
            Assert.Equal((ResultCode.RedirectRefused, "1.0.0", 0), (bench.Status.LastCode, bench.Status.Current, plain.Requests));
        }

        [Fact]
        public void A_redirect_to_a_host_that_is_allowed_is_followed()
        {
            using var other = new FaultyServer(r => r.Serve());
            using var server = new FaultyServer(r => r.Status("302 Found", $"Location: {other.Url}v1_1_0.bin\r\n"));
            (Bench bench, _) = Update(server, configure: options => options.AllowedHosts = [new Uri(server.Url).Authority, new Uri(other.Url).Authority]);
            Assert.Equal(("1.1.0", 1), (bench.Status.Current, other.Requests));
        }

        private static void OnceOrServe(FaultyRequest request, Action once)
        {
            if (request.Number == 1)
            {
                once();
            }
            else
            {
                request.Serve();
            }
        }

        // The first of each two answers breaks off halfway; what follows it, up to that request, is the fault.
        private static void DropThen(FaultyRequest request, int last, Action fault)
        {
            if (request.From > 0 && request.Number <= last)
            {
                fault();
            }
            else
            {
                request.Serve(request.Number < last ? Size / 2 : Size);
            }
        }

        private static void Range(FaultyRequest request, int from)
        {
            request.Head("206 Partial Content", $"Content-Range: bytes {from}-{Size - 1}/{Size}\r\nContent-Length: {Size - from}");
            request.Connection.Send(request.File[from..]);
        }

        private static void Chunks(FaultyRequest request, byte[] bytes)
        {
            foreach (byte[] chunk in bytes.Chunk(1000))
            {
                request.Connection.Send([.. Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"), .. chunk, .. "\r\n"u8]);
            }
        }

        private static void Endless(FaultyRequest request)
        {
            while (true)
            {
                request.Connection.Send(new byte[Block]);
            }
        }

        private static void EndlessChunks(FaultyRequest request)
        {
            while (true)
            {
                Chunks(request, new byte[Block]);
            }
        }

        private (Bench Bench, long Fetched) Update(FaultyServer server, string? authority = null, Action<UpdateAgentOptions>? configure = null)
        {
            var meter = new NetworkMeter();
            NetworkMeter.Current = meter;
            var bench = new Bench
            {
                Source = options => new HttpImageSource(options, authority == null ? null : new Certificate(authority)) { Timeout = 400 },
                OwnClock = _clock,
                Desired = $$"""{"updateVersion":"1.1.0","updateUrl":"{{server.Url}}"}""",
                Configure = options =>
                {
                    options.AllowUnsignedHttp = true;

                    // In one go: PauseTests shows what turns add.
                    options.Session.AllowsTwo = true;
                    configure?.Invoke(options);
                },
            };
            Assert.Equal(RunEnd.Settled, bench.Run());
            return (bench, meter.BodyBytes);
        }
    }
}
