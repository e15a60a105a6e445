namespace nanoOta.Hub.Tests
{
    /// <summary>A link to a device that notes what comes, and does nothing with it.</summary>
    internal sealed class Deaf : IDeviceLink
    {
        public List<string> Topics { get; } = [];

        public void Deliver(string topic, byte[] payload) => Topics.Add(topic);

        public void Replaced()
        {
        }

        public void Close()
        {
        }
    }
}
