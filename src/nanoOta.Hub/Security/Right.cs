namespace nanoOta.Hub
{
    /// <summary>What a policy of the hub allows.</summary>
    [Flags]
    public enum Right
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>To read device identities.</summary>
        RegistryRead = 1,

        /// <summary>To change device identities.</summary>
        RegistryWrite = 2,

        /// <summary>Twins, methods, queries, configurations, jobs.</summary>
        ServiceConnect = 4,

        /// <summary>To connect as any device.</summary>
        DeviceConnect = 8,
    }

    /// <summary>The policies that a new IoT hub has.</summary>
    public static class Policies
    {
        /// <summary>The policy that allows everything.</summary>
        public const string Owner = "iothubowner";

        /// <summary>Every policy with its rights.</summary>
        public static IReadOnlyDictionary<string, Right> All { get; } = new Dictionary<string, Right>
        {
            [Owner] = Right.RegistryRead | Right.RegistryWrite | Right.ServiceConnect | Right.DeviceConnect,
            ["service"] = Right.ServiceConnect,
            ["device"] = Right.DeviceConnect,
            ["registryRead"] = Right.RegistryRead,
            ["registryReadWrite"] = Right.RegistryRead | Right.RegistryWrite,
        };
    }
}
