namespace nanoOta.VirtualDevice.Images
{
    /// <summary>Espressif's chip numbers, as images carry them (esp_chip_id_t of ESP-IDF 10212290, IMAGE_CHIP_ID of esptool bb72741f).</summary>
    public static class EspChips
    {
        private static readonly Dictionary<ushort, string> _names = new()
        {
            [0] = "ESP32",
            [2] = "ESP32-S2",
            [5] = "ESP32-C3",
            [9] = "ESP32-S3",
            [12] = "ESP32-C2",
            [13] = "ESP32-C6",
            [16] = "ESP32-H2",
            [18] = "ESP32-P4",
            [20] = "ESP32-C61",
            [23] = "ESP32-C5",
            [25] = "ESP32-H21",
            [28] = "ESP32-H4",
            [31] = "ESP32-E22",
            [32] = "ESP32-S31",
        };

        /// <summary>The chip's name; null for a number that is none.</summary>
        public static string? Name(ushort chipId)
        {
            return _names.GetValueOrDefault(chipId);
        }
    }
}
