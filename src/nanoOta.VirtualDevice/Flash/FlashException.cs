namespace nanoOta.VirtualDevice.Flash
{
    /// <summary>The software asked something of the flash that no such chip does: a defect of the software.</summary>
    public sealed class FlashException(string message) : Exception(message);
}
