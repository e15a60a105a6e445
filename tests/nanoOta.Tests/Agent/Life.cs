using System.Security.Cryptography;
using System.Text;
using nanoOta.Tests.Devices;
using nanoOta.Tests.Download;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Agent
{
    /// <summary>
    /// One device's life on a clock that only calls and waiting move: the agent as it ships, between a channel, a source and an application
    /// that do as a plan says. After each step it is judged whether the turns were kept.
    /// </summary>
    internal sealed partial class Life
    {
        private const string Folder = "https://files.example/fw/";
        private const string LastVersion = "1.3.0";
        private const long WallClock = 1_790_000_000;
        private const long Minute = 60_000;
        private const int MaxSteps = 600_000;

        private readonly Dictionary<string, byte[]> _files = [];
        private readonly MemoryJournal _journal = new(4);
        private readonly PlainModule _module;
        private readonly DeviceBoard _board = new();
        private UpdateAgent _agent = null!;
        private LifeChannel _channel = null!;
        private LifeSource _source = null!;
        private UpdateState _state;
        private int _next;
        private long _bootedAt;
        private bool _hasWorked;
        private bool _isWoken;

        private Life(LifePlan plan)
        {
            Plan = plan;
            _module = new PlainModule { RebootsToSwitch = plan.RebootsToSwitch, OnWork = Work };
            DeviceBoard.Current = _board;
            _journal.OnWrite = (_, _) =>
            {
                Work();
                return null;
            };
            foreach (string version in new[] { "1.1.0", "1.2.0", LastVersion })
            {
                Publish(version);
            }

            Request = Make("1.1.0", null);
            Boot();
        }

        public LifePlan Plan { get; }

        public long Now { get; private set; }

        /// <summary>Milliseconds since the boot: the agent's time.</summary>
        public long Uptime => Now - _bootedAt;

        public SessionMeter Sessions { get; } = new();

        /// <summary>What the operator asks for; null: nothing.</summary>
        public UpdateOffer? Request { get; private set; }

        /// <summary>Whether wrong bytes have come: they may lie before a checkpoint, across boots.</summary>
        public bool HasSentWrong { get; set; }

        /// <summary>What was not as it should be; null: all was well.</summary>
        public string? Failure { get; private set; }

        public int Steps { get; private set; }

        public List<string> Story { get; } = [];

        public static Life Of(LifePlan plan)
        {
            var life = new Life(plan);
            life.Go();
            return life;
        }

        /// <summary>The number of an event that lasts now; null: there is none of its kind.</summary>
        public int? Has(LifeEvent what)
        {
            foreach (Happening h in Plan.Happenings)
            {
                if (h.Event == what && Now >= h.At && Now < h.At + h.Length)
                {
                    return h.Number;
                }
            }

            return null;
        }

        /// <summary>When the last event of a kind that has begun is over, as the agent's time goes.</summary>
        public long EndOf(LifeEvent what)
        {
            return Plan.Happenings.Where(h => h.Event == what && h.At <= Now).Select(h => h.At + h.Length - _bootedAt).DefaultIfEmpty(0).Max();
        }

        public void Pass(long milliseconds) => Now += milliseconds;

        /// <summary>Something was done: read, written, reported.</summary>
        public void Work() => _hasWorked = true;

        public byte[] FileOf(string url) => _files[url];

        /// <summary>A read, or an open, begins.</summary>
        public Operation Begin()
        {
            Work();
            return new Operation(EndOperation, Now);
        }

        private void Fail(string what)
        {
            Failure ??= $"at {Now / 1000.0:F1} s, {_state}: {what}";
        }

        private void Publish(string version)
        {
            var image = new byte[Plan.Size];
            new Random(version[2]).NextBytes(image);
            string stem = SemanticVersion.Parse(version).FileStem;
            string manifest = $$"""{"schema":1,"version":"{{version}}","components":[{"id":"{{PlainModule.Id}}","version":"{{version}}","size":{{image.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["{{stem}}.bin"]}]}""";
            _files[Folder + stem + ".bin"] = image;
            _files[Folder + stem + ".json"] = Encoding.ASCII.GetBytes(manifest);
        }

        private UpdateOffer Make(string version, string? retry)
        {
            var offer = new UpdateOffer { Version = SemanticVersion.Parse(version), Url = Folder, Retry = retry };
            offer.After = WallClock - 1000;
            if (!Plan.ManifestIsFetched)
            {
                byte[] manifest = _files[Folder + offer.Version.FileStem + ".json"];
                ManifestReader.Read(manifest, 0, manifest.Length, out offer.Manifest);
                offer.Digest = SHA256.HashData(manifest);
            }

            return offer;
        }

        private void Boot()
        {
            UpdateAgentOptions options = HostOptions.Create();
            options.ApplicationVersion = "1.0.0";
            options.Modules = [_module];
            options.Journal = _journal;
            options.LongestRetrySeconds = Plan.LongestRetrySeconds;
            options.Session.AllowsTwo = Plan.AllowsTwo;
            options.Clock = () => Has(LifeEvent.ClockUnknown) != null ? 0 : WallClock + (Now / 1000);
            options.IsBusy = () => Has(LifeEvent.Busy) != null;
            options.HasPower = () => Has(LifeEvent.NoPower) == null;
            options.MayReboot = () => Has(LifeEvent.RebootDelayed) == null;
            options.SelfTest = _ => Has(LifeEvent.SelfTestFails) != null ? SelfTestResult.Failed
                : Has(LifeEvent.SelfTestRuns) != null ? SelfTestResult.Running : SelfTestResult.Passed;
            _module.AwaitsReboot = false;
            _board.RebootRequested = null;
            _bootedAt = Now;
            _steppedAt = -1;
            _deafSince = -1;
            _cancelledAt = -1;
            _idleSteps.Clear();
            Sessions.Clear();
            _channel = new LifeChannel(this, options.Session);
            _source = new LifeSource(this);
            _state = UpdateState.Idle;
            _agent = new UpdateAgent(options, _channel, _source);
            _agent.StatusChanged += OnStatus;
        }

        private void OnStatus(object sender, UpdateStatus status)
        {
            if (status.State != UpdateState.Download && _source.MakesWhole)
            {
                _source.MakesWhole = false;
                _coveredUntil = Now;
            }

            if (status.State != _state)
            {
                _idleSteps.Clear();
            }

            _state = status.State;
            Story.Add($"  {Now / 1000.0,9:F1} s  {status.StateText} {status.Waiting} {status.Progress} %, last {status.LastCode} {status.LastVersion}");
        }

        private void Go()
        {
            bool isCalm = false;
            while (Failure == null)
            {
                if (!isCalm && Now >= Plan.Calm)
                {
                    // Another retry token opens what failures have closed.
                    isCalm = true;
                    Request = Make(LastVersion, "calm");
                    _cancelledAt = -1;
                    _agent.CheckNow();
                }

                while (_next < Plan.Happenings.Length && Plan.Happenings[_next].At <= Now)
                {
                    Happen(Plan.Happenings[_next++]);
                }

                long due = Step();
                if (_board.RebootRequested != null)
                {
                    Pass(3000);
                    Boot();
                    continue;
                }

                if (isCalm && _agent.IsIdle && _agent.Status.LastCode == ResultCode.Applied && _agent.Status.LastVersion == LastVersion)
                {
                    return;
                }

                // The hub's longest back-off and the longest round, each at five quarters, the transfer, and the trial.
                long latest = Plan.Calm + ((900_000 + (Plan.LongestRetrySeconds * 1000L)) * 5 / 4) + (Plan.Size * 1000L / Math.Min(Plan.BytesPerSecond, 2000) * 3) + (30 * Minute);
                if (Now > latest || ++Steps > MaxSteps)
                {
                    Fail($"not installed {(Now - Plan.Calm) / 1000} s after the last trouble, {Steps} steps");
                }

                long until = _next < Plan.Happenings.Length ? Plan.Happenings[_next].At : isCalm ? long.MaxValue : Plan.Calm;
                long wake = Math.Min(due == long.MaxValue ? due : due + _bootedAt, Math.Max(until, Now));
                Now = Math.Max(Now + (_hasWorked ? 1 : 0), Math.Min(wake, latest + 1));
            }
        }

        private long Step()
        {
            long began = Now;
            long asked = _channel.AskedFor;
            bool isWoken = _isWoken;
            _isWoken = false;
            _hasWorked = false;
            long due = _agent.Step(Uptime);
            bool asksAtOnce = _channel.AskedFor <= Uptime;
            if (Sessions.Most > (Plan.AllowsTwo ? 2 : 1))
            {
                Fail($"{Sessions.Most} sessions at a time");
            }

            if (!_hasWorked && !asksAtOnce && Now == began)
            {
                JudgeRest(due, isWoken || asked <= began - _bootedAt);
            }

            JudgeHearing();
            JudgeRequest();
            return due;
        }

        private void Happen(Happening happening)
        {
            Story.Add($"  {Now / 1000.0,9:F1} s  * {happening.Event} for {happening.Length / 1000.0:F1} s");
            switch (happening.Event)
            {
                case LifeEvent.HubDrops:
                    _channel.Drop();
                    break;
                case LifeEvent.Withdraw:
                    Request = null;
                    break;
                case LifeEvent.Replace:
                    Request = Make("1.2.0", null);
                    break;
                case LifeEvent.Restore:
                    Request = Make("1.1.0", happening.Number % 2 == 0 ? null : "again");
                    break;
                case LifeEvent.OtherWindow:
                    // The same request, for another time of the day.
                    Request = Make("1.1.0", null);
                    Request.WindowStart = happening.Number;
                    Request.WindowEnd = happening.Number + 60;
                    break;
                case LifeEvent.Cancel:
                    _agent.Cancel();
                    _cancelledAt = _state is UpdateState.Check or UpdateState.Wait or UpdateState.Download ? Now : -1;
                    break;
                case LifeEvent.CheckNow:
                    _agent.CheckNow();
                    break;
                case LifeEvent.PowerCut:
                    Boot();
                    break;
            }

            _isWoken = true;
        }
    }
}
