using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Native;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>Which slot core a virtual device runs.</summary>
    public enum CoreKind
    {
        /// <summary>The C# model.</summary>
        Model,

        /// <summary>The C core as it ships, compiled for this computer, with the model beside it that must agree after each call.</summary>
        Native,
    }

    /// <summary>Starts slot cores.</summary>
    internal static class CoreKinds
    {
        /// <summary>Takes over from the bootloader, which has chosen a firmware. <see cref="ISlotCore.Hook"/> is next.</summary>
        public static ISlotCore Start(this CoreKind kind, NorFlash flash, SlotMap map, int running, StateWrites writes)
        {
            return kind == CoreKind.Native ? new CheckedSlots(flash, map, running, writes) : new SlotCore(flash, map, OtaDataOf(flash, map, writes), running, writes);
        }

        /// <summary>otadata; null: the layout has none.</summary>
        public static OtaData? OtaDataOf(NorFlash flash, SlotMap map, StateWrites writes)
        {
            return map.OtaData is { } at ? new OtaData(flash, (int)at.Offset, map.Firmware.Count, writes) : null;
        }
    }
}
