using System.Net;

namespace nanoOta.Hub.Tests
{
    /// <summary>A hub with its MQTT side without TLS, and two devices, d1 and d2.</summary>
    internal sealed class MqttScene : IDisposable
    {
        private readonly HubScene _scene;
        private readonly MqttEndpoint _mqtt;
        private readonly List<RawDevice> _devices = [];

        public MqttScene(HubOptions options)
        {
            _scene = new HubScene(options);
            _mqtt = new MqttEndpoint(_scene.Hub, IPAddress.Loopback, 0, certificate: null);
            _scene.AddDevice("d1");
            _scene.AddDevice("d2");
        }

        public IotHub Hub => _scene.Hub;

        public HubClient Client => _scene.Client;

        /// <summary>A device that connects, and subscribes if asked to.</summary>
        public RawDevice Connect(string id, bool subscribes = true, bool keepsSession = false, string query = "?api-version=2021-04-12")
        {
            string key = (string)Hub.GetDevice(id).Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
            string token = SasToken.Sign($"127.0.0.1/devices/{id}", key, Hub.Clock.Real.AddHours(1), null);
            (RawDevice device, int code) = RawDevice.Connect(_mqtt.Port, id, $"127.0.0.1/{id}/{query}", token, keepsSession: keepsSession);
            _devices.Add(device);
            Assert.Equal(0, code);
            if (subscribes)
            {
                device.SubscribeAll();
            }

            return device;
        }

        /// <summary>Changes the desired properties of d1.</summary>
        public void Write(int value) => Assert.Equal(200, Client.Patch("/twins/d1", $$$$"""{"properties":{"desired":{"a":{{{{value}}}}}}}""").Status);

        public void Dispose()
        {
            _devices.ForEach(device => device.Dispose());
            _mqtt.Dispose();
            _scene.Dispose();
        }
    }
}
