extern alias StandIns;

using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>
    /// A device whose firmware has nanoOta's native code. The images hold no code that a PC runs, so the application of a version is given as
    /// the assembly that its image is made from.
    /// </summary>
    /// <param name="flash">The flash.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="applications">The application of each version that the flash may hold.</param>
    public sealed class ApplicationDevice(NorFlash flash, FlashLayout layout, Func<AssemblyVersion, ApplicationFile> applications) : RunningDevice
    {
        private readonly SlotMap _map = new(layout);
        private readonly StateWrites _writes = new();
        private long _strikesAt;

        /// <summary>The slot core that the device runs.</summary>
        public CoreKind Core { get; init; }

        /// <summary>The slots of the boot that is running.</summary>
        public ISlotCore? Slots { get; private set; }

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

        private protected override bool IsOff => flash.IsOff || !Files.IsPowered;

        private protected override long WatchdogStrikesAt => _strikesAt > 0 && Slots!.IsOnTrial ? _strikesAt : long.MaxValue;

        private protected override bool Boot(ResetCause cause)
        {
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
            _strikesAt = Slots.WatchdogSeconds * 1000L;

            NanoAssembly? application = ClrModel.FindApplication(flash, _map.Firmware[Slots.Running], _map.Deploy[Slots.ActiveDeploy], out string reason);
            Log?.Invoke(new DeviceEvent("boot", ("cause", cause), ("slot", Slots.ActiveSlot), ("application", application?.Version.ToString()), ("trial", Slots.IsOnTrial)));
            Use(new DeviceBoard
            {
                TargetName = layout.Target,
                Platform = layout.IsEsp32 ? "ESP32" : "STM32",
                NativeCode = new SlotNatives(Slots, _map.Firmware.Count > 1),
            });
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
    }
}
