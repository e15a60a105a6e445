extern alias StandIns;

using nanoOta.VirtualDevice.Flash;
using StandIns::nanoOta.StandIns;
using StandIns::System.Device.Spi;
using StandIns::System.IO.Ports;

namespace nanoOta.VirtualDevice.Mcu
{
    /// <summary>
    /// An MCU on the desk: a flash chip on the device's SPI bus 1, and an MCU with MCUboot at its COM2. The module between them is the one
    /// that ships.
    /// </summary>
    public sealed class McuBench
    {
        /// <summary>The component's id.</summary>
        public const string Component = "mcu";

        private const int ChipSelect = 5;
        private const string Port = "COM2";
        private const int BaudRate = 115200;

        private readonly int _placeLength;

        /// <summary>Wires them.</summary>
        /// <param name="chip">The flash chip's cells: a power of two, and room for two images and the records.</param>
        /// <param name="mcu">The MCU.</param>
        /// <param name="placeLength">The longest image, a multiple of 65536.</param>
        public McuBench(NorFlash chip, McubootMcu mcu, int placeLength)
        {
            Cells = chip;
            Chip = new SpiNorChip(chip);
            Mcu = mcu;
            _placeLength = placeLength;
            Wiring.Connect(1, ChipSelect, Chip);
            Wiring.Connect(Port, mcu);
        }

        /// <summary>The flash chip's cells.</summary>
        public NorFlash Cells { get; }

        /// <summary>The flash chip.</summary>
        public SpiNorChip Chip { get; }

        /// <summary>The MCU.</summary>
        public McubootMcu Mcu { get; }

        /// <summary>What is wired to the device.</summary>
        public DeviceWiring Wiring { get; } = new();

        /// <summary>The version that the MCU has from the factory.</summary>
        public string? FactoryVersion { get; init; }

        /// <summary>The module of the last boot.</summary>
        public McuModule? Module { get; private set; }

        /// <summary>The factory writes the MCU's image to the chip, where the module keeps the active one.</summary>
        public static void Provision(NorFlash chip, byte[] image)
        {
            int start = BlockModule.RecordSectors * NorFlash.BlockLength;
            for (int at = 0; at < image.Length; at += NorFlash.BlockLength)
            {
                chip.Program(start + at, image.AsSpan(at, Math.Min(NorFlash.BlockLength, image.Length - at)));
            }

            chip.PowerOn();
        }

        /// <summary>The power comes back to all of it.</summary>
        public void PowerOn()
        {
            Chip.PowerOn();
            Mcu.PowerOn();
        }

        /// <summary>What the application sets up at each boot.</summary>
        /// <param name="factorySize">The length of the MCU's image that the factory wrote to the chip; 0: it wrote none.</param>
        public McuModule Boot(int factorySize)
        {
            Wiring.Restart();
            DeviceWiring.Current = Wiring;
            var flash = new SpiNorFlash(new SpiDevice(new SpiConnectionSettings(1, ChipSelect) { ClockFrequency = 10_000_000 }));
            ResultCode code = flash.Open();
            if (code != ResultCode.None)
            {
                throw new InvalidOperationException($"the flash chip does not answer: {ResultText.Name(code)}");
            }

            var protocol = new McubootSerial(new SerialPort(Port, BaudRate), Mcu) { UsesTrial = Mcu.HasDirectUpload && Mcu.ApplicationSpeaks };
            Module = new McuModule(Component, flash, 0, _placeLength, protocol, FactoryVersion);
            if (factorySize > 0)
            {
                Module.Adopt(factorySize);
            }

            return Module;
        }
    }
}
