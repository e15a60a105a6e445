namespace nanoOta.Hub
{
    /// <summary>What a fleet of virtual devices is.</summary>
    public sealed class FleetSettings
    {
        /// <summary>How many devices.</summary>
        public required int Count { get; init; }

        /// <summary>What their ids begin with; a number follows.</summary>
        public string Prefix { get; init; } = "sim-";

        /// <summary>The tag <c>product</c>.</summary>
        public string Product { get; init; } = "washer";

        /// <summary>The tag <c>group</c> of the device with this number, from 0.</summary>
        public Func<int, string> Group { get; init; } = number => number % 20 == 0 ? "canary" : "field";

        /// <summary>The version that they run as they leave the factory, three numbers.</summary>
        public string Version { get; init; } = "1.0.0";

        /// <summary>Bytes of that version's image, a multiple of 4.</summary>
        public int ImageSize { get; init; } = 32 * 1024;

        /// <summary>The flash layout.</summary>
        public string Layout { get; init; } = "esp32-4mb";

        /// <summary>Whether a version fails its self-test on a device; devices run one after the other, each on a thread of its own choosing.</summary>
        public Func<string, string, bool> Fails { get; init; } = (_, _) => false;

        /// <summary>Changes the options of each device's agent.</summary>
        public Action<UpdateAgentOptions>? Configure { get; init; }

        /// <summary>Whether a device (by its id) and a version belong to a share of devices, always the same ones for the same version.</summary>
        /// <param name="id">The device.</param>
        /// <param name="version">The version.</param>
        /// <param name="percent">The share, 0 to 100.</param>
        public static bool IsAmong(string id, string version, double percent)
        {
            // FNV-1a, and its upper bits folded down: evenly spread for ids that differ in a digit.
            uint hash = 2166136261;
            foreach (char c in $"{id}/{version}")
            {
                hash = (hash ^ c) * 16777619;
            }

            hash ^= hash >> 15;
            hash *= 0x2C1B3C6D;
            hash ^= hash >> 13;
            return hash % 10000 < percent * 100;
        }
    }
}
