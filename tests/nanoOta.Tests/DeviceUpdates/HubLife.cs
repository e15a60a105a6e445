extern alias StandIns;

using System.Text;
using nanoOta.Tests.Signing;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>
    /// One life of a device on Device Update, with the client's stand-in, a hub, and the fetch of root keys: trouble for a quarter of an
    /// hour, then a deployment that must be installed. Sessions and the channel's turns are watched all the while.
    /// </summary>
    internal sealed class HubLife : IMqttHub
    {
        private const string Package = DeploymentBench.Files + "rootkeys.json";
        private const string Last = "workflow-last";
        private const int CalmSeconds = 900;
        private const int LongestRetrySeconds = 600;
        private const long Minute = 60_000;

        // The hub's longest back-off and the longest round, each at five quarters, and the update itself.
        private const int LatestSeconds = CalmSeconds + ((900 + LongestRetrySeconds) * 5 / 4) + 1800;

        private readonly DeploymentBench _bench;
        private readonly Random _random;
        private readonly HashSet<object> _open = [];
        private readonly List<string> _story = [];
        private readonly int _rate;
        private UpdateAgent? _agent;
        private long _bootedAt;
        private long _steppedAt = -1;
        private long _askedFor;
        private long _coveredUntil;
        private int _reports;
        private bool _isDone;
        private bool _isCalm;
        private long _opensFailUntil;
        private long _readsFailUntil;
        private long _readsStallUntil;
        private string? _failure;

        private HubLife(int seed)
        {
            _random = new Random(seed);
            _rate = 500 * (1 << _random.Next(6));
            _bench = new DeploymentBench(combined: _random.Next(2) == 0);
            DeviceCloud.Hub = this;
            _bench.Options.RootKeys = Service.Roots(new MemoryKeyStore(), new Source(this, _bench.Device.Server.Connect()));
            Action<UpdateAgentOptions>? configure = _bench.Device.Configure;
            _bench.Device.Configure = options =>
            {
                configure?.Invoke(options);
                options.LongestRetrySeconds = LongestRetrySeconds;
            };
            Func<UpdateAgentOptions, IUpdateChannel> make = _bench.Device.MakeChannel!;
            _bench.Device.MakeChannel = options => new Channel(this, make(options));
            _bench.Device.Network = source => new Source(this, source);
            _bench.Device.OnAgent = agent =>
            {
                _agent = agent;
                _bootedAt = Now;
                _steppedAt = -1;
                _open.Clear();
            };
        }

        private long Now => _bench.Device.Clock!.Uptime;

        /// <summary>Lives it.</summary>
        /// <returns>What was not as it should be; null: all was well.</returns>
        public static string? Run(int seed)
        {
            var life = new HubLife(seed);
            life.Plan();
            life._bench.Device.KeepsRunning = () => !life.IsOver();
            life._bench.Run();
            life._failure ??= life._isDone ? null : "the last deployment was not installed";
            return life._failure == null ? null : $"{life._failure}\n{string.Join("\n", life._story)}\n{string.Join("\n", life._bench.Told.TakeLast(10))}\n{string.Join("\n", life._bench.Device.Log.TakeLast(20))}";
        }

        /// <inheritdoc/>
        public bool Resolves(string host) => _bench.Hub.Resolves(host);

        /// <inheritdoc/>
        public IMqttSession Connect(MqttConnect connect, IMqttLink link)
        {
            Require(_open.Count + _bench.Hub.HeldSessions == 0, "the hub's session beside another one");
            return _bench.Hub.Connect(connect, link);
        }

        private bool IsOver()
        {
            if (_reports != _bench.Hub.Reports.Count)
            {
                _reports = _bench.Hub.Reports.Count;
                _isDone = _isCalm && _bench.Told.Contains($"state 0 of {Last}, result 700, installed 1.1");
            }

            return _isDone || _failure != null || Now > LatestSeconds * 1000L;
        }

        private void Plan()
        {
            _bench.Device.Server.Put(Package, Encoding.UTF8.GetBytes(Service.Package(2, [Service.Root, Service.OtherRoot])));
            string manifest = _bench.Publish("1.1", 400 + (4 * _random.Next(20_000)));
            _bench.Hub.Twin.ReplaceDesired(Request(manifest, DeploymentBench.First));
            for (int i = _random.Next(8); i > 0; i--)
            {
                int at = _random.Next(2) == 0 ? _random.Next(120) : _random.Next(CalmSeconds - 1);
                int length = 1 + _random.Next(_random.Next(2) == 0 ? 30 : 400);
                string id = $"workflow-{i}";
                switch (_random.Next(10))
                {
                    case 0:
                        At(at, "the hub drops", _bench.Hub.Drop);
                        break;
                    case 1:
                        At(at, "the hub falls silent", _bench.Hub.GoSilent);
                        break;
                    case 2:
                        At(at, $"the hub is away for {length} s", () => _bench.Hub.Faults.Unreachable = true);
                        At(Math.Min(at + length, CalmSeconds), "the hub is back", () => _bench.Hub.Faults.Unreachable = false);
                        break;
                    case 3:
                        At(at, "the hub is busy", () => _bench.Hub.Faults.Codes.Enqueue(429));
                        break;
                    case 4:
                        At(at, $"opens fail for {length} s", () => _opensFailUntil = Now + (length * 1000L));
                        break;
                    case 5:
                        At(at, $"reads fail for {length} s", () => _readsFailUntil = Now + (length * 1000L));
                        break;
                    case 6:
                        At(at, $"reads stall for {length} s", () => _readsStallUntil = Now + (length * 1000L));
                        break;
                    case 7:
                        At(at, "cancelled by the service", () => _bench.Hub.ReplaceDesired(DeploymentBench.CancelOf(id)));
                        break;
                    case 8:
                        At(at, "replaced by the service", () => _bench.Hub.ReplaceDesired(Request(manifest, id)));
                        break;
                    default:
                        At(at, "cancelled by the application", () => _agent!.Cancel());
                        break;
                }
            }

            At(CalmSeconds + 1, "the last deployment", () =>
            {
                _isCalm = true;
                _opensFailUntil = _readsFailUntil = _readsStallUntil = 0;
                _bench.Hub.Faults.Codes.Clear();
                _bench.Hub.ReplaceDesired(Request(manifest, Last));
            });
        }

        private void At(int seconds, string what, Action work)
        {
            // By the clock's own time: a boot does not take it back.
            _bench.At(seconds, () =>
            {
                _story.Add($"{Now / 1000.0,8:F1} s  {what}");
                work();
            });
        }

        private static string Request(string manifest, string id) => DeploymentBench.Request(manifest, id, more: $",\"rootKeyPackageUrl\":\"{Package}\"");

        private void Require(bool isSo, string otherwise)
        {
            _failure ??= isSo ? null : $"at {Now / 1000.0:F1} s: {otherwise}";
        }

        private long Deadline => Math.Max(_steppedAt + Minute, _askedFor);

        private void Take(Action<VirtualDevice.VirtualClock> time)
        {
            long begin = Now;
            time(_bench.Device.Clock!);
            _coveredUntil = begin <= Deadline && Now > Deadline ? Now : _coveredUntil;
        }

        private sealed class Channel(HubLife life, IUpdateChannel channel) : IUpdateChannel
        {
            public UpdateOffer? Offer => channel.Offer;

            public int Answers => channel.Answers;

            public bool IsReported => channel.IsReported;

            public long Step(long now)
            {
                life.Require(
                    life._steppedAt < 0 || life.Now <= Math.Max(life.Deadline, life._coveredUntil) + 10,
                    $"the channel was not stepped for {(life.Now - life._steppedAt) / 1000.0:F1} s");
                long due = channel.Step(now);
                life._steppedAt = life.Now;
                life._askedFor = due == long.MaxValue ? due : life._bootedAt + due;
                life._coveredUntil = 0;
                return due;
            }

            public void Report(UpdateStatus status) => channel.Report(status);

            public void CheckNow() => channel.CheckNow();

            public void Pause() => channel.Pause();
        }

        private sealed class Source(HubLife life, IImageSource source) : IImageSource
        {
            public int Length => source.Length;

            public int Offset => source.Offset;

            public uint Tag => source.Tag;

            public int RetryAfter => source.RetryAfter;

            public ResultCode Open(string url, int offset, int count)
            {
                life.Require(life._open.Count + life._bench.Hub.HeldSessions == 0, "a file is opened beside another session");
                life.Take(clock => clock.Skip(700));
                ResultCode code = life.Now < life._opensFailUntil ? ResultCode.Unreachable : source.Open(url, offset, count);
                if (code == ResultCode.None)
                {
                    life._open.Add(this);
                }

                return code;
            }

            public ResultCode Read(byte[] buffer, int offset, int count, out int read)
            {
                read = 0;
                if (life.Now < life._readsStallUntil)
                {
                    life.Take(clock => clock.Skip(15_000));
                    return ResultCode.TimedOut;
                }

                if (life.Now < life._readsFailUntil && life._random.Next(4) == 0)
                {
                    return ResultCode.ConnectionLost;
                }

                ResultCode code = source.Read(buffer, offset, Math.Min(count, 1 + life._random.Next(4096)), out int got);
                read = got;
                life.Take(clock => clock.Skip(1 + (got * 1000L / life._rate)));
                return code;
            }

            public void Close()
            {
                life._open.Remove(this);
                source.Close();
            }
        }
    }
}
