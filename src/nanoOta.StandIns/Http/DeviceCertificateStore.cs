namespace nanoOta.StandIns
{
    /// <summary>The CA certificates in the device's configuration block.</summary>
    public static class DeviceCertificateStore
    {
        private static readonly AsyncLocal<byte[]?> _roots = new();

        /// <summary>
        /// PEM certificates one after the other with a terminating zero byte, or one DER certificate; empty at first.
        /// What cannot be read counts for nothing, as on the device.
        /// </summary>
        public static byte[] Roots
        {
            get => _roots.Value ?? [];
            set => _roots.Value = value;
        }
    }
}
