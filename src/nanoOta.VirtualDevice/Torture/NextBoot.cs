using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Torture
{
    /// <summary>What a flash boots at the next power-up, found on a copy of it: no agent is asked.</summary>
    internal static class NextBoot
    {
        /// <summary>Checks that it boots what it should, whole, confirmed, and such that the CLR finds the application.</summary>
        /// <param name="flash">The flash.</param>
        /// <param name="map">Where its slots are.</param>
        /// <param name="deployment">The deployment that should run.</param>
        /// <param name="firmware">The firmware that should run.</param>
        /// <param name="record">Receives the slot record as it is after that boot.</param>
        /// <returns>Null when it does, otherwise what is wrong.</returns>
        public static string? Find(NorFlash flash, SlotMap map, (string Version, byte[] Image) deployment, (string Version, byte[] Image) firmware, out SlotRecord? record)
        {
            record = null;
            flash = flash.Copy();
            var writes = new StateWrites();
            OtaData? otaData = map.OtaData is { } at ? new OtaData(flash, (int)at.Offset, map.Firmware.Count, writes) : null;
            int running = Bootloader.Choose(flash, map.Firmware, otaData);
            if (running < 0)
            {
                return "no firmware boots";
            }

            var slots = new SlotCore(flash, map, otaData, running, writes);
            if (!slots.Hook(ResetCause.PowerOn) || slots.IsOnTrial)
            {
                return "what boots next is not confirmed";
            }

            record = slots.Record;
            Partition boots = map.Firmware[running];
            Partition deploy = map.Deploy[slots.ActiveDeploy];
            if (!Holds(flash.ReadUsed((int)deploy.Offset, (int)deploy.Size), deployment.Image))
            {
                return $"{deploy.Label} does not hold {deployment.Version}, and nothing else, from end to end";
            }

            if (!flash.ReadUsed((int)boots.Offset, (int)boots.Size).AsSpan().StartsWith(firmware.Image))
            {
                return $"{boots.Label} does not hold {firmware.Version}";
            }

            return ClrModel.FindApplication(flash, boots, deploy, out string reason) == null ? reason : null;
        }

        /// <summary>Whether a slot holds an image and nothing behind it.</summary>
        public static bool Holds(ReadOnlySpan<byte> slot, ReadOnlySpan<byte> image)
        {
            return slot.StartsWith(image) && slot[image.Length..].IndexOfAnyExcept((byte)0xFF) < 0;
        }
    }
}
