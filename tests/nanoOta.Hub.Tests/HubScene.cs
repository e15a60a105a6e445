using System.Net;
using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>A hub with its REST side, on the loopback address, and a client with the owner's rights.</summary>
    internal sealed class HubScene : IDisposable
    {
        private readonly HubServer _server;

        public HubScene(HubOptions? options = null)
        {
            Hub = new IotHub(options ?? Quick());
            _server = new HubServer(Hub, IPAddress.Loopback, 0);
            Client = new HubClient(Hub.ConnectionString(Policies.Owner, _server.Port), Hub.Clock);
        }

        public IotHub Hub { get; }

        public HubClient Client { get; }

        public int Port => _server.Port;

        /// <summary>A hub without limits and lags; what waits for minutes does so as IoT Hub's.</summary>
        public static HubOptions Quick(string? file = null, int units = 0)
        {
            return new HubOptions { StateFile = file, Units = units, IndexLag = TimeSpan.Zero, FirstEvaluation = TimeSpan.FromMinutes(1) };
        }

        public HubClient As(string policy) => new(Hub.ConnectionString(policy, Port), Hub.Clock);

        /// <summary>Makes a device with tags.</summary>
        public void AddDevice(string id, string tags = "{}")
        {
            Hub.PutDevice(id, [], null);
            Hub.PatchTwin(id, new JsonObject { ["tags"] = JsonNode.Parse(tags) }, null);
        }

        public void Dispose()
        {
            Client.Dispose();
            _server.Dispose();
            Hub.Dispose();
        }
    }
}
