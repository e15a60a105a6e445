using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice
{
    /// <summary>
    /// A device whose firmware has nanoOta's native code: the flash, the bootloader, the boot hook, nanoCLR's search for an
    /// application, and the agent.
    /// </summary>
    public sealed class Device : DeviceBase
    {
        private readonly NorFlash _flash;
        private readonly FlashLayout _layout;
        private readonly SlotMap _map;
        private readonly StateWrites _stateWrites = new();
        private string? _disagreement;

        /// <summary>Makes a device around a flash; it is off.</summary>
        public Device(NorFlash flash, FlashLayout layout, DeviceSetup setup)
            : base(setup)
        {
            _flash = flash;
            _layout = layout;
            _map = new SlotMap(layout);
        }

        /// <summary>The slots of the boot that is running.</summary>
        public ISlotCore? Slots { get; private set; }

        /// <inheritdoc/>
        public override string? Disagreement => _disagreement ?? Slots?.Disagreement;

        /// <inheritdoc/>
        public override int StateWrites => _stateWrites.Count;

        private protected override bool IsOff => _flash.IsOff;

        private protected override string? OnTrial => Slots!.IsOnTrial ? Slots.Record.Trial.Version : null;

        private protected override long WatchedMilliseconds => Slots!.WatchdogSeconds * 1000L;

        private protected override bool Boot(ResetCause cause)
        {
            do
            {
                _disagreement = Disagreement;
                int running = Bootloader.Choose(_flash, _map.Firmware, CoreKinds.OtaDataOf(_flash, _map, _stateWrites));
                if (running < 0)
                {
                    DeadBecause = "The bootloader finds no firmware image that is whole.";
                    return false;
                }

                Slots = Setup.Core.Start(_flash, _map, running, _stateWrites);
            }
            while (!Slots.Hook(cause));

            NanoAssembly? application = ClrModel.FindApplication(_flash, _map.Firmware[Slots.Running], _map.Deploy[Slots.ActiveDeploy], out string reason);
            Log("boot", ("cause", cause), ("slot", Slots.ActiveSlot), ("application", application?.Version.ToString()), ("trial", Slots.IsOnTrial));
            if (application == null)
            {
                DeadBecause = reason;
                return Slots.IsOnTrial;
            }

            AssemblyVersion version = application.Version;
            UpdateAgentOptions options = Options($"{version.Major}.{version.Minor}.{version.Build}", _layout.Target);
            options.Delta ??= new AssemblyDelta();
            Start(options, Slots.Journal, new FirmwareModule(Setup.WrapSlots(Slots), options));
            return true;
        }
    }
}
