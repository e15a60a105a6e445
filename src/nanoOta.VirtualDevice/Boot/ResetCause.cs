namespace nanoOta.VirtualDevice.Boot
{
    /// <summary>Why the device boots, as the chip tells.</summary>
    public enum ResetCause
    {
        /// <summary>The power came on.</summary>
        PowerOn,

        /// <summary>The software asked for it.</summary>
        Software,

        /// <summary>The software crashed.</summary>
        Panic,

        /// <summary>The trial watchdog struck.</summary>
        Watchdog,
    }
}
