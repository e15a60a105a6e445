extern alias StandIns;

using StandIns::nanoOta.StandIns;
using nanoOta.VirtualDevice.Boot;

namespace nanoOta.VirtualDevice
{
    /// <summary>How a run of a device ended.</summary>
    public enum RunEnd
    {
        /// <summary>The update request has been dealt with and the device is idle.</summary>
        Settled,

        /// <summary>It was told to stop, or waits for what may never come.</summary>
        Stopped,

        /// <summary>The power was cut.</summary>
        PowerCut,

        /// <summary>No application starts any more.</summary>
        Dead,
    }

    /// <summary>
    /// A device on a PC, whatever its firmware: it boots, and the agent as it ships is stepped until the update request is dealt with, through
    /// reboots, resets and the watchdog. A boot makes everything anew but what is durable. The application that the images hold is
    /// not run; its self-test is played.
    /// </summary>
    public abstract class DeviceBase
    {
        // A wait of a known length is waited for, however long. Asking time and again for days, without any change, is not.
        private static readonly TimeSpan _patience = TimeSpan.FromDays(3);
        private static readonly TimeSpan _longWait = TimeSpan.FromHours(1);

        private readonly DeviceBoard _board = new();
        private UpdateAgent? _agent;
        private TimeSpan _changedAt;
        private IUpdateChannel? _channel;

        private protected DeviceBase(DeviceSetup setup)
        {
            Setup = setup;
        }

        /// <summary>The agent's status; null before the first boot.</summary>
        public UpdateStatus? Status => _agent?.Status;

        /// <summary>Boots after the first.</summary>
        public int Reboots { get; private set; }

        /// <summary>Bytes of images and patches that were fetched, over all boots.</summary>
        public long Fetched { get; private set; }

        /// <summary>Bytes of images that were copied from the active slot, over all boots.</summary>
        public long Copied { get; private set; }

        /// <summary>Bytes of images that were put together from patches, over all boots.</summary>
        public long Patched { get; private set; }

        /// <summary>Records written: those that decide, and the journal's.</summary>
        public abstract int StateWrites { get; }

        /// <summary>Why no application starts, when none does.</summary>
        public string DeadBecause { get; private protected set; } = "";

        /// <summary>In what the slot core and its model first differed; null: in nothing, or there is no model beside it.</summary>
        public virtual string? Disagreement => null;

        private protected DeviceSetup Setup { get; }

        /// <summary>Whether the power has been cut.</summary>
        private protected abstract bool IsOff { get; }

        /// <summary>The version on trial; null when none is.</summary>
        private protected abstract string? OnTrial { get; }

        /// <summary>After so many milliseconds what watches over the trial ends it; 0: nothing watches.</summary>
        private protected abstract long WatchedMilliseconds { get; }

        /// <summary>Turns the power on and runs.</summary>
        /// <param name="stop">Tells when to give up.</param>
        public RunEnd Run(Func<bool> stop)
        {
            DeviceClock.Current = Setup.Clock;
            DeviceBoard.Current = _board;
            ResetCause? cause = ResetCause.PowerOn;
            try
            {
                while (BootAnew(cause.Value))
                {
                    (cause, RunEnd end) = RunUntilReset(stop);
                    if (cause == null)
                    {
                        return end;
                    }

                    Reboots++;
                    Log("reset", ("cause", cause));
                }

                Log("dead", ("reason", DeadBecause));
                return RunEnd.Dead;
            }
            catch (PowerCutException)
            {
                return RunEnd.PowerCut;
            }
        }

        /// <summary>From reset to the agent's start; false when nothing starts and nothing will change that.</summary>
        private protected abstract bool Boot(ResetCause cause);

        /// <summary>The trial's time is up.</summary>
        private protected virtual void Expire()
        {
        }

        private protected UpdateAgentOptions Options(string version, string target)
        {
            UpdateAgentOptions options = HostOptions.Create();
            options.ApplicationVersion = version;
            options.Target = target;
            options.Clock = () => UtcTime.ToSeconds(Setup.Clock.UtcNow);
            options.SelfTest = _ => PlayedTest == SelfTestMode.Fail ? SelfTestResult.Failed : SelfTestResult.Passed;
            Setup.Configure?.Invoke(options);
            return options;
        }

