namespace System.Net.Security
{
    /// <summary>Versions of TLS. Firmware of today speaks 1.2 and 1.3 only.</summary>
    [Flags]
    public enum SslProtocols
    {
        /// <summary>1.3, on firmware of today.</summary>
        None = 0,

        /// <summary>Means 1.2.</summary>
        [Obsolete("This value is obsolete and unsecured and will be removed in a future version.")]
        Tls = 192,

        /// <summary>Means 1.2.</summary>
        [Obsolete("This value is obsolete and unsecured and will be removed in a future version.")]
        Tls11 = 768,

        /// <summary>TLS 1.2.</summary>
        Tls12 = 3072,

        /// <summary>TLS 1.3.</summary>
        Tls13 = 12288,
    }
}
