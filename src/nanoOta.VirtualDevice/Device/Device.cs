extern alias StandIns;

using StandIns::nanoOta.StandIns;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice
{
    /// <summary>How a run of a device ended.</summary>
    public enum RunEnd
    {
        /// <summary>The wish has been dealt with and the device is at rest.</summary>
        Settled,

        /// <summary>It was told to stop, or waits for what may never come.</summary>
        Stopped,

        /// <summary>The power was cut.</summary>
        PowerCut,

        /// <summary>No application starts any more.</summary>
        Dead,
    }

    /// <summary>
    /// A device on a PC: the flash, the bootloader, the boot hook, nanoCLR's search for an application, and the agent as it ships,
    /// stepped until the wish is dealt with. A boot makes everything anew but the flash: nothing in RAM survives it. The
    /// application that the images hold is not run; its self-test is played.
    /// </summary>
    public sealed class Device
    {
        // A wait of a known length is waited for, however long. Asking time and again for days, without any change, is not.
        private static readonly TimeSpan _patience = TimeSpan.FromDays(3);
        private static readonly TimeSpan _longWait = TimeSpan.FromHours(1);

        private readonly NorFlash _flash;
        private readonly FlashLayout _layout;
        private readonly SlotMap _map;
        private readonly DeviceSetup _setup;
        private readonly DeviceBoard _board = new();

        private readonly StateWrites _stateWrites = new();

        private UpdateAgent? _agent;
        private TimeSpan _changedAt;
        private IUpdateChannel? _channel;

        /// <summary>Makes a device around a flash; it is off.</summary>
        public Device(NorFlash flash, FlashLayout layout, DeviceSetup setup)
        {
            _flash = flash;
            _layout = layout;
            _map = new SlotMap(layout);
            _setup = setup;
        }

        /// <summary>The slots of the boot that is running.</summary>
        public SlotCore? Slots { get; private set; }

        /// <summary>The agent's status; null before the first boot.</summary>
        public UpdateStatus? Status => _agent?.Status;

        /// <summary>Boots after the first.</summary>
        public int Reboots { get; private set; }

        /// <summary>Slot records, otadata entries and journal records written.</summary>
        public int StateWrites => _stateWrites.Count;

        /// <summary>Why no application starts, when none does.</summary>
        public string DeadBecause { get; private set; } = "";

        /// <summary>Turns the power on and runs.</summary>
        /// <param name="stop">Tells when to give up.</param>
        public RunEnd Run(Func<bool> stop)
        {
            DeviceClock.Current = _setup.Clock;
            DeviceBoard.Current = _board;
            ResetCause? cause = ResetCause.PowerOn;
            try
            {
                while (Boot(cause.Value))
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

        // From reset to the application's start; false when none starts and nothing will change that.
        private bool Boot(ResetCause cause)
        {
            _setup.Clock.Boot();
            _board.RebootRequested = null;
            _agent = null;
            do
            {
                OtaData? otaData = _map.OtaData is { } at ? new OtaData(_flash, (int)at.Offset, _map.Firmware.Count, _stateWrites) : null;
                int running = Bootloader.Choose(_flash, _map.Firmware, otaData);
                if (running < 0)
                {
                    DeadBecause = "The bootloader finds no firmware image that is whole.";
                    return false;
                }

                Slots = new SlotCore(_flash, _map, otaData, running, _stateWrites);
            }
            while (!Slots.Hook(cause));

            NanoAssembly? application = ClrModel.FindApplication(_flash, _map.Firmware[Slots.Running], _map.Deploy[Slots.ActiveDeploy], out string reason);
            Log("boot", ("cause", cause), ("slot", Slots.ActiveSlot), ("application", application?.Version.ToString()), ("trial", Slots.IsOnTrial));
            if (application == null)
            {
                DeadBecause = reason;
                return Slots.IsOnTrial;
            }

            Start(application.Version);
            return true;
        }

        private void Start(AssemblyVersion version)
        {
            var options = new UpdateAgentOptions
            {
                ApplicationVersion = $"{version.Major}.{version.Minor}.{version.Build}",
                Target = _layout.Target,
                DeviceId = "virtual",
                Clock = () => UtcTime.ToSeconds(_setup.Clock.UtcNow),
                SelfTest = () => PlayedTest == SelfTestMode.Fail ? SelfTestResult.Failed : SelfTestResult.Passed,
            };
            _setup.Configure?.Invoke(options);
            _channel = _setup.Channel();
            IJournalStore journal = _setup.WrapJournal(new FlashJournalStore(_flash, _map, _stateWrites));
            _agent = new UpdateAgent(options, _channel, _setup.Source(options), journal, [new FirmwareModule(_setup.WrapSlots(Slots!), options), .. _setup.Modules()]);
            _setup.OnAgent?.Invoke(_agent);
            _agent.StatusChanged += (_, status) =>
            {
                if (_flash.IsOff)
                {
                    // A real agent stops in the middle of its step; this one goes on to the step's end, and takes the cut for a failure.
                    return;
                }

                _changedAt = _setup.Clock.Elapsed;
                Log("state", ("state", status.StateText), ("waiting", status.Waiting == ResultCode.None ? null : ResultText.Name(status.Waiting)), ("progress", status.Progress));
            };
        }

        // What the version that runs does in its self-test: only a trial is tested.
        private SelfTestMode PlayedTest => Slots!.IsOnTrial ? _setup.SelfTest(Slots.Record.Trial.Version) : SelfTestMode.Pass;

        private (ResetCause? Cause, RunEnd End) RunUntilReset(Func<bool> stop)
        {
            long strikesAt = Slots!.WatchdogSeconds * 1000L;
            if (PlayedTest == SelfTestMode.Crash && _agent != null)
            {
                return (ResetCause.Panic, default);
            }

            if (_agent == null || PlayedTest == SelfTestMode.Hang)
            {
                // Nobody steps the agent: on a device a hang, or nanoCLR without an application, holds everything up.
                _setup.Clock.Skip(strikesAt);
                return (ResetCause.Watchdog, default);
            }

            _changedAt = _setup.Clock.Elapsed;
            while (true)
            {
                long due = _agent.Step(_setup.Clock.TickCount64);
                if (_flash.IsOff)
                {
                    return (null, RunEnd.PowerCut);
                }

                if (_board.RebootRequested != null)
                {
                    return (ResetCause.Software, default);
                }

                long now = _setup.Clock.TickCount64;
                bool watched = Slots.WatchdogSeconds > 0;
                if (watched && now >= strikesAt)
                {
                    return (ResetCause.Watchdog, default);
                }

                if (_agent.IsAtRest && _channel!.IsReported && !_setup.KeepsRunning())
                {
                    return (null, RunEnd.Settled);
                }

                due = watched && strikesAt < due ? strikesAt : due;

                // What happens beside the agent may wake it: it is stepped again after each such thing.
                long happens = _setup.Clock.Schedule.NextDue;
                due = happens == long.MaxValue ? due : Math.Min(due, now + Math.Max(0, happens - _setup.Clock.Uptime));
                if (stop() || due == long.MaxValue || _setup.Clock.Elapsed - _changedAt > _patience)
                {
                    return (null, RunEnd.Stopped);
                }

                if (due > now)
                {
                    _setup.Clock.Skip(due - now);
                    _changedAt = due - now > _longWait.TotalMilliseconds ? _setup.Clock.Elapsed : _changedAt;
                }
                else
                {
                    _setup.Clock.Skip(0);
                }
            }
        }

        private void Log(string name, params (string, object?)[] data)
        {
            _setup.Log?.Invoke(new DeviceEvent(name, data));
        }
    }
}
