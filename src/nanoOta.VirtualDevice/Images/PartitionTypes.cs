namespace nanoOta.VirtualDevice.Images
{
    /// <summary>Types and subtypes of partitions: ESP-IDF's (esp_partition.h), nanoFramework's and ours.</summary>
    public static class PartitionTypes
    {
        /// <summary>Type of firmware.</summary>
        public const byte App = 0;

        /// <summary>Type of all else.</summary>
        public const byte Data = 1;

        /// <summary>App: the firmware of a device without update slots.</summary>
        public const byte Factory = 0x00;

        /// <summary>App: ota_0; ota_1 to ota_15 follow.</summary>
        public const byte Ota0 = 0x10;

        /// <summary>Data: ESP-IDF's record of the firmware slot in use, always 0x2000 bytes.</summary>
        public const byte OtaData = 0x00;

        /// <summary>Data: calibration of the radio.</summary>
        public const byte Phy = 0x01;

        /// <summary>Data: key-value store.</summary>
        public const byte Nvs = 0x02;

        /// <summary>Data: a file system; nanoFramework keeps its configuration in the one labelled "config".</summary>
        public const byte LittleFs = 0x83;

        /// <summary>Data: nanoFramework's managed application. In ESP-IDF's names it has none.</summary>
        public const byte Deploy = 0x84;

        /// <summary>Data: slot record and journal of nanoOta.</summary>
        public const byte OtaState = 0x87;

        /// <summary>Where the journal has a place of its own.</summary>
        public const byte OtaJournal = 0x88;

        internal const byte Bootloader = 2;
        internal const byte Table = 3;
        internal const byte Primary = 0;
        internal const byte Recovery = 2;
        internal const byte Coredump = 3;
        internal const byte TeeOtaData = 0x90;

        private static readonly Dictionary<string, byte> _types = new() { ["app"] = App, ["data"] = Data, ["bootloader"] = Bootloader, ["partition_table"] = Table };

        private static readonly Dictionary<(byte Type, string Name), byte> _subtypes = NamedSubtypes();

        /// <summary>The name that csv files use, or "0x…".</summary>
        public static string TypeName(byte type)
        {
            return _types.FirstOrDefault(t => t.Value == type).Key ?? $"0x{type:x2}";
        }

        /// <summary>The name that csv files use, or "0x…".</summary>
        public static string SubtypeName(byte type, byte subtype)
        {
            return _subtypes.FirstOrDefault(s => s.Key.Type == type && s.Value == subtype).Key.Name ?? $"0x{subtype:x2}";
        }

        /// <summary>Whether this is the bootloader or the table itself, which a table may list.</summary>
        internal static bool IsPrimary(Partition partition)
        {
            return partition.Type is Bootloader or Table && partition.Subtype == Primary;
        }

        internal static byte? TypeOf(string name)
        {
            return _types.TryGetValue(name, out byte type) ? type : null;
        }

        internal static byte? SubtypeOf(byte type, string name)
        {
            return _subtypes.TryGetValue((type, name), out byte subtype) ? subtype : null;
        }

        private static Dictionary<(byte, string), byte> NamedSubtypes()
        {
            var names = new Dictionary<(byte, string), byte>
            {
                [(App, "factory")] = Factory,
                [(App, "test")] = 0x20,
                [(App, "tee_0")] = 0x30,
                [(App, "tee_1")] = 0x31,
                [(Data, "ota")] = OtaData,
                [(Data, "phy")] = Phy,
                [(Data, "nvs")] = Nvs,
                [(Data, "coredump")] = Coredump,
                [(Data, "nvs_keys")] = 0x04,
                [(Data, "efuse")] = 0x05,
                [(Data, "undefined")] = 0x06,
                [(Data, "esphttpd")] = 0x80,
                [(Data, "fat")] = 0x81,
                [(Data, "spiffs")] = 0x82,
                [(Data, "littlefs")] = LittleFs,
                [(Data, "tee_ota")] = TeeOtaData,
                [(Bootloader, "primary")] = 0x00,
                [(Bootloader, "ota")] = 0x01,
                [(Bootloader, "recovery")] = 0x02,
                [(Table, "primary")] = 0x00,
                [(Table, "ota")] = 0x01,
            };
            for (byte slot = 0; slot < 16; slot++)
            {
                names[(App, $"ota_{slot}")] = (byte)(Ota0 + slot);
            }

            return names;
        }
    }
}
