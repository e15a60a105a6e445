namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>A direct method that was called.</summary>
    public sealed class HubMethodCall
    {
        /// <summary>What the device answered with, 200 or 504; null when it has not, as it does when it knows no such method.</summary>
        public int? Status { get; internal set; }

        /// <summary>The answer.</summary>
        public string? Payload { get; internal set; }
    }
}
