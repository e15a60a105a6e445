using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice
{
    /// <summary>Makes devices as they leave the factory.</summary>
    public static class DeviceFactory
    {
        /// <summary>
        /// A flash with partition table, firmware and deployment. Without a firmware of its own the device gets one that holds
        /// just the native code which the deployment needs, as the board it was built for has.
        /// </summary>
        /// <param name="layout">The layout.</param>
        /// <param name="deployment">The deployment image.</param>
        /// <param name="clr">The firmware image; null: made up.</param>
        /// <exception cref="ArgumentException">An image does not fit, is not sound, or the two do not go together; the message says.</exception>
        public static NorFlash Make(FlashLayout layout, byte[] deployment, byte[]? clr)
        {
            var map = new SlotMap(layout);
            Deployment image = Deployment.Read(deployment);
            clr ??= EspImageBuilder.Build(DefaultClr(layout, image), EspImageBuilder.MinimumSize(DefaultClr(layout, image)));
            if ((SlotMap.Misfit(map.Deploy[0], deployment.Length, "deployment") ?? SlotMap.Misfit(map.Firmware[0], clr.Length, "firmware")) is { } misfit)
            {
                throw new ArgumentException(misfit);
            }

            Require(image.Checks);
            EspImage firmware = EspImage.Read(clr);
            Require(firmware.Checks);
            if (firmware.ChipId != layout.ChipId)
            {
                throw new ArgumentException($"The firmware is for {EspChips.Name(firmware.ChipId) ?? $"chip {firmware.ChipId}"}, layout {layout.Name} is for {EspChips.Name(layout.ChipId)}.");
            }

            var flash = new NorFlash(layout.Sectors);
            if (layout.IsEsp32)
            {
                Write(flash, PartitionTable.FlashOffset, layout.Table.ToBinary());
            }

            Write(flash, map.Firmware[0].Offset, clr);
            Write(flash, map.Deploy[0].Offset, deployment);
            if (ClrModel.FindApplication(flash, map.Firmware[0], map.Deploy[0], out string reason) == null)
            {
                throw new ArgumentException($"This firmware would not start this deployment: {reason}");
            }

            return flash;
        }

        private static EspImageSpec DefaultClr(FlashLayout layout, Deployment deployment)
        {
            return new EspImageSpec("1.16.0.0")
            {
                ChipId = layout.ChipId,
                Natives = [.. deployment.Assemblies.Where(a => a.NativeChecksum != 0).DistinctBy(a => a.Name).Select(a => new NativeAssembly(a.Name, a.NativeChecksum))],
            };
        }

        private static void Require(IReadOnlyList<ImageCheck> checks)
        {
            if (checks.FirstOrDefault(check => !check.Ok) is { } failed)
            {
                throw new ArgumentException($"{failed.Name}: {failed.Sentence}");
            }
        }

        private static void Write(NorFlash flash, uint offset, ReadOnlySpan<byte> bytes)
        {
            for (int at = 0; at < bytes.Length; at += NorFlash.BlockLength)
            {
                flash.Program((int)offset + at, bytes[at..Math.Min(bytes.Length, at + NorFlash.BlockLength)]);
            }

            flash.PowerOn();
        }
    }
}
