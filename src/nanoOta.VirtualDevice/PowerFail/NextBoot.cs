using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>What a flash boots at the next power-up, found on a copy of it: no agent is asked.</summary>
    internal static class NextBoot
    {
        /// <summary>Boots it.</summary>
        /// <returns>The slots as they are after that boot, on the copy; null when nothing boots that is confirmed.</returns>
        public static SlotCore? Of(NorFlash flash, SlotMap map)
        {
            flash = flash.Copy();
            var writes = new StateWrites();
            OtaData? otaData = map.OtaData is { } at ? new OtaData(flash, (int)at.Offset, map.Firmware.Count, writes) : null;
            int running = Bootloader.Choose(flash, map.Firmware, otaData);
            SlotCore? slots = running < 0 ? null : new SlotCore(flash, map, otaData, running, writes);
            return slots != null && slots.Hook(ResetCause.PowerOn) && !slots.IsOnTrial ? slots : null;
        }

        /// <summary>Checks that it boots what it should, whole, confirmed, and such that the CLR finds the application.</summary>
        /// <param name="flash">The flash.</param>
        /// <param name="map">Where its slots are.</param>
        /// <param name="deployment">The deployment that should run.</param>
        /// <param name="firmware">The firmware that should run.</param>
        /// <returns>Null when it does, otherwise what is wrong.</returns>
        public static string? Find(NorFlash flash, SlotMap map, (string Version, byte[] Image) deployment, (string Version, byte[] Image) firmware)
        {
            if (Of(flash, map) is not { } slots)
            {
                return "no firmware boots, or none that is confirmed";
            }

            Partition clr = map.Firmware[slots.Running];
            Partition deploy = map.Deploy[slots.ActiveDeploy];
            if (!Holds(flash.ReadUsed((int)deploy.Offset, (int)deploy.Size), deployment.Image))
            {
                return $"{deploy.Label} does not hold {deployment.Version}, and nothing else, from end to end";
            }

            return !flash.ReadUsed((int)clr.Offset, (int)clr.Size).AsSpan().StartsWith(firmware.Image) ? $"{clr.Label} does not hold {firmware.Version}"
                : ClrModel.FindApplication(flash, clr, deploy, out string reason) == null ? reason : null;
        }

        /// <summary>Whether a slot holds an image and nothing behind it.</summary>
        public static bool Holds(ReadOnlySpan<byte> slot, ReadOnlySpan<byte> image)
        {
            return slot.StartsWith(image) && slot[image.Length..].IndexOfAnyExcept((byte)0xFF) < 0;
        }
    }
}
