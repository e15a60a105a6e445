namespace nanoOta.StandIns
{
    /// <summary>Device code waits for what can never come; on a device it would hang here.</summary>
    public sealed class DeviceHangException(string message) : Exception(message);
}
