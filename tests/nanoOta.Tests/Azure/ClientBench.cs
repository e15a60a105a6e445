using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Azure
{
    /// <summary>A hub, a clock that stands unless something waits, and clients that note what happens to them.</summary>
    internal sealed class ClientBench
    {
        internal const string Host = "hub.example";
        internal const string Key = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

        internal ClientBench()
        {
            DeviceClock.Current = Clock;
            DeviceCloud.Hub = Hub;
        }

        /// <summary>As if no token were given.</summary>
        internal static CancellationToken Never => default;

        internal VirtualClock Clock { get; } = new(new DateTime(2026, 11, 20, 10, 0, 0, DateTimeKind.Utc)) { FollowsHost = false };

        internal LocalHub Hub { get; private set; } = new(Host, "washer", Key);

        /// <summary>What StatusUpdated told, one word each.</summary>
        internal List<HubStatus> Heard { get; } = [];

        /// <summary>The messages that came along.</summary>
        internal List<string?> Messages { get; } = [];

        internal DeviceClient NewClient()
        {
            Clients++;
            DeviceClient client = new(Host, "washer", Key);
            client.StatusUpdated += (_, e) =>
            {
                Heard.Add(e.IoTHubStatus.Status);
                Messages.Add(e.IoTHubStatus.Message);
            };
            return client;
        }

        /// <summary>Clients made, connected or not.</summary>
        internal int Clients { get; private set; }

        /// <summary>The device is deleted in the hub and made anew.</summary>
        internal void Renew(string desired)
        {
            Hub.Drop();
            DeviceCloud.Hub = Hub = new LocalHub(Host, "washer", Key);
            Hub.Twin.ReplaceDesired(desired);
        }

        /// <summary>A client that is connected; what it took for that is forgotten.</summary>
        internal DeviceClient Connected()
        {
            DeviceClient client = NewClient();
            Assert.True(client.Open());
            Heard.Clear();
            Messages.Clear();
            return client;
        }

        /// <summary>A token that ends a wait after a time.</summary>
        internal static CancellationToken After(int milliseconds) => new DeviceToken(milliseconds).Token;
    }
}
