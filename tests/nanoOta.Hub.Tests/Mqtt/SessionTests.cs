using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>What outlives a connection, and what does not.</summary>
    public sealed class SessionTests : IDisposable
    {
        private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

        private readonly ManualTime _time = new();
        private readonly MqttScene _scene;

        public SessionTests()
        {
            _scene = new MqttScene(new HubOptions { Units = 0, IndexLag = TimeSpan.Zero, Time = _time });
        }

        public void Dispose() => _scene.Dispose();

        [Fact]
        public void A_second_connection_with_clean_session_0_takes_over_with_the_subscriptions_of_the_first()
        {
            RawDevice first = _scene.Connect("d1", keepsSession: true);
            RawDevice second = _scene.Connect("d1", subscribes: false, keepsSession: true);
            Assert.Equal((false, true), (first.IsSessionPresent, second.IsSessionPresent));
            Assert.True(first.IsClosedByHub());
            second.Publish("$iothub/twin/GET/?$rid=1", "");
            Assert.StartsWith("$iothub/twin/res/200", second.Receive().Topic);
            _scene.Write(1);
            Assert.Contains("PATCH", second.Receive().Topic);
            Assert.Equal("Connected", (string?)_scene.Client.Get("/twins/d1").Json["connectionState"]);
            second.Dispose();
            Assert.True(SpinWait.SpinUntil(() => (string?)_scene.Client.Get("/twins/d1").Json["connectionState"] == "Disconnected", _patience));
        }

        [Fact]
        public void Subscriptions_with_clean_session_0_outlive_the_connection_and_patches_meanwhile_do_not()
        {
            _scene.Connect("d1", keepsSession: true).Dispose();
            Assert.True(SpinWait.SpinUntil(() => (string?)_scene.Client.Get("/twins/d1").Json["connectionState"] == "Disconnected", _patience));
            _scene.Write(1);
            RawDevice again = _scene.Connect("d1", subscribes: false, keepsSession: true);
            Assert.True(again.IsSessionPresent);
            _scene.Write(2);
            Assert.Contains("\"a\":2", again.Receive().Payload);
            Assert.True(again.IsEmpty);
        }

        [Fact]
        public void Clean_session_1_starts_bare_whatever_was_kept()
        {
            _scene.Connect("d1", keepsSession: true);
            RawDevice bare = _scene.Connect("d1", subscribes: false);
            Assert.False(bare.IsSessionPresent);
            _scene.Write(1);
            bare.Subscribe(("$iothub/twin/res/#", 0));
            bare.Publish("$iothub/twin/GET/?$rid=1", "");
            Assert.StartsWith("$iothub/twin/res/200", bare.Receive().Topic);
            Assert.True(bare.IsEmpty);
        }

        [Fact]
        public void A_change_of_properties_is_announced_to_the_process_only_when_no_connection_hears_it()
        {
            var announced = new List<string>();
            _scene.Hub.DesiredChanged = announced.Add;
            RawDevice device = _scene.Connect("d1");
            _scene.Write(1);
            Assert.Contains("PATCH", device.Receive().Topic);
            Assert.Empty(announced);
            _scene.Connect("d1", subscribes: false);
            _scene.Write(2);
            Assert.Equal(["d1"], announced);
        }

        [Fact]
        public async Task A_call_that_nobody_answered_in_time_is_forgotten()
        {
            var link = new Deaf();
            string key = (string)_scene.Hub.GetDevice("d1").Json["authentication"]!["symmetricKey"]!["primaryKey"]!;
            var connect = new DeviceConnect("d1", "127.0.0.1/d1/?api-version=2021-04-12", SasToken.Sign("127.0.0.1/devices/d1", key, _scene.Hub.Clock.Real.AddHours(1), null), null);
            Assert.Equal(0, _scene.Hub.Connect(connect, link, out DeviceSession? session));
            Assert.True(_scene.Hub.Subscribe(session!, "$iothub/methods/POST/#"));
            using var stop = new CancellationTokenSource();
            var body = new JsonObject { ["methodName"] = "m", ["payload"] = null, ["responseTimeoutInSeconds"] = 5 };
            Task<JsonObject> late = _scene.Hub.CallMethodAsync("d1", body, CancellationToken.None);
            Task<JsonObject> ended = _scene.Hub.CallMethodAsync("d1", body, stop.Token);
            Assert.Equal((2, 2), (link.Topics.Count, session!.Device.Calls.Count));
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ended);
            Assert.Single(session.Device.Calls);
            _time.Advance(TimeSpan.FromSeconds(6));
            Assert.Equal(504, (await Assert.ThrowsAsync<HubError>(() => late)).Status);
            Assert.Empty(session.Device.Calls);
            Assert.True(_scene.Hub.Publish(session, "$iothub/methods/res/200/?$rid=1", [], 1));
        }
    }
}
