using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Azure
{
    /// <summary>Handlers of DeviceClient's events: all but Connected run on one thread of the MQTT client.</summary>
    public sealed class DispatchTests
    {
        private readonly ClientBench _bench = new();

        [Fact]
        public void GetTwin_in_a_handler_without_a_token_is_told_as_a_deadlock()
        {
            DeviceClient client = _bench.Connected();
            client.StatusUpdated += (_, _) => client.GetTwin(ClientBench.Never);
            _bench.Hub.PatchDesired("""{"a":1}""");

            DeviceHangException e = Assert.Throws<DeviceHangException>(() => _bench.Clock.Skip(1000));

            Assert.Contains("GetTwin waits on the dispatch thread", e.Message);
        }

        [Fact]
        public void A_deadlock_is_told_even_when_the_handler_catches_everything()
        {
            DeviceClient client = _bench.Connected();
            client.StatusUpdated += (_, _) => Record.Exception(() => client.GetTwin(ClientBench.Never));
            _bench.Hub.PatchDesired("""{"a":1}""");

            Assert.Throws<DeviceHangException>(() => _bench.Clock.Skip(1000));
            Assert.Throws<DeviceHangException>(() => _bench.Clock.Skip(1000));
        }

        [Fact]
        public void GetTwin_in_a_handler_with_a_token_waits_in_vain()
        {
            DeviceClient client = _bench.Connected();
            DeviceTwin? twin = new();
            long took = 0;
            client.TwinUpdated += (_, _) =>
            {
                long asked = _bench.Clock.Uptime;
                twin = client.GetTwin(ClientBench.After(4000));
                took = _bench.Clock.Uptime - asked;
            };
            _bench.Hub.PatchDesired("""{"a":1}""");

            _bench.Clock.Skip(10_000);

            Assert.Null(twin);
            Assert.Equal(4000, took);
            Assert.Equal([HubStatus.TwinUpdateReceived, HubStatus.TwinReceived], _bench.Heard);
        }

        [Fact]
        public void A_handler_that_waits_for_a_lock_of_who_waits_for_it_is_told_as_a_deadlock()
        {
            DeviceClient client = _bench.Connected();
            object gate = new();
            client.StatusUpdated += (_, _) =>
            {
                lock (gate)
                {
                }
            };
            _bench.Clock.Schedule.Patience = TimeSpan.FromMilliseconds(200);

            lock (gate)
            {
                DeviceHangException e = Assert.Throws<DeviceHangException>(() => client.GetTwin(ClientBench.After(5000)));
                Assert.Contains("waits for a lock", e.Message);
            }
        }

        [Fact]
        public void A_handler_that_throws_once_makes_an_internal_error()
        {
            DeviceClient client = _bench.Connected();
            bool throws = true;
            client.StatusUpdated += (_, _) =>
            {
                if (throws)
                {
                    throws = false;
                    throw new InvalidOperationException("mine");
                }
            };
            _bench.Hub.PatchDesired("""{"a":1}""");

            _bench.Clock.Skip(1000);

            Assert.Equal([HubStatus.TwinUpdateReceived, HubStatus.InternalError], _bench.Heard);
            Assert.Contains("mine", _bench.Messages[1]);
            Assert.True(client.IsConnected);
        }

        [Fact]
        public void A_handler_that_always_throws_ends_the_connection()
        {
            DeviceClient client = _bench.Connected();
            client.StatusUpdated += (_, _) => throw new InvalidOperationException();
            _bench.Hub.PatchDesired("""{"a":1}""");

            _bench.Clock.Skip(5000);

            Assert.Equal([HubStatus.TwinUpdateReceived, HubStatus.InternalError, HubStatus.Disconnected], _bench.Heard);
            Assert.False(client.IsConnected);
            Assert.False(_bench.Hub.IsOnline);
        }

        [Fact]
        public void A_new_client_may_be_opened_in_the_handler_of_Disconnected()
        {
            DeviceClient client = _bench.Connected();
            DeviceClient? next = null;
            client.StatusUpdated += (_, e) =>
            {
                if (e.IoTHubStatus.Status == HubStatus.Disconnected)
                {
                    next = _bench.NewClient();
                    next.Open();
                }
            };

            _bench.Hub.Drop();
            _bench.Clock.Skip(5000);

            Assert.True(next!.IsConnected);
            Assert.Equal([HubStatus.Disconnected, HubStatus.Connected], _bench.Heard);
            Assert.NotNull(next.GetTwin(ClientBench.After(1000)));
        }

        [Fact]
        public void Close_in_a_handler_throws_once_the_connection_broke()
        {
            DeviceClient client = _bench.Connected();
            Exception? thrown = null;
            client.TwinUpdated += (_, _) =>
            {
                _bench.Hub.Drop();
                _bench.Clock.Skip(0);
                thrown = Record.Exception(client.Close);
            };
            _bench.Hub.PatchDesired("""{"a":1}""");

            _bench.Clock.Skip(1000);

            Assert.IsType<MqttCommunicationException>(thrown);
        }

        [Fact]
        public void A_direct_method_is_found_by_the_callbacks_own_name_and_its_payload_is_raw()
        {
            DeviceClient client = _bench.Connected();
            client.AddMethodCallback(update);

            HubMethodCall call = _bench.Hub.CallMethod("update", """{"version":"1.1.0","a":"\u002B"}""");
            _bench.Clock.Skip(1000);

            Assert.Equal(200, call.Status);
            Assert.Equal("""{"got":{"version":"1.1.0","a":"\u002B"}}""", call.Payload);
            Assert.Equal([HubStatus.DirectMethodCalled], _bench.Heard);
            Assert.Equal("""update/?$rid=1/{"version":"1.1.0","a":"\u002B"}""", _bench.Messages[0]);
        }

        [Fact]
        public void A_method_nobody_knows_is_never_answered()
        {
            DeviceClient client = _bench.Connected();
            client.AddMethodCallback(update);
            client.AddMethodCallback(cancel);
            client.RemoveMethodCallback(cancel);

            HubMethodCall unknown = _bench.Hub.CallMethod("Update", "{}");
            HubMethodCall removed = _bench.Hub.CallMethod("cancel", "{}");
            _bench.Clock.Skip(60_000);

            Assert.Null(unknown.Status);
            Assert.Null(removed.Status);
            Assert.Equal([HubStatus.DirectMethodCalled, HubStatus.DirectMethodCalled], _bench.Heard);
        }

        [Fact]
        public void A_method_that_throws_is_answered_with_504()
        {
            DeviceClient client = _bench.Connected();
            client.AddMethodCallback(cancel);

            HubMethodCall call = _bench.Hub.CallMethod("cancel", "{}");
            _bench.Clock.Skip(1000);

            Assert.Equal(504, call.Status);
            Assert.StartsWith("""{"Exception:":"System.NotSupportedException""", call.Payload);
        }

        [Fact]
        public void The_number_of_a_call_is_hexadecimal_both_ways()
        {
            DeviceClient client = _bench.Connected();
            int rid = 0;
            client.AddMethodCallback(update);
            client.StatusUpdated += (_, _) => rid++;
            HubMethodCall? last = null;
            for (int i = 0; i < 12; i++)
            {
                last = _bench.Hub.CallMethod("update", "{}");
            }

            _bench.Clock.Skip(1000);

            Assert.Equal("""update/?$rid=c/{}""", _bench.Messages[11]);
            Assert.Equal(200, last!.Status);
            Assert.Equal(12, rid);
        }

        [Fact]
        public void A_message_to_the_device_comes_with_its_properties()
        {
            DeviceClient client = _bench.Connected();
            object? id = null;
            client.CloudToDeviceMessage += (_, e) => id = $"{e.Message} {e.Properties["$.mid"]}";

            _bench.Hub.Deliver("devices/washer/messages/devicebound/%24.mid=7&a=b", "hello");
            _bench.Clock.Skip(1000);

            Assert.Equal("hello 7", id);
            Assert.Equal([HubStatus.MessageReceived], _bench.Heard);
        }

        private static string update(int rid, string payload) => $"{{\"got\":{payload}}}";

        private static string cancel(int rid, string payload) => throw new NotSupportedException();
    }
}
