using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice
{
    /// <summary>What a version on trial does when it tests itself.</summary>
    public enum SelfTestMode
    {
        /// <summary>It finds that it works.</summary>
        Pass,

        /// <summary>It finds that it does not.</summary>
        Fail,

        /// <summary>It never comes back; the watchdog strikes.</summary>
        Hang,

        /// <summary>It crashes, boot after boot.</summary>
        Crash,
    }

    /// <summary>What surrounds a virtual device.</summary>
    public sealed class DeviceSetup
    {
        /// <summary>The channel of each boot.</summary>
        public required Func<UpdateAgentOptions, IUpdateChannel> Channel { get; init; }

        /// <summary>The image source of each boot.</summary>
        public required Func<UpdateAgentOptions, IImageSource> Source { get; init; }

        /// <summary>The device's time.</summary>
        public VirtualClock Clock { get; init; } = new();

        /// <summary>Modules besides that of the firmware, anew for each boot.</summary>
        public Func<IEnumerable<UpdateModule>> Modules { get; init; } = () => [];

        /// <summary>Whether the agent has only <see cref="Modules"/>: the firmware is none of its business.</summary>
        public bool LeavesOutFirmware { get; init; }

        /// <summary>The slot core that the device runs. A device with stock firmware has none.</summary>
        public CoreKind Core { get; init; }

        /// <summary>Stands between each boot's agent and its slots.</summary>
        public Func<ISlotCore, IFirmwareSlots> WrapSlots { get; init; } = slots => slots;

        /// <summary>Stands between each boot's agent and the store of its journal.</summary>
        public Func<IRecordStore, IRecordStore> WrapJournal { get; init; } = journal => journal;

        /// <summary>Changes the agent's options before it is made.</summary>
        public Action<UpdateAgentOptions>? Configure { get; init; }

        /// <summary>Is given each boot's agent before its first step, as an application would have it.</summary>
        public Action<UpdateAgent>? OnAgent { get; init; }

        /// <summary>What a version on trial does; asked at each boot.</summary>
        public Func<string, SelfTestMode> SelfTest { get; init; } = _ => SelfTestMode.Pass;

        /// <summary>Whether the device goes on though it is idle, because somebody may yet request something.</summary>
        public Func<bool> KeepsRunning { get; init; } = () => false;

        /// <summary>Receives what happens.</summary>
        public Action<DeviceEvent>? Log { get; init; }
    }

    /// <summary>Something that happened to a virtual device.</summary>
    /// <param name="Name">What: boot, state, progress, reboot, reset, cut, dead.</param>
    /// <param name="Data">More, in order.</param>
    public sealed record DeviceEvent(string Name, params (string Name, object? Value)[] Data);
}
