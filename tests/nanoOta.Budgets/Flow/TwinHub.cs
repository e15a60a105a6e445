extern alias StandIns;

using nanoOta.VirtualDevice.Cloud;
using StandIns::nanoFramework.Azure.Devices.Client;

namespace nanoOta.Budgets.Flow
{
    /// <summary>A local IoT hub, and the twin channel that a device has on it.</summary>
    internal static class TwinHub
    {
        private const string Host = "hub.example";
        private const string DeviceId = "virtual";
        private const string Key = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

        /// <summary>A hub whose twin has the update request, and other properties of so many bytes.</summary>
        public static LocalHub Make(int otherBytes = 0)
        {
            var hub = new LocalHub(Host, DeviceId, Key);
            hub.Twin.ReplaceDesired(otherBytes == 0 ? Offers.Desired : $$"""{"other":"{{new string('x', otherBytes)}}",{{Offers.Desired[1..]}}""");
            return hub;
        }

        /// <summary>A device's connection to the hub, as an application makes it.</summary>
        public static HubConnection Connect(UpdateAgentOptions options) => new(options, () => new DeviceClient(Host, DeviceId, Key));
    }
}
