extern alias StandIns;

using System.Text;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>
    /// A device whose firmware has nanoOta's native code and whose application runs: its <c>Main</c>, on threads and with static fields of
    /// each boot's own. The images hold no code that a PC runs, so the application of a version is given as the assembly that its image is
    /// made from.
    /// </summary>
    /// <param name="flash">The flash.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="applications">The application of each version that the flash may hold.</param>
    public sealed class ApplicationDevice(NorFlash flash, FlashLayout layout, Func<AssemblyVersion, ApplicationFile> applications)
    {
        private readonly SlotMap _map = new(layout);
        private readonly StateWrites _writes = new();
        private readonly StringBuilder _line = new();
        private readonly List<string> _printed = [];
        private DeviceBoard _board = new();

        /// <summary>The device's time.</summary>
        public VirtualClock Clock { get; init; } = new();

        /// <summary>The slot core that the device runs.</summary>
        public CoreKind Core { get; init; }

        /// <summary>Its drives.</summary>
        public VirtualFileSystem Files { get; init; } = new(1 << 20);

        /// <summary>What is wired to it.</summary>
        public DeviceWiring Wiring { get; init; } = new();

        /// <summary>How it is connected.</summary>
        public BoardNetwork Network { get; init; } = new();

        /// <summary>Receives what happens: boot and reset.</summary>
        public Action<DeviceEvent>? Log { get; init; }

        /// <summary>Receives each line that the application prints.</summary>
        public Action<string>? Printed { get; init; }

        /// <summary>The lines that the application printed, over all boots.</summary>
        public IReadOnlyList<string> Console => _printed;

        /// <summary>Boots after the first.</summary>
        public int Reboots { get; private set; }

        /// <summary>The slots of the boot that is running.</summary>
        public ISlotCore? Slots { get; private set; }

        /// <summary>The version of the application that runs; null: none does.</summary>
        public string? Version { get; private set; }

        /// <summary>The version that was confirmed on what runs; null: the factory's, or none.</summary>
        public string? Confirmed
        {
            get
            {
                var status = new ModuleStatus();
                Slots!.GetStatus(Version ?? "", status);
                return status.ConfirmedVersion;
            }
        }

        /// <summary>Why no application starts, when none does.</summary>
        public string DeadBecause { get; private set; } = "";

        /// <summary>The exceptions that ended threads of the application.</summary>
        public IReadOnlyList<Exception> Uncaught => Clock.Schedule.Uncaught;

        /// <summary>Turns the power on and runs, through reboots, resets and the watchdog.</summary>
        /// <param name="stop">Tells when to stop; asked after each thing that happened.</param>
        /// <exception cref="InvalidDataException">The application cannot be loaded.</exception>
        /// <exception cref="DeviceHangException">Something on the device can never end.</exception>
        public RunEnd Run(Func<bool> stop)
        {
            DeviceClock.Current = Clock;
            VirtualFileSystem.Current = Files;
            DeviceWiring.Current = Wiring;
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
                    Log?.Invoke(new DeviceEvent("reset", ("cause", cause)));
                }

                return RunEnd.Dead;
            }
            catch (PowerCutException)
            {
                return RunEnd.PowerCut;
            }
        }

        private bool Boot(ResetCause cause)
        {
            Clock.Boot();
            Wiring.Restart();
            Version = null;
            do
            {
                int running = Bootloader.Choose(flash, _map.Firmware, CoreKinds.OtaDataOf(flash, _map, _writes));
                if (running < 0)
                {
                    DeadBecause = "The bootloader finds no firmware image that is whole.";
                    return false;
                }

                Slots = Core.Start(flash, _map, running, _writes);
            }
            while (!Slots.Hook(cause));

            NanoAssembly? application = ClrModel.FindApplication(flash, _map.Firmware[Slots.Running], _map.Deploy[Slots.ActiveDeploy], out string reason);
            Log?.Invoke(new DeviceEvent("boot", ("cause", cause), ("slot", Slots.ActiveSlot), ("application", application?.Version.ToString()), ("trial", Slots.IsOnTrial)));
            DeviceBoard.Current = _board = new DeviceBoard
            {
                TargetName = layout.Target,
                Platform = layout.IsEsp32 ? "ESP32" : "STM32",
                Console = Print,
                Network = Network,
                NativeCode = new SlotNatives(Slots, _map.Firmware.Count > 1),
            };
            if (application == null)
            {
                DeadBecause = reason;
                return Slots.IsOnTrial;
            }

            AssemblyVersion version = application.Version;
            Version = $"{version.Major}.{version.Minor}.{version.Build}";
            applications(version).Load(version).Start();
            return true;
        }

        private (ResetCause? Cause, RunEnd End) RunUntilReset(Func<bool> stop)
        {
            DeviceBoard board = _board;
            long strikesAt = Slots!.WatchdogSeconds * 1000L;
            while (true)
            {
                long now = Clock.TickCount64;
                if (flash.IsOff)
                {
                    return (null, RunEnd.PowerCut);
                }

                if (board.RebootRequested != null)
                {
                    return (ResetCause.Software, default);
                }

                bool isWatched = strikesAt > 0 && Slots.IsOnTrial;
                if (isWatched && now >= strikesAt)
                {
                    return (ResetCause.Watchdog, default);
                }

                long happens = Clock.Schedule.NextDue;
                long due = happens == long.MaxValue ? long.MaxValue : now + Math.Max(0, happens - Clock.Uptime);
                due = isWatched ? Math.Min(due, strikesAt) : due;
                if (due == long.MaxValue || stop())
                {
                    return (null, RunEnd.Stopped);
                }

                Clock.Skip(due - now);
            }
        }

        private void Print(string text)
        {
            foreach (char c in text)
            {
                if (c != '\n')
                {
                    _line.Append(c);
                    continue;
                }

                _printed.Add(_line.ToString());
                _line.Clear();
                Printed?.Invoke(_printed[^1]);
            }
        }
    }
}
