extern alias StandIns;

using System.Net.Sockets;
using System.Text;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tests.Download
{
    /// <summary>A request as the network saw it.</summary>
    /// <param name="Time">When, in milliseconds.</param>
    /// <param name="Path">What was asked for.</param>
    /// <param name="From">From which byte on.</param>
    /// <param name="Kind">What went wrong.</param>
    internal sealed record Exchange(long Time, string Path, int From, FaultKind Kind);

    /// <summary>
    /// The network of one run, in memory: a connection takes a request and gives the plan's next answer. Time passes as bytes do.
    /// </summary>
    internal sealed class FaultyNetwork(FaultPlan plan, UpdateFiles files, VirtualDevice.VirtualClock clock)
    {
        /// <summary>The one host that devices may turn to.</summary>
        public const string Host = "files.example";

        private const int LatencyMilliseconds = 100;
        private const int SilenceMilliseconds = 15_000;
        private const int BytesPerMillisecond = 40;

        private readonly AnswerMaker _maker = new(plan, files);
        private int _next;
        private int _open;

        public List<Exchange> Exchanges { get; } = [];

        /// <summary>The codes that are right for what went wrong last.</summary>
        public ResultCode[] Expected { get; private set; } = [];

        /// <summary>The codes that are right for what a channel met that polls.</summary>
        public HashSet<ResultCode> PolledCodes { get; } = [];

        /// <summary>Whether the network has sent bytes that are not the update's: what comes of them is a mismatch.</summary>
        public bool IsPoisoned { get; private set; }

        /// <summary>When the last fault happened.</summary>
        public long LastFault { get; private set; }

        /// <summary>For how long the server asked to be left alone, in seconds.</summary>
        public int RetryAfter { get; private set; }

        /// <summary>What no device may do: two sessions at a time, a request to another host, a broken request.</summary>
        public string? Offence { get; private set; }

        public INetworkPeer Connect(StandIns::System.Uri url)
        {
            Offence ??= url.Host == Host ? null : $"connected to {url.Host}";
            Offence ??= _open > 0 ? "opened a second session" : null;
            clock.Skip(LatencyMilliseconds);
            bool isHop = url.PathAndQuery.Contains(AnswerMaker.Hop);
            if (!isHop && Peek().Kind == FaultKind.NoConnection)
            {
                Note(url.PathAndQuery, 0, Take(), [ResultCode.Unreachable]);
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            _open++;
            return new Peer(this, url.PathAndQuery);
        }

        private Fault Peek() => _next < plan.Faults.Length ? plan.Faults[_next] : default;

        private Fault Take() => _next < plan.Faults.Length ? plan.Faults[_next++] : default;

        private void Note(string path, int from, Fault fault, ResultCode[] expected)
        {
            bool isFault = _maker.IsFault || fault.Kind == FaultKind.NoConnection;
            Exchanges.Add(new Exchange(clock.Uptime, path, from, isFault ? fault.Kind : FaultKind.None));
            if (expected.Length > 0)
            {
                // A channel that polls keeps to itself what it meets.
                bool isAgents = plan.Way != Way.Polled || path.Contains(".bin", StringComparison.Ordinal);
                Expected = isAgents ? expected : Expected;
                if (!isAgents)
                {
                    PolledCodes.UnionWith(expected);
                }
            }

            if (isFault && expected.Length > 0)
            {
                (LastFault, RetryAfter) = (clock.Uptime, _maker.RetryAfter);
                IsPoisoned |= _maker.IsPoisoned;
            }
        }

        private Answer Serve(string path, string head)
        {
            if (!head.StartsWith("GET " + path + " HTTP/1.1\r\n", StringComparison.Ordinal) || !head.Contains("\r\nHost: " + Host + "\r\n", StringComparison.Ordinal))
            {
                Offence ??= "sent a broken request: " + head;
            }

            int at = head.IndexOf("\r\nRange: bytes=", StringComparison.Ordinal);
            int from = at < 0 ? 0 : int.Parse(head.AsSpan(at + 15, head.IndexOf('-', at + 15) - at - 15));
            Fault fault = path.Contains(AnswerMaker.Hop) ? default : Take();
            Answer answer = _maker.Make(path, from, fault, out ResultCode[] expected);
            Note(path, from, fault, expected);
            return answer;
        }

        private sealed class Peer(FaultyNetwork network, string path) : INetworkPeer
        {
            private const int TrickleBytes = 16;
            private const int TrickleMilliseconds = 10_000;

            private string _head = "";
            private Answer? _answer;
            private byte[] _bytes = [];
            private int _bodyAt;
            private int _at;
            private bool _closed;

            public int Available => Math.Min(_bytes.Length - _at, network.Segment);

            public void Write(byte[] buffer, int offset, int count)
            {
                _head += Encoding.Latin1.GetString(buffer, offset, count);
                if (_answer == null && _head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    _answer = network.Serve(path, _head);
                    _bytes = _answer.ToBytes(out _bodyAt);
                }
            }

            public int Read(byte[] buffer, int offset, int count)
            {
                if (_at == _bytes.Length)
                {
                    return End();
                }

                int most = network.Segment;
                if (_at < _bodyAt)
                {
                    most = Math.Min(most, _bodyAt - _at);
                }
                else if (_answer!.IsTrickle)
                {
                    most = TrickleBytes;
                    network.Pass(TrickleMilliseconds);
                }

                int read = Math.Min(Math.Min(count, most), _bytes.Length - _at);
                _bytes.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
                _at += read;
                network.Pass(1 + (read / BytesPerMillisecond));
                return read;
            }

            public void Close()
            {
                network._open -= _closed ? 0 : 1;
                _closed = true;
            }

            private int End()
            {
                switch (_answer!.End)
                {
                    case Download.End.Silence:
                        network.Pass(SilenceMilliseconds);
                        throw new SocketException((int)SocketError.TimedOut);
                    case Download.End.Reset:
                        throw new SocketException((int)SocketError.ConnectionReset);
                    default:
                        return 0;
                }
            }
        }

        private int Segment => plan.Segment;

        private void Pass(int milliseconds) => clock.Skip(milliseconds);
    }
}
