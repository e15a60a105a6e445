using nanoOta.VirtualDevice.Flash;
using static nanoOta.VirtualDevice.Images.PartitionTypes;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>A flash layout that devices are set up with.</summary>
    /// <param name="Name">As commands name it.</param>
    /// <param name="Target">nanoFramework's target name, which manifests ask for.</param>
    /// <param name="ChipId">The chip whose images it takes (esp_chip_id_t).</param>
    /// <param name="FlashSize">Bytes.</param>
    /// <param name="Table">What is where.</param>
    public sealed record FlashLayout(string Name, string Target, ushort ChipId, int FlashSize, PartitionTable Table)
    {
        /// <summary>What is erased at once.</summary>
        public FlashSectors Sectors { get; init; } = FlashSectors.OfBlocks(FlashSize);

        /// <summary>Whether the flash begins with ESP-IDF's bootloader and partition table.</summary>
        public bool IsEsp32 => Target.StartsWith("ESP32", StringComparison.Ordinal);

        /// <summary>Whether it is that of unmodified firmware: applications then lie in files (docs/stock-firmware.md).</summary>
        public bool IsStock => Table.Find("ota_state") == null;
    }

    /// <summary>The layouts of README.md, in a form that ESP-IDF 5.5 accepts.</summary>
    public static class FlashLayouts
    {
        private const int Kilo = 0x400;
        private const int Mega = 0x100000;

        /// <summary>Every layout with slots of its own for updates.</summary>
        public static IReadOnlyList<FlashLayout> All { get; } =
        [
            // Stock but for the deployment, which is halved: needs no other bootloader and keeps config where it is.
            new("esp32-4mb", "ESP32_REV3", 0, 4 * Mega, new(
            [
                new("nvs", Data, Nvs, 0x9000, 0x6000),
                new("phy_init", Data, Phy, 0xF000, 0x1000),
                new("factory", App, Factory, 0x10000, 0x1D0000),
                new("deploy_0", Data, Deploy, 0x1E0000, 0xE0000),
                new("deploy_1", Data, Deploy, 0x2C0000, 0xE0000),
                new("ota_state", Data, OtaState, 0x3A0000, 0x8000),
                new("config", Data, LittleFs, 0x3C0000, 0x40000),
            ])),
            new("esp32-8mb", "ESP32_REV3", 0, 8 * Mega, TwoFirmwares(app: 0x200000, deploy: 0x180000, config: 0xE0000)),
            new("esp32-16mb", "ESP32_REV3", 0, 16 * Mega, TwoFirmwares(app: 0x240000, deploy: 0x2B0000, config: 0x600000)),

            // nanoCLR 64 KB further up than nanoFramework has it, which makes room for the slot record (docs/stm32.md).
            new("stm32f769-2mb", "ST_STM32F769I_DISCOVERY", 0, 2 * Mega, new(
            [
                new("config", Data, LittleFs, 0x8000, 0x8000),
                new("ota_state", Data, OtaState, 0x10000, 0x10000),
                new("factory", App, Factory, 0x20000, 0xA0000),
                new("deploy_0", Data, Deploy, 0xC0000, 0x80000),
                new("deploy_1", Data, Deploy, 0x140000, 0x80000),
                new("ota_journal", Data, OtaJournal, 0x1C0000, 0x40000),
            ]))
            {
                Sectors = new FlashSectors([32 * Kilo, 32 * Kilo, 32 * Kilo, 32 * Kilo, 128 * Kilo, .. Enumerable.Repeat(256 * Kilo, 7)]),
            },
        ];

        /// <summary>nanoFramework's own for ESP32 boards with 4 MB: one deployment, which holds the loader, and the internal drive.</summary>
        public static FlashLayout Stock { get; } = new("stock-4mb", "ESP32_REV3", 0, 4 * Mega, new(
        [
            new("nvs", Data, Nvs, 0x9000, 0x6000),
            new("phy_init", Data, Phy, 0xF000, 0x1000),
            new("factory", App, Factory, 0x10000, 0x1D0000),
            new("deploy", Data, Deploy, 0x1E0000, 0x1C0000),
            new("config", Data, LittleFs, 0x3C0000, 0x40000),
        ]));

        /// <summary>The layout of this name, stock included; null when there is none.</summary>
        public static FlashLayout? Find(string name)
        {
            return All.Append(Stock).FirstOrDefault(layout => layout.Name == name);
        }

        /// <summary>Two firmware and two deployment slots one behind the other, from 0x20000 on; what comes before is common to all.</summary>
        private static PartitionTable TwoFirmwares(uint app, uint deploy, uint config)
        {
            const uint First = 0x20000;
            uint deployments = First + (2 * app);
            return new PartitionTable(
            [
                new("nvs", Data, Nvs, 0x9000, 0x6000),
                new("otadata", Data, OtaData, 0xF000, 0x2000),
                new("phy_init", Data, Phy, 0x11000, 0x1000),
                new("ota_state", Data, OtaState, 0x12000, 0x8000),
                new("ota_0", App, Ota0, First, app),
                new("ota_1", App, Ota0 + 1, First + app, app),
                new("deploy_0", Data, Deploy, deployments, deploy),
                new("deploy_1", Data, Deploy, deployments + deploy, deploy),
                new("config", Data, LittleFs, deployments + (2 * deploy), config),
            ]);
        }
    }
}