        private protected void Start(UpdateAgentOptions options, IRecordStore journal, UpdateModule module)
        {
            options.Journal = Setup.WrapJournal(journal);
            options.Modules = Setup.LeavesOutFirmware ? [.. Setup.Modules()] : [module, .. Setup.Modules()];
            _channel = Setup.Channel(options);
            _agent = new UpdateAgent(options, _channel, Setup.Source(options));
            Setup.OnAgent?.Invoke(_agent);
            var counted = new UpdateStatus();
            _agent.StatusChanged += (_, status) =>
            {
                if (IsOff)
                {
                    // A real agent stops in the middle of its step; this one goes on to the step's end, and takes the cut for a failure.
                    return;
                }

                _changedAt = Setup.Clock.Elapsed;

                // The agent begins anew with each update request.
                Fetched += Since(status.BytesFetched, counted.BytesFetched);
                Copied += Since(status.BytesCopied, counted.BytesCopied);
                Patched += Since(status.BytesPatched, counted.BytesPatched);
                counted = status;
                Log("state", ("state", status.StateText), ("waiting", status.Waiting == ResultCode.None ? null : ResultText.Name(status.Waiting)), ("progress", status.Progress));
            };
        }

        private static long Since(long now, long before)
        {
            return now >= before ? now - before : now;
        }

        private protected void Log(string name, params (string, object?)[] data)
        {
            Setup.Log?.Invoke(new DeviceEvent(name, data));
        }

        // What the version that runs does in its self-test: only a trial is tested.
        private SelfTestMode PlayedTest => OnTrial is { } version ? Setup.SelfTest(version) : SelfTestMode.Pass;

        private bool BootAnew(ResetCause cause)
        {
            Setup.Clock.Boot();
            _board.RebootRequested = null;
            _agent = null;
            return Boot(cause);
        }

        private (ResetCause? Cause, RunEnd End) RunUntilReset(Func<bool> stop)
        {
            if (IsOff)
            {
                return (null, RunEnd.PowerCut);
            }

            if (_board.RebootRequested != null)
            {
                return (ResetCause.Software, default);
            }

            long strikesAt = WatchedMilliseconds;
            bool watched = strikesAt > 0;
            if (PlayedTest == SelfTestMode.Crash && _agent != null)
            {
                return (ResetCause.Panic, default);
            }

            if (_agent == null || PlayedTest == SelfTestMode.Hang)
            {
                // Nobody steps the agent: on a device a hang, or nanoCLR without an application, holds everything up.
                Setup.Clock.Skip(strikesAt);
                return Strike();
            }

            _changedAt = Setup.Clock.Elapsed;
            while (true)
            {
                long due = _agent.Step(Setup.Clock.TickCount64);
                if (IsOff)
                {
                    return (null, RunEnd.PowerCut);
                }

                if (_board.RebootRequested != null)
                {
                    return (ResetCause.Software, default);
                }

                long now = Setup.Clock.TickCount64;
                watched &= OnTrial != null;
                if (watched && now >= strikesAt)
                {
                    return Strike();
                }

                if (_agent.IsIdle && _channel!.IsReported && !Setup.KeepsRunning())
                {
                    return (null, RunEnd.Settled);
                }

                due = watched && strikesAt < due ? strikesAt : due;

                // What happens beside the agent may wake it: it is stepped again after each such thing.
                long happens = Setup.Clock.Schedule.NextDue;
                due = happens == long.MaxValue ? due : Math.Min(due, now + Math.Max(0, happens - Setup.Clock.Uptime));
                if (stop() || due == long.MaxValue || Setup.Clock.Elapsed - _changedAt > _patience)
                {
                    return (null, RunEnd.Stopped);
                }

                if (due > now)
                {
                    Setup.Clock.Skip(due - now);
                    _changedAt = due - now > _longWait.TotalMilliseconds ? Setup.Clock.Elapsed : _changedAt;
                }
                else
                {
                    Setup.Clock.Skip(0);
                }
            }
        }

        private (ResetCause? Cause, RunEnd End) Strike()
        {
            Expire();
            return IsOff ? (null, RunEnd.PowerCut) : (ResetCause.Watchdog, default);
        }
    }
}
