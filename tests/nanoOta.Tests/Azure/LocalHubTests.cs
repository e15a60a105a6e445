using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Azure
{
    /// <summary>The hub that tests, the virtual device and the tool talk with.</summary>
    public sealed class LocalHubTests
    {
        private readonly ClientBench _bench = new();

        [Fact]
        public void A_second_connection_of_the_device_ends_the_first()
        {
            DeviceClient first = _bench.Connected();
            DeviceClient second = _bench.NewClient();

            Assert.True(second.Open());
            _bench.Clock.Skip(1000);

            Assert.False(first.IsConnected);
            Assert.True(second.IsConnected);
            Assert.Equal(1, _bench.Hub.HeldSessions);
        }

        [Fact]
        public void A_signature_that_runs_out_ends_the_connection()
        {
            long expiry = new DateTimeOffset(_bench.Clock.UtcNow).ToUnixTimeSeconds() + 60;
            const string Resource = "hub.example%2Fdevices%2Fwasher";
            byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(ClientBench.Key), Encoding.UTF8.GetBytes($"{Resource}\n{expiry}"));
            string password = $"SharedAccessSignature sr={Resource}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}";
            Link link = new();

            _bench.Hub.Connect(new MqttConnect(ClientBench.Host, 8883, "washer", "", password, false, 60), link);
            _bench.Clock.Skip(59_999);
            Assert.Equal(["accept"], link.Happened);
            _bench.Clock.Skip(1);

            Assert.Equal(["accept", "drop"], link.Happened);
            Assert.False(_bench.Hub.IsOnline);
        }

        [Fact]
        public void A_device_with_a_certificate_shows_no_signature()
        {
            LocalHub hub = new(ClientBench.Host, "washer", null);
            DeviceCloud.Hub = hub;

            Assert.True(new DeviceClient(ClientBench.Host, "washer", (DeviceCertificate2?)null).Open());
            Assert.False(new DeviceClient(ClientBench.Host, "washer", ClientBench.Key).Open());
        }

        [Fact]
        public void Another_device_is_not_known()
        {
            Assert.False(new DeviceClient(ClientBench.Host, "dryer", ClientBench.Key).Open());
        }

        [Fact]
        public void Patches_merge_and_keep_their_spelling()
        {
            _bench.Hub.PatchDesired("""{"a":{"b":1,"c":"\u002B"},"d":1e3}""");
            _bench.Hub.PatchDesired("""{"a":{"b":null,"e":[1, 2]},"f":"x"}""");
            _bench.Hub.PatchDesired("""{"d":null}""");

            Assert.Equal("""{"a":{"c":"\u002B","e":[1, 2]},"f":"x"}""", _bench.Hub.Twin.Desired.ToString());
            Assert.Equal(4, _bench.Hub.Twin.DesiredVersion);
        }

        [Fact]
        public void A_device_hears_of_a_patch_what_changed()
        {
            DeviceClient client = _bench.Connected();
            List<string> patches = [];
            client.TwinUpdated += (_, e) => patches.Add(e.Twin.ToJson());

            _bench.Hub.PatchDesired(" {\"a\":1} ");
            _bench.Hub.PatchDesired("{}");
            _bench.Hub.ReplaceDesired("""{"b":2}""");
            _bench.Clock.Skip(1000);

            Assert.Equal(["""{"a":1,"$version":2}""", """{"$version":3}""", """{"b":2,"$version":4}"""], patches);
        }

        [Fact]
        public void A_report_of_null_removes_a_property()
        {
            DeviceClient client = _bench.Connected();
            DeviceTwinCollection report = new();
            report["a"] = "x";
            report["b"] = "y";
            client.UpdateReportedProperties(report, ClientBench.After(1000));
            report["a"] = null;
            client.UpdateReportedProperties(report, ClientBench.After(1000));

            Assert.Equal("""{"b":"y"}""", _bench.Hub.Twin.Reported.ToString());
            Assert.Equal(3, _bench.Hub.Twin.ReportedVersion);
        }

        [Fact]
        public void A_report_that_is_no_JSON_is_refused()
        {
            DeviceClient client = _bench.Connected();
            DeviceTwinCollection report = new();
            report["a\"b"] = 1;

            client.UpdateReportedProperties(report, ClientBench.After(1000));
            _bench.Clock.Skip(1000);

            Assert.Equal([HubStatus.TwinUpdated, HubStatus.TwinUpdateError], _bench.Heard);
            Assert.Equal("{}", _bench.Hub.Twin.Reported.ToString());
        }

        private sealed class Link : IMqttLink
        {
            internal List<string> Happened { get; } = [];

            public bool IsHeld => true;

            public void Accept(int afterMilliseconds) => Happened.Add("accept");

            public void Refuse(byte returnCode, int afterMilliseconds) => Happened.Add("refuse");

            public void Acknowledge(ushort packetId, int afterMilliseconds) => Happened.Add("acknowledge");

            public void Deliver(string topic, byte[] payload, int afterMilliseconds) => Happened.Add("deliver");

            public void Drop(int afterMilliseconds) => Happened.Add("drop");
        }
    }
}
