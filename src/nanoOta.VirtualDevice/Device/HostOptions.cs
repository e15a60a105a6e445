namespace nanoOta.VirtualDevice
{
    /// <summary>Options of an agent that runs on a PC: with the managed SHA-256 and RS256, whose states are those of the native ones.</summary>
    public static class HostOptions
    {
        /// <summary>Makes options.</summary>
        /// <param name="deviceId">The device's id.</param>
        public static UpdateAgentOptions Create(string deviceId = "virtual")
        {
            return new UpdateAgentOptions { DeviceId = deviceId, Hasher = new ManagedHasher(), RsaVerifier = new ManagedRsaVerifier() };
        }
    }
}
