using System.Net;
using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>What a device sees of the hub over real MQTT 3.1.1, without TLS.</summary>
    public sealed class DeviceSideTests : IDisposable
    {
        private readonly ManualTime _time = new();
        private readonly HubScene _scene;
        private readonly MqttEndpoint _mqtt;
        private readonly List<RawDevice> _devices = [];

        public DeviceSideTests()
        {
            _scene = new HubScene(new HubOptions { Units = 0, IndexLag = TimeSpan.Zero, Time = _time });
            _mqtt = new MqttEndpoint(_scene.Hub, IPAddress.Loopback, 0, certificate: null);
            _scene.AddDevice("d1");
            _scene.AddDevice("d2");
        }

        public void Dispose()
        {
            _devices.ForEach(device => device.Dispose());
            _mqtt.Dispose();
            _scene.Dispose();
        }

        [Fact]
        public void A_device_with_its_key_is_accepted()
        {
            RawDevice device = Connect("d1");
            Assert.True(device.IsConnected);
            Assert.Equal("Connected", (string?)_scene.Client.Get("/twins/d1").Json["connectionState"]);
            device.Dispose();
            Assert.True(SpinWait.SpinUntil(() => (string?)_scene.Client.Get("/twins/d1").Json["connectionState"] == "Disconnected", TimeSpan.FromMinutes(2)));
        }

        [Theory]
        [InlineData("expired")]
        [InlineData("other key")]
        [InlineData("other device")]
        [InlineData("other host")]
        [InlineData("unknown device")]
        [InlineData("user name of another device")]
        [InlineData("no api-version")]
        [InlineData("no password")]
        [InlineData("disabled")]
        public void What_proves_nothing_is_refused_with_5(string what)
        {
            string id = what == "unknown device" ? "nobody" : "d1";
            string key = what is "other key" or "unknown device" ? Convert.ToBase64String(new byte[32]) : Key("d1");
            string host = what == "other host" ? "other.azure-devices.net" : "127.0.0.1";
            string resource = $"{host}/devices/{(what == "other device" ? "d2" : id)}";
            string user = $"127.0.0.1/{(what.StartsWith("user", StringComparison.Ordinal) ? "d2" : id)}/{(what == "no api-version" ? "?x=1" : "?api-version=2021-04-12")}";
            if (what == "disabled")
            {
                _scene.Client.Put("/devices/d1", $$$$"""{"status":"disabled","authentication":{"symmetricKey":{"primaryKey":"{{{{key}}}}"}}}""", "*");
            }

            DateTime expires = _time.GetUtcNow().UtcDateTime.AddSeconds(what == "expired" ? -1 : 3600);
            Assert.Equal(5, Try(id, user, what == "no password" ? null : SasToken.Sign(resource, key, expires, null)).Code);
        }

        [Fact]
        public void A_disabled_device_is_refused_with_3_where_the_hub_is_set_so()
        {
            using var scene = new HubScene(new HubOptions { Units = 0, DisabledDeviceCode = 3 });
            using var mqtt = new MqttEndpoint(scene.Hub, IPAddress.Loopback, 0, certificate: null);
            scene.Client.Put("/devices/d1", """{"status":"disabled"}""");
            string key = (string)scene.Client.Get("/devices/d1").Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
            (RawDevice device, int code) = RawDevice.Connect(mqtt.Port, "d1", User("d1"), SasToken.Sign("127.0.0.1/devices/d1", key, DateTime.UtcNow.AddHours(1), null));
            device.Dispose();
            Assert.Equal(3, code);
        }

        [Fact]
        public void A_policy_of_the_hub_may_connect_a_device()
        {
            string key = _scene.Hub.ConnectionString("device", 1).Split(';')[2]["SharedAccessKey=".Length..];
            string service = _scene.Hub.ConnectionString("service", 1).Split(';')[2]["SharedAccessKey=".Length..];
            Assert.Equal(0, Try("d1", User("d1"), SasToken.Sign("127.0.0.1/devices/d1", key, Later, "device")).Code);
            Assert.Equal(5, Try("d1", User("d1"), SasToken.Sign("127.0.0.1/devices/d1", service, Later, "service")).Code);
        }

        [Fact]
        public void The_twin_comes_without_tags_and_metadata_and_with_the_request_id_as_it_was()
        {
            _scene.Client.Patch("/twins/d1", """{"tags":{"a":1},"properties":{"desired":{"updateVersion":"1.1.0"}}}""");
            RawDevice device = ConnectAndSubscribe("d1");
            device.Publish("$iothub/twin/GET/?$rid=0c5b-ff", "");
            (string topic, string payload) = device.Receive();
            Assert.Equal("$iothub/twin/res/200/?$rid=0c5b-ff", topic);
            Assert.Equal("""{"desired":{"updateVersion":"1.1.0","$version":2},"reported":{"$version":1}}""", payload);
        }

        [Fact]
        public void A_report_is_answered_with_204_and_the_version_behind_the_request_id()
        {
            RawDevice device = ConnectAndSubscribe("d1");
            device.Publish("$iothub/twin/PATCH/properties/reported/?$rid=7", """{"ota":{"current":"1.0.0","gone":null}}""");
            (string topic, string payload) = device.Receive();
            Assert.Equal("$iothub/twin/res/204/?$rid=7&$version=2", topic);
            Assert.Equal("", payload);
            Assert.Equal("1.0.0", (string?)_scene.Client.Get("/twins/d1").Json["properties"]!["reported"]!["ota"]!["current"]);
            Assert.Equal("d1", _scene.Client.Query("SELECT deviceId FROM devices WHERE properties.reported.ota.current = '1.0.0'").Ids);
        }

        [Theory]
        [InlineData("[1]")]
        [InlineData("""{"a":""")]
        [InlineData("""{"a.b":1}""")]
        public void A_malformed_report_is_answered_with_400_and_a_body(string report)
        {
            RawDevice device = ConnectAndSubscribe("d1");
            device.Publish("$iothub/twin/PATCH/properties/reported/?$rid=7", report);
            (string topic, string payload) = device.Receive();
            Assert.Equal("$iothub/twin/res/400/?$rid=7", topic);
            Assert.NotNull(JsonNode.Parse(payload)!["errorCode"]);
        }

        [Fact]
        public void A_desired_patch_comes_as_it_was_written_nulls_included_and_to_one_device_alone()
        {
            RawDevice device = ConnectAndSubscribe("d1");
            RawDevice other = ConnectAndSubscribe("d2");
            _scene.Client.Patch("/twins/d1", """{"properties":{"desired":{"updateVersion":"1.1.0","old":null}}}""");
            (string topic, string payload) = device.Receive();
            Assert.Equal("$iothub/twin/PATCH/properties/desired/?$version=2", topic);
            Assert.Equal("""{"updateVersion":"1.1.0","old":null,"$version":2}""", payload);
            other.Publish("$iothub/twin/GET/?$rid=1", "");
            Assert.StartsWith("$iothub/twin/res/200", other.Receive().Topic);
            Assert.True(other.IsEmpty);
        }

        [Fact]
        public void A_patch_is_not_replayed_to_a_device_that_was_away()
        {
            _scene.Client.Patch("/twins/d1", """{"properties":{"desired":{"updateVersion":"1.1.0"}}}""");
            RawDevice device = ConnectAndSubscribe("d1");
            device.Publish("$iothub/twin/GET/?$rid=1", "");
            Assert.StartsWith("$iothub/twin/res/200", device.Receive().Topic);
            Assert.True(device.IsEmpty);
        }

        [Fact]
        public void Without_a_subscription_the_answer_is_lost_and_the_work_done()
        {
            RawDevice device = Connect("d1");
            device.Publish("$iothub/twin/PATCH/properties/reported/?$rid=1", """{"a":1}""");
            Assert.Equal(1, (int?)_scene.Client.Get("/twins/d1").Json["properties"]!["reported"]!["a"]);
            Assert.True(device.IsEmpty);
        }

        [Theory]
        [InlineData(8, "9")]
        [InlineData(9, "A")]
        [InlineData(254, "FF")]
        public async Task A_direct_method_goes_down_and_its_answer_up_with_the_id_in_upper_case(int before, string rid)
        {
            RawDevice device = ConnectAndSubscribe("d1");
            for (int i = 0; i < before; i++)
            {
                _ = _scene.Hub.CallMethodAsync("d1", new JsonObject { ["methodName"] = "skip", ["payload"] = null }, CancellationToken.None);
                device.Receive();
            }

            Task<HubAnswer> call = _scene.Client.SendAsync("POST", "/twins/d1/methods", """{"methodName":"update","payload":{"v":1}}""");
            (string topic, string payload) = device.Receive();
            Assert.Equal($"$iothub/methods/POST/update/?$rid={rid.ToLowerInvariant()}", topic);
            Assert.Equal("""{"v":1}""", payload);
            device.Publish($"$iothub/methods/res/201/?$rid={rid}", """{"heard":true}""");
            HubAnswer answer = await call;
            Assert.Equal("""{"status":201,"payload":{"heard":true}}""", answer.Text);
        }

        [Fact]
        public async Task A_method_waits_for_a_device_that_connects_in_time()
        {
            Task<HubAnswer> call = _scene.Client.SendAsync("POST", "/twins/d1/methods", """{"methodName":"m","payload":null,"connectTimeoutInSeconds":20}""");
            RawDevice device = ConnectAndSubscribe("d1");
            _time.Advance(TimeSpan.FromSeconds(1));
            string topic = device.Receive().Topic;
            device.Publish($"$iothub/methods/res/200/?$rid={topic.Split('=')[1]}");
            Assert.Equal("""{"status":200,"payload":null}""", (await call).Text);
        }

        [Fact]
        public async Task A_method_that_nobody_answers_is_504_in_time()
        {
            RawDevice device = ConnectAndSubscribe("d1");
            Task<HubAnswer> call = _scene.Client.SendAsync("POST", "/twins/d1/methods", """{"methodName":"m","payload":null,"responseTimeoutInSeconds":5}""");
            device.Receive();
            while (!call.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                await Task.Yield();
            }

            Assert.Equal(504, (await call).Status);
        }

        [Fact]
        public void A_second_connection_of_a_device_cuts_the_first()
        {
            RawDevice first = ConnectAndSubscribe("d1");
            RawDevice second = ConnectAndSubscribe("d1");
            Assert.True(first.IsClosedByHub());
            _scene.Client.Patch("/twins/d1", """{"properties":{"desired":{"a":1}}}""");
            Assert.Contains("PATCH", second.Receive().Topic);
            Assert.Equal("Connected", (string?)_scene.Client.Get("/twins/d1").Json["connectionState"]);
        }

        [Fact]
        public void Deleting_or_disabling_a_device_cuts_its_connection()
        {
            RawDevice first = ConnectAndSubscribe("d1");
            RawDevice second = ConnectAndSubscribe("d2");
            _scene.Client.Delete("/devices/d1", "*");
            _scene.Client.Put("/devices/d2", """{"status":"disabled"}""", "*");
            Assert.True(first.IsClosedByHub());
            Assert.True(second.IsClosedByHub());
        }

        [Fact]
        public void A_connection_outlives_its_signature_by_five_minutes()
        {
            RawDevice device = ConnectAndSubscribe("d1");
            _time.Advance(TimeSpan.FromMinutes(64));
            device.Publish("$iothub/twin/GET/?$rid=1", "");
            Assert.StartsWith("$iothub/twin/res/200", device.Receive().Topic);
            _time.Advance(TimeSpan.FromMinutes(2));
            Assert.True(device.IsClosedByHub());
        }

        [Theory]
        [InlineData("$iothub/twin/GET/?$rid=1", 2)]
        [InlineData("devices/d2/messages/events/", 1)]
        [InlineData("my/own/topic", 1)]
        public void QoS_2_and_topics_of_no_meaning_close_the_connection(string topic, int qos)
        {
            RawDevice device = ConnectAndSubscribe("d1");
            device.Send(topic, "", qos);
            Assert.True(device.IsClosedByHub());
        }

        [Fact]
        public void A_message_of_more_than_256_KB_closes_the_connection_and_telemetry_does_not()
        {
            RawDevice device = ConnectAndSubscribe("d1");
            device.Publish("devices/d1/messages/events/a=b", new string('x', 256 * 1024));
            device.Send("devices/d1/messages/events/", new string('x', 256 * 1024 + 1));
            Assert.True(device.IsClosedByHub());
        }

        [Fact]
        public void A_report_that_makes_the_twin_too_large_is_answered_with_400()
        {
            RawDevice device = ConnectAndSubscribe("d1");
            string members = string.Join(',', Enumerable.Range(0, 9).Select(n => $"\"p{n}\":\"{new string('x', 4096)}\""));
            device.Publish("$iothub/twin/PATCH/properties/reported/?$rid=1", $"{{{members}}}");
            Assert.Equal("$iothub/twin/res/400/?$rid=1", device.Receive().Topic);
        }

        [Fact]
        public void A_subscription_with_QoS_2_is_granted_1_and_an_unknown_filter_is_not_granted()
        {
            RawDevice device = Connect("d1");
            Assert.Equal(1, (int)device.Subscribe(("$iothub/twin/res/#", 2)).Items.Single().ResultCode);
            Assert.Equal(0x80, (int)device.Subscribe(("other/#", 1)).Items.Single().ResultCode);
            Assert.Equal(0x80, (int)device.Subscribe(("devices/d2/messages/devicebound/#", 1)).Items.Single().ResultCode);
        }

        [Fact]
        public void MQTT_5_is_refused()
        {
            (RawDevice device, int code) = RawDevice.Connect(_mqtt.Port, "d1", User("d1"), Token("d1"), MQTTnet.Formatter.MqttProtocolVersion.V500);
            _devices.Add(device);
            Assert.Equal(1, code);
        }

        private DateTime Later => _time.GetUtcNow().UtcDateTime.AddHours(1);

        private RawDevice Connect(string id)
        {
            (RawDevice device, int code) = Try(id, User(id), Token(id));
            Assert.Equal(0, code);
            return device;
        }

        private RawDevice ConnectAndSubscribe(string id)
        {
            RawDevice device = Connect(id);
            device.SubscribeAll();
            return device;
        }

        private (RawDevice Device, int Code) Try(string id, string user, string? password)
        {
            (RawDevice device, int code) = RawDevice.Connect(_mqtt.Port, id, user, password);
            _devices.Add(device);
            return (device, code);
        }

        private string Token(string id) => SasToken.Sign($"127.0.0.1/devices/{id}", Key(id), Later, null);

        private static string User(string id) => $"127.0.0.1/{id}/?api-version=2021-04-12&model-id=dtmi%3Anano&DeviceClientType=nano";

        private string Key(string id) => (string)_scene.Hub.GetDevice(id).Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
    }
}
