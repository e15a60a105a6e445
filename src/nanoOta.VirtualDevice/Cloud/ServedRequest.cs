using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>A request that was answered.</summary>
    /// <param name="Path">What was asked for, without leading slash and query.</param>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Offset">The first byte of the file that was sent.</param>
    /// <param name="Device">Who says it asks; null: it does not say.</param>
    /// <param name="Client">The client's IP address.</param>
    public sealed record ServedRequest(string Path, int Status, int Offset, string? Device, string Client);

    /// <summary>A report as it came, not yet read.</summary>
    /// <param name="Device">Who says it reports; null: it does not say.</param>
    /// <param name="Client">The client's IP address.</param>
    /// <param name="Body">What it says.</param>
    public sealed record ReceivedReport(string? Device, string Client, byte[] Body);

    /// <summary>Where a <see cref="FileServer"/> listens.</summary>
    /// <param name="Address">The address, or <see cref="IPAddress.Any"/>.</param>
    /// <param name="Port">The TCP port; 0: any free one.</param>
    /// <param name="Certificate">The certificate with its key, for https; null: http.</param>
    public sealed record FileServerAddress(IPAddress Address, int Port, X509Certificate2? Certificate);
}
