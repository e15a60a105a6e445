using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Hub.Tests
{
    /// <summary>Virtual devices with the channel that ships, over TLS and MQTT to the hub, as boards on a LAN.</summary>
    [Collection(FleetTests.OneByOne)]
    public sealed class LiveFleetTests : IDisposable
    {
        private const int Speed = 4;
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

        private readonly HubScene _scene = new();
        private readonly Releases _releases = new();
        private readonly X509Certificate2 _authority;
        private readonly X509Certificate2 _certificate;
        private readonly MqttEndpoint _mqtt;
        private readonly CachedFiles _files = new();
        private readonly List<LiveDevice> _devices = [];

        public LiveFleetTests()
        {
            (_authority, _certificate) = Certificates();
            _mqtt = new MqttEndpoint(_scene.Hub, IPAddress.Loopback, 0, _certificate);
        }

        public void Dispose()
        {
            _devices.AsParallel().WithDegreeOfParallelism(64).ForAll(device => device.Dispose());
            _mqtt.Dispose();
            _scene.Dispose();
            _files.Dispose();
            _releases.Dispose();
            _certificate.Dispose();
            _authority.Dispose();
        }

        [Fact]
        public void Two_hundred_devices_update_themselves_over_real_MQTT_and_the_bad_ones_roll_back()
        {
            const int Devices = 200;
            _releases.Publish("1.1.0", 1);
            Start(Devices);
            Wait(Devices, "connectionState = 'Connected' AND properties.reported.ota.current = '1.0.0'");
            int failing = _scene.Hub.DeviceIds.Count(Fails);
            Assert.InRange(failing, 5, 35);

            string content = $$$$"""{"content":{"deviceContent":{"properties.desired.updateVersion":"1.1.0","properties.desired.updateUrl":"{{{{_releases.Url}}}}"}},"targetCondition":"*"}""";
            Assert.Equal(200, _scene.Client.Put("/configurations/all", content).Status);
            _scene.Hub.Advance(TimeSpan.FromMinutes(1));
            Wait(Devices, "properties.reported.ota.state = 'idle' AND is_defined(properties.reported.ota.last.code)");
            Assert.Equal(Devices - failing, Count("properties.reported.ota.current = '1.1.0' AND properties.reported.ota.last.code = 1"));
            Assert.Equal(failing, Count("properties.reported.ota.current = '1.0.0' AND properties.reported.ota.last.code = 700"));
            Assert.Equal(Devices, Count("connectionState = 'Connected'"));
        }

        [Fact]
        public async Task A_device_answers_a_direct_method_and_comes_back_after_the_hub_was_away()
        {
            Start(1);
            Wait(1, "connectionState = 'Connected' AND properties.reported.ota.current = '1.0.0'");
            HubAnswer answer = await _scene.Client.SendAsync("POST", "/twins/live-000/methods", """{"methodName":"status","payload":null,"connectTimeoutInSeconds":20}""");
            Assert.Equal("1.0.0", (string?)answer.Json["payload"]!["current"]);
            _scene.Client.Put("/devices/live-000", Identity("disabled"), "*");
            Wait(0, "connectionState = 'Connected'");
            _scene.Client.Put("/devices/live-000", Identity("enabled"), "*");
            Wait(1, "connectionState = 'Connected'");
        }

        private static bool Fails(string id) => FleetSettings.IsAmong(id, "1.1.0", 10);

        private string Identity(string status)
        {
            JsonObject identity = _scene.Client.Get("/devices/live-000").Json.AsObject();
            identity["status"] = status;
            return identity.ToJsonString();
        }

        private void Start(int count)
        {
            FlashLayout layout = FlashLayouts.Find("esp32-4mb")!;
            NorFlash factory = DeviceFactory.Make(layout, SampleImages.Deployment(new AssemblyVersion(1, 0), 32 * 1024), null);
            for (int number = 0; number < count; number++)
            {
                string id = $"live-{number:D3}";
                _scene.AddDevice(id, """{"product":"washer"}""");
                string key = (string)_scene.Hub.GetDevice(id).Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
                var connection = new LiveConnection("127.0.0.1", _mqtt.Port, id, key, _authority, Speed);
                _devices.Add(new LiveDevice(connection, factory.Copy(), layout, _ => _files.Connect(), _ => Fails(id)));
            }
        }

        private void Wait(int count, string where)
        {
            bool came = SpinWait.SpinUntil(() =>
            {
                Thread.Sleep(100);
                Assert.Null(_devices.Find(device => device.Failure != null)?.Failure);
                return Count(where) == count;
            }, _patience);
            Assert.True(came, $"{Count(where)} instead of {count} devices: {where}");
        }

        private int Count(string where) => (int)_scene.Hub.Ask($"SELECT COUNT() AS n FROM devices WHERE {where}", 0, 1).Rows[0]["n"]!;

        private static (X509Certificate2 Authority, X509Certificate2 Server) Certificates()
        {
            using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var root = new CertificateRequest("CN=test", rootKey, HashAlgorithmName.SHA256);
            root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            X509Certificate2 authority = root.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var server = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            server.CertificateExtensions.Add(names.Build());
            using X509Certificate2 bare = server.Create(authority, authority.NotBefore, authority.NotAfter, [1]);
            using X509Certificate2 withKey = bare.CopyWithPrivateKey(key);
            return (authority, X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null));
        }
    }
}
