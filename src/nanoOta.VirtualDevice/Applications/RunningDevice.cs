extern alias StandIns;

using System.Text;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>A device whose application's <c>Main</c> runs, on threads and with static fields of each boot's own.</summary>
    public abstract class RunningDevice
    {
        private readonly StringBuilder _line = new();
        private readonly List<string> _printed = [];
        private DeviceBoard _board = new();

        private protected RunningDevice()
        {
        }

        /// <summary>The device's time.</summary>
        public VirtualClock Clock { get; init; } = new();

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

        /// <summary>The version of the application that runs; null: none does.</summary>
        public string? Version { get; private protected set; }

        /// <summary>Why no application starts, when none does.</summary>
        public string DeadBecause { get; private protected set; } = "";

        /// <summary>The exceptions that ended threads of the application.</summary>
        public IReadOnlyList<Exception> Uncaught => Clock.Schedule.Uncaught;

        /// <summary>Whether the power was cut.</summary>
        private protected abstract bool IsOff { get; }

        /// <summary>When the watchdog strikes, in milliseconds after the boot, if the trial has not ended by then.</summary>
        private protected virtual long WatchdogStrikesAt => long.MaxValue;

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
                while (Start(cause.Value))
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

        /// <summary>Boots, and starts the application.</summary>
        /// <returns>False when nothing will ever happen on the device.</returns>
        private protected abstract bool Boot(ResetCause cause);

        /// <summary>Makes what device code finds below it in this boot.</summary>
        private protected void Use(DeviceBoard board)
        {
            board.Console = Print;
            board.Network = Network;
            DeviceBoard.Current = _board = board;
        }

        private bool Start(ResetCause cause)
        {
            Clock.Boot();
            Wiring.Restart();
            Version = null;
            return Boot(cause);
        }

        private (ResetCause? Cause, RunEnd End) RunUntilReset(Func<bool> stop)
        {
            DeviceBoard board = _board;
            while (true)
            {
                long now = Clock.TickCount64;
                if (IsOff)
                {
                    return (null, RunEnd.PowerCut);
                }

                if (board.RebootRequested != null)
                {
                    return (ResetCause.Software, default);
                }

                long strikesAt = WatchdogStrikesAt;
                if (now >= strikesAt)
                {
                    return (ResetCause.Watchdog, default);
                }

                long happens = Clock.Schedule.NextDue;
                long due = happens == long.MaxValue ? long.MaxValue : now + Math.Max(0, happens - Clock.Uptime);
                due = Math.Min(due, strikesAt);
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
