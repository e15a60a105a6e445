using nanoOta.VirtualDevice.Boot;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>The slot core of one boot: the boot hook, the firmware slots that managed code sees, and the journal's places.</summary>
    public interface ISlotCore : IFirmwareSlots
    {
        /// <summary>The firmware slot that runs.</summary>
        int Running { get; }

        /// <summary>The deployment slot that the CLR is to take.</summary>
        int ActiveDeploy { get; }

        /// <summary>What runs, for reports: the deployment's slot, with the firmware's slot before it where there are two.</summary>
        string ActiveSlot { get; }

        /// <summary>Whether the firmware in the other slot could run the device, were the active one to fail.</summary>
        bool HasFallback { get; }

        /// <summary>Whether this boot is one of a trial.</summary>
        bool IsOnTrial { get; }

        /// <summary>After so many seconds of this boot without confirmation the watchdog strikes; 0: never.</summary>
        int WatchdogSeconds { get; }

        /// <summary>The slot record.</summary>
        SlotRecord Record { get; }

        /// <summary>The journal's places.</summary>
        IRecordStore Journal { get; }

        /// <summary>In what the core and its model first differed; null: in nothing, or there is no model beside it.</summary>
        string? Disagreement { get; }

        /// <summary>The boot hook: decides what is on trial and which deployment runs, before block storage starts.</summary>
        /// <param name="cause">Why the device booted.</param>
        /// <returns>False when the device must reset at once, because the firmware that the bootloader chose must not run.</returns>
        bool Hook(ResetCause cause);
    }
}
