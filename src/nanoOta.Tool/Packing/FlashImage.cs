using System.Text;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>What a board's flash holds when it leaves the factory, as files for esptool.</summary>
    internal sealed class FlashImage
    {
        // The ESP32's ROM looks for the second-stage bootloader here (ESP-IDF, "Bootloader"); the table follows at 0x8000.
        private const int BootloaderOffset = 0x1000;
        private const int ChipIdAt = 12;

        // The high nibble: 1 MB shifted by it (ESP-IDF, esp_image_header_t.spi_size).
        private const int FlashSizeAt = 3;

        private readonly List<(string Name, int Offset, byte[] Bytes)> _files = [];

        /// <summary>The files with their offsets in the flash, in ascending order.</summary>
        public IReadOnlyList<(string Name, int Offset, byte[] Bytes)> Files => _files;

        /// <summary>The arguments of esptool, one a line: <c>esptool.py write_flash @flash.args</c>.</summary>
        public byte[] Arguments { get; private init; } = [];

        /// <summary>All of it, to be written to offset 0, with erased flash between; null without a bootloader.</summary>
        public byte[]? Merged { get; private set; }

        /// <summary>All files to be written: those, flash.args with their offsets, and with a bootloader flash.bin.</summary>
        public IEnumerable<(string Name, byte[] Bytes)> Content => [.. Files.Select(file => (file.Name, file.Bytes)), ("flash.args", Arguments), .. Merged == null ? [] : new[] { ("flash.bin", Merged) }];

        /// <summary>Whether boards of a layout are flashed so.</summary>
        public static bool Fits(FlashLayout layout) => layout.IsEsp32 && !layout.IsStock;

        /// <summary>Makes it.</summary>
        /// <param name="layout">The flash layout.</param>
        /// <param name="bootloader">The bootloader; null: the board's own stays.</param>
        /// <param name="clr">The firmware.</param>
        /// <param name="deployment">The application.</param>
        /// <exception cref="Failure">A file does not fit, is not sound, or is for another chip.</exception>
        public static FlashImage Make(FlashLayout layout, byte[]? bootloader, byte[] clr, byte[] deployment)
        {
            if (!Fits(layout))
            {
                throw new Failure(ExitCode.Usage, $"layout {layout.Name} is not flashed by esptool with slots for updates. See docs/stm32.md and docs/stock-firmware.md.");
            }

            var map = new SlotMap(layout);
            if (bootloader == null && map.Firmware.Count > 1)
            {
                throw new Failure(ExitCode.Usage, $"layout {layout.Name} has two firmwares: it needs --bootloader, one with rollback (docs/esp32.md).");
            }

            if (bootloader != null && (bootloader.Length <= ChipIdAt + 1 || bootloader[0] != EspImage.Magic || (bootloader[ChipIdAt] | bootloader[ChipIdAt + 1] << 8) != layout.ChipId))
            {
                throw new Failure(ExitCode.Unsound, $"the bootloader is no ESP image for {EspChips.Name(layout.ChipId)}.");
            }

            // Without a file of its own at the bootloader's offset, esptool does not correct the header's size.
            if (bootloader != null && 1L << (20 + (bootloader[FlashSizeAt] >> 4)) < layout.FlashSize)
            {
                throw new Failure(ExitCode.Unsound, $"the bootloader is made for a flash of {1 << (bootloader[FlashSizeAt] >> 4)} MB; layout {layout.Name} has {layout.FlashSize >> 20}. Build it for that size: it refuses partitions beyond.");
            }

            int space = (int)PartitionTable.FlashOffset - BootloaderOffset;
            if (bootloader?.Length > space)
            {
                throw new Failure(ExitCode.Unsound, $"the bootloader has {bootloader.Length} bytes; between 0x{BootloaderOffset:X} and the partition table are {space}.");
            }

            try
            {
                DeviceFactory.Make(layout, deployment, clr);
            }
            catch (ArgumentException e)
            {
                throw new Failure(ExitCode.Unsound, e.Message);
            }

            List<(string Name, int Offset, byte[] Bytes)> files =
            [
                ("partitions.bin", (int)PartitionTable.FlashOffset, layout.Table.ToBinary()),
                ("nanoCLR.bin", (int)map.Firmware[0].Offset, clr),
                ("deployment.bin", (int)map.Deploy[0].Offset, deployment),
            ];
            if (bootloader != null)
            {
                files.Insert(0, ("bootloader.bin", BootloaderOffset, bootloader));
            }

            var arguments = new StringBuilder($"--flash_size {layout.FlashSize >> 20}MB\n");
            foreach ((string name, int offset, byte[] _) in files)
            {
                arguments.Append($"0x{offset:x} {name}\n");
            }

            var image = new FlashImage { Arguments = Encoding.ASCII.GetBytes(arguments.ToString()) };
            image._files.AddRange(files);
            image.Merged = bootloader == null ? null : Merge(files);
            return image;
        }

        private static byte[] Merge(List<(string Name, int Offset, byte[] Bytes)> files)
        {
            byte[] merged = new byte[files.Max(file => file.Offset + file.Bytes.Length)];
            Array.Fill(merged, (byte)0xFF);
            foreach ((string _, int offset, byte[] bytes) in files)
            {
                bytes.CopyTo(merged, offset);
            }

            return merged;
        }
    }
}
