using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Download
{
    /// <summary>
    /// One device against the network of a plan: the agent and the HTTP source as they ship, on a clock that only the network and
    /// waiting move. It judges what happens while it happens.
    /// </summary>
    internal sealed class FaultRun
    {
        private const string Folder = "https://" + FaultyNetwork.Host + "/fw/";
        private const int PollSeconds = 1800;
        private const int LeastWaitMilliseconds = 3000;
        private const int MaxSteps = 200_000;
        private const long Hour = 3_600_000;

        // Eight tries from 5 s on, at five quarters each; turns of the channel and the transfer itself.
        private const long RoundMilliseconds = 800_000;
        private const long SlackMilliseconds = 900_000;

        private long _mostAsked;
        private readonly VirtualClock _clock = new(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };
        private readonly PlainModule _module = new();
        private readonly FaultPlan _plan;
        private readonly UpdateFiles _files;
        private readonly FaultyNetwork _network;
        private readonly UpdateAgent _agent;
        private UpdateState _state;
        private int _rounds;
        private string? _failure;

        private FaultRun(FaultPlan plan)
        {
            _plan = plan;
            _files = UpdateFiles.Of(plan.Size);
            _network = new FaultyNetwork(plan, _files, _clock);
            DeviceClock.Current = _clock;
            DeviceNetwork.Connect = _network.Connect;
            UpdateAgentOptions options = HostOptions.Create("device-" + plan.Size);

            // A server that sends everybody away for a day within the trial is another subject.
            options.TrialNeedsContact = false;
            options.ApplicationVersion = "1.0.0";
            options.AllowUnsignedHttp = true;
            options.Modules = [_module];
            options.Journal = new MemoryJournal(4);
            options.Clock = () => UtcTime.ToSeconds(_clock.UtcNow);
            options.CheckpointInterval = plan.SavesEachBlock ? 4096 : 65536;
            _agent = new UpdateAgent(options, Channel(options), new HttpImageSource(options, null));
            _agent.StatusChanged += OnStatus;
        }

        /// <summary>The most requests within an hour, redirects followed aside.</summary>
        public int MostRequestsAnHour { get; private set; }

        /// <summary>Requests made.</summary>
        public int Requests => _network.Exchanges.Count;

        /// <summary>The time until the update was installed, in milliseconds.</summary>
        public long Took => _clock.Uptime;

        /// <summary>How rounds ended before the update was installed.</summary>
        public List<ResultCode> Ends { get; } = [];

        /// <summary>What was not as it should be; null: all was well.</summary>
        public string? Failure => _failure;

        public static FaultRun Of(FaultPlan plan)
        {
            var run = new FaultRun(plan);
            run.Go();
            return run;
        }

        /// <summary>What was asked for, and what came of it.</summary>
        public string Story()
        {
            return string.Join("\n", _network.Exchanges.Select(e => $"  {e.Time / 1000.0,10:F1} s  {e.Path} from {e.From}: {e.Kind}"));
        }

        private IUpdateChannel Channel(UpdateAgentOptions options)
        {
            var offer = new UpdateOffer { Version = SemanticVersion.Parse("1.1.0"), Url = Folder };
            switch (_plan.Way)
            {
                case Way.Polled:
                    return new HttpChannel(options, Folder + "v1_1_0.json", new HttpImageSource(options, null), PollSeconds);
                case Way.Inline:
                    ManifestReader.Read(_files.Manifest, 0, _files.Manifest.Length, out offer.Manifest);
                    offer.Digest = System.Security.Cryptography.SHA256.HashData(_files.Image);
                    break;
            }

            return new OfferedUpdate(offer);
        }

        private void Go()
        {
            for (int steps = 0; _failure == null; steps++)
            {
                long due = _agent.Step(_clock.TickCount64);
                long now = _clock.TickCount64;
                if (_agent.Status.State == UpdateState.Idle && _agent.Status.LastCode == ResultCode.Applied)
                {
                    Judge();
                    return;
                }

                UpdateStatus status = _agent.Status;
                if (status.State is UpdateState.Check or UpdateState.Download && due - now >= LeastWaitMilliseconds)
                {
                    Check(status, status.Waiting);
                }

                _failure ??= _network.Offence
                    ?? (steps > MaxSteps ? "the agent does not rest" : null)
                    ?? (due == long.MaxValue ? $"the agent waits for nothing, {_agent.Status.LastCode}" : null)
                    ?? (_agent.Status.Fault is { } fault ? "an exception: " + fault : null)
                    ?? (now > Latest() ? $"not installed {(now - _network.LastFault) / 1000} s after the last fault" : null);
                if (_failure == null)
                {
                    _clock.Skip(Math.Clamp(due - now, 0, Math.Max(1, Latest() + 1 - now)));
                }
            }
        }

        // The next round comes in time; the bytes of a wrong file may cost one more.
        private long Latest()
        {
            long round = Math.Min(60_000L << Math.Min(_rounds + 1, 20), 6 * Hour);
            long poll = _plan.Way == Way.Polled ? 2 * PollSeconds * 1000L : 0;
            // An earlier answer may have asked for more patience than the last one.
            _mostAsked = Math.Max(_mostAsked, Math.Min(_network.RetryAfter * 1000L, 6 * Hour));
            long asked = _mostAsked;
            return _network.LastFault + ((2 * round + poll + asked) * 5 / 4) + RoundMilliseconds + SlackMilliseconds;
        }

        private void Judge()
        {
            if (!_module.Running.AsSpan().SequenceEqual(_files.Image))
            {
                _failure = "what runs is not the update";
            }

            // Requests that a redirect leads to belong to the one before.
            long[] times = [.. _network.Exchanges.Where(e => !e.Path.Contains(AnswerMaker.Hop, StringComparison.Ordinal)).Select(e => e.Time)];
            for (int first = 0, last = 0; last < times.Length; last++)
            {
                while (times[last] - times[first] > Hour)
                {
                    first++;
                }

                MostRequestsAnHour = Math.Max(MostRequestsAnHour, last - first + 1);
            }
        }

        private void OnStatus(object sender, UpdateStatus status)
        {
            UpdateState before = _state;
            _state = status.State;
            if (_state == UpdateState.Idle && before != UpdateState.Idle && status.LastCode != ResultCode.Applied)
            {
                _rounds++;
                Ends.Add(status.LastCode);
                Check(status, status.LastCode);
            }
        }

        // What the device says while it waits for its next try, or round, is what the last fault was.
        private void Check(UpdateStatus status, ResultCode code)
        {
            // A manifest of another image may ask for more than there is.
            bool isMismatch = code is ResultCode.HashMismatch or ResultCode.SizeMismatch or ResultCode.ConnectionLost or ResultCode.RangeMismatch;

            // What a channel has polled is judged again until it is polled anew, and then replaced.
            bool isPolled = _plan.Way == Way.Polled && (code == ResultCode.Cancelled || _network.PolledCodes.Contains(code));
            if (Array.IndexOf(_network.Expected, code) < 0 && !(isMismatch && _network.IsPoisoned) && !isPolled)
            {
                _failure ??= $"{status.StateText}: {code} and not {string.Join(" or ", _network.Expected)}";
            }
        }
    }
}
