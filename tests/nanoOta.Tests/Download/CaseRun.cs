extern alias StandIns;

using System.Security.Cryptography;
using System.Text;
using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tests.Download
{
    /// <summary>A request as a server sees it.</summary>
    /// <param name="Target">Path and query.</param>
    /// <param name="From">The first byte asked for; null without a range.</param>
    /// <param name="Number">Which request for an image it is, from 1.</param>
    internal sealed record CaseRequest(string Target, int? From, int Number)
    {
        public bool IsManifest => Target.Split('?')[0].EndsWith(".json", StringComparison.Ordinal);

        public string Query => Target.Contains('?') ? Target[(Target.IndexOf('?') + 1)..] : "";
    }

    /// <summary>
    /// A device that hears of one update, and a server that answers each request with bytes of the test's own. The server closes behind
    /// them.
    /// </summary>
    internal sealed class CaseRun
    {
        public const string Base = "http://files.example:8080";
        public const int Size = 90_000;

        private static readonly byte[] _image = MakeImage();
        private readonly VirtualClock _clock = new(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };
        private readonly PlainModule _module = new();
        private readonly Func<CaseRequest, byte[]> _server;
        private int _images;

        private CaseRun(Func<CaseRequest, byte[]> server)
        {
            _server = server;
            DeviceClock.Current = _clock;
            DeviceNetwork.Connect = url => new Peer(this, url.PathAndQuery);
        }

        public static byte[] Image => _image;

        public static string Sha256Text { get; } = Convert.ToHexStringLower(SHA256.HashData(_image));

        public static byte[] Manifest { get; } = Encoding.ASCII.GetBytes(
            $$"""{"schema":1,"version":"1.1.0","components":[{"id":"{{PlainModule.Id}}","version":"1.1.0","size":{{Size}},"sha256":"{{Sha256Text}}","urls":["v1_1_0.bin"]}]}""");

        /// <summary>The request of most cases, as desired properties.</summary>
        public static string Desired { get; } = $$"""{"updateVersion":"1.1.0","updateUrl":"{{Base}}/fw"}""";

        public List<CaseRequest> Requests { get; } = [];

        /// <summary>How the first round ended, and whether another one comes.</summary>
        public ResultCode Code { get; private set; }

        public bool ComesAgain { get; private set; }

        /// <summary>Serves the manifest, and images by the test.</summary>
        public static CaseRun OfImage(Func<CaseRequest, byte[]> image)
        {
            return Of(r => r.IsManifest ? Answer(200, Manifest) : image(r));
        }

        public static CaseRun Of(Func<CaseRequest, byte[]> server, string? desired = null, string? manifestUrl = null)
        {
            var run = new CaseRun(server);
            run.Go(desired ?? Desired, manifestUrl);
            return run;
        }

        /// <summary>An answer with a length, a body, and more lines of a head.</summary>
        public static byte[] Answer(int status, byte[] body, params string[] lines)
        {
            return Raw("HTTP/1.1", status, body, [$"Content-Length: {body.Length}", "Connection: close", .. lines]);
        }

        public static byte[] Raw(string protocol, int status, byte[] body, params string[] lines)
        {
            string head = $"{protocol} {status} X\r\n{string.Concat(lines.Select(line => line + "\r\n"))}\r\n";
            return [.. Encoding.Latin1.GetBytes(head), .. body];
        }

        /// <summary>What a server with ranges answers; of its body, so many bytes arrive.</summary>
        public static byte[] Ranged(CaseRequest request, int most = int.MaxValue, string unit = "bytes", byte[]? file = null, params string[] lines)
        {
            file ??= Image;
            int from = request.From ?? 0;
            byte[] body = file[from..];
            string[] range = request.From == null ? [] : [$"Content-Range: {unit} {from}-{file.Length - 1}/{file.Length}"];
            byte[] answer = Answer(request.From == null ? 200 : 206, body, [.. lines, .. range]);
            return answer[..(answer.Length - body.Length + Math.Min(most, body.Length))];
        }

        private static byte[] MakeImage()
        {
            var image = new byte[Size];
            new Random(1).NextBytes(image);
            return image;
        }

        private void Go(string desired, string? manifestUrl)
        {
            UpdateAgentOptions options = HostOptions.Create();
            options.ApplicationVersion = "1.0.0";
            options.AllowUnsignedHttp = true;
            options.Modules = [_module];
            options.Journal = new MemoryJournal(4);
            IUpdateChannel channel = manifestUrl == null ? new DesiredChannel(() => desired)
                : new HttpChannel(options, manifestUrl, new HttpImageSource(options, null), 3600);
            var agent = new UpdateAgent(options, channel, new HttpImageSource(options, null));
            for (int steps = 0; agent.Status.State != UpdateState.Idle || agent.Status.LastCode == ResultCode.None; steps++)
            {
                Assert.InRange(steps, 0, 10_000);
                long due = agent.Step(_clock.TickCount64);
                _clock.Skip(Math.Max(0, due - _clock.TickCount64));
            }

            Code = agent.Status.LastCode;
            long next = Math.Max(agent.Step(_clock.TickCount64), agent.Step(_clock.TickCount64));
            ComesAgain = next - _clock.TickCount64 is > 0 and < 120_000;
            if (Code == ResultCode.Applied)
            {
                Assert.Equal(_image, _module.Running);
            }
        }

        private byte[] Serve(string target, string head)
        {
            int at = head.IndexOf("\r\nRange: bytes=", StringComparison.Ordinal);
            int? from = at < 0 ? null : int.Parse(head.AsSpan(at + 15, head.IndexOf('-', at + 15) - at - 15));
            _images += target.Contains(".bin", StringComparison.Ordinal) ? 1 : 0;
            var request = new CaseRequest(target, from, _images);
            Requests.Add(request);
            return _server(request);
        }

        private sealed class Peer(CaseRun run, string target) : INetworkPeer
        {
            private string _head = "";
            private byte[] _bytes = [];
            private int _at;

            public int Available => _bytes.Length - _at;

            public void Write(byte[] buffer, int offset, int count)
            {
                _head += Encoding.Latin1.GetString(buffer, offset, count);
                if (_head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    _bytes = run.Serve(target, _head);
                }
            }

            public int Read(byte[] buffer, int offset, int count)
            {
                int read = Math.Min(count, Available);
                _bytes.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
                _at += read;
                return read;
            }

            public void Close()
            {
            }
        }
    }
}
