namespace System.Net.Security
{
    /// <summary>Whether the server's certificate is looked at. Only <see cref="CertificateRequired"/> makes the device do so.</summary>
    public enum SslVerification
    {
        /// <summary>Accepts any server.</summary>
        NoVerification = 1,

        /// <summary>Accepts any server, whatever its name says.</summary>
        VerifyPeer = 2,

        /// <summary>Chain, host name and dates must be right.</summary>
        CertificateRequired = 4,

        /// <summary>Accepts any server.</summary>
        VerifyClientOnce = 8,
    }
}
