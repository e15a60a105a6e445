using DeviceSocketError = System.Net.Sockets.SocketError;

namespace nanoOta.Tests.Azure
{
    /// <summary>How DeviceClient comes up and goes down (facts/nanoframework.md, section 1).</summary>
    public sealed class ConnectionTests
    {
        private readonly ClientBench _bench = new();

        [Fact]
        public void Connected_is_raised_before_Open_returns()
        {
            DeviceClient client = _bench.NewClient();
            bool isOpen = false;
            bool wasOpen = true;
            client.StatusUpdated += (_, _) => wasOpen = isOpen;

            isOpen = client.Open();

            Assert.True(isOpen);
            Assert.False(wasOpen);
            Assert.Equal([HubStatus.Connected], _bench.Heard);
        }

        [Fact]
        public void A_refused_connection_is_no_exception_and_leaves_a_thread_behind()
        {
            _bench.Hub.Faults.RefuseWith = 5;
            DeviceClient client = _bench.NewClient();

            Assert.False(client.Open());

            Assert.Equal(1, _bench.Clock.Schedule.LeakedThreads);
            Assert.Empty(_bench.Heard);
            client.Dispose();
            Assert.Equal(1, _bench.Clock.Schedule.LeakedThreads);
            Assert.Equal(1, _bench.Hub.HeldSessions);
        }

        [Fact]
        public void A_wrong_key_is_refused()
        {
            DeviceClient client = new(ClientBench.Host, "washer", "b3RoZXI=");

            Assert.False(client.Open());
        }

        [Fact]
        public void A_hub_without_an_address_is_a_socket_exception()
        {
            _bench.Hub.Faults.NoName = true;

            DeviceSocketException e = Assert.Throws<DeviceSocketException>(() => _bench.NewClient().Open());

            Assert.Equal((int)DeviceSocketError.HostNotFound, e.ErrorCode);
        }

        [Fact]
        public void A_hub_that_cannot_be_reached_is_a_connection_exception()
        {
            _bench.Hub.Faults.Unreachable = true;

            Assert.Throws<MqttConnectionException>(() => _bench.NewClient().Open());
        }

        [Fact]
        public void A_hub_that_does_not_answer_costs_half_a_minute_and_the_TLS_session()
        {
            _bench.Hub.Faults.NoConnectAnswer = true;
            DeviceClient client = _bench.NewClient();

            Assert.Throws<MqttCommunicationException>(() => client.Open());

            Assert.Equal(30_000, _bench.Clock.Uptime);
            client.Close();
            Assert.Equal(1, _bench.Hub.HeldSessions);
        }

        [Fact]
        public void After_a_drop_Close_and_Reconnect_always_throw_and_a_new_client_is_needed()
        {
            DeviceClient client = _bench.Connected();
            _bench.Hub.Drop();
            _bench.Clock.Skip(1000);

            Assert.Equal([HubStatus.Disconnected], _bench.Heard);
            Assert.False(client.IsConnected);
            Assert.Throws<MqttCommunicationException>(client.Close);
            Assert.Throws<MqttCommunicationException>(client.Close);
            Assert.Throws<MqttCommunicationException>(client.Reconnect);
            Assert.Throws<MqttCommunicationException>(client.Dispose);
            client.Dispose();
            Assert.Equal(0, _bench.Hub.HeldSessions);
            Assert.True(_bench.NewClient().Open());
        }

        [Fact]
        public void It_does_not_reconnect_by_itself()
        {
            _bench.Connected();
            _bench.Hub.Drop();

            _bench.Clock.Skip(3_600_000);

            Assert.Equal(1, _bench.Hub.Connects);
            Assert.False(_bench.Hub.IsOnline);
        }

        [Fact]
        public void Close_without_a_drop_frees_the_session_and_tells_nobody()
        {
            DeviceClient client = _bench.Connected();

            client.Close();

            Assert.Empty(_bench.Heard);
            Assert.Equal(0, _bench.Hub.HeldSessions);
            Assert.Equal(1250, _bench.Clock.Uptime);
            client.Close();
            Assert.True(client.Open());
        }

        [Fact]
        public void A_closed_client_stays_closed()
        {
            _bench.Connected().Close();

            _bench.Clock.Skip(25L * 3_600_000);

            Assert.Equal(1, _bench.Hub.Connects);
        }

        [Fact]
        public void A_dead_link_shows_after_two_minutes()
        {
            DeviceClient client = _bench.Connected();
            _bench.Hub.GoSilent();

            _bench.Clock.Skip(119_999);
            Assert.True(client.IsConnected);
            _bench.Clock.Skip(1001);

            Assert.False(client.IsConnected);
            Assert.Equal([HubStatus.Disconnected], _bench.Heard);
        }

        [Fact]
        public void Ten_minutes_before_the_signature_expires_the_timer_reconnects()
        {
            DeviceClient client = _bench.Connected();

            _bench.Clock.Skip((((23 * 60) + 50) * 60_000) - 100);
            Assert.Equal(1, _bench.Hub.Connects);
            _bench.Clock.Skip(5000);

            Assert.Equal(2, _bench.Hub.Connects);
            Assert.Equal([HubStatus.Connected], _bench.Heard);
            Assert.True(client.IsConnected);
            _bench.Clock.Skip(2 * 86_400_000);
            Assert.Equal(4, _bench.Hub.Connects);
        }

        [Fact]
        public void When_the_timers_reconnection_fails_nobody_hears_and_nobody_tries_again()
        {
            DeviceClient client = _bench.Connected();
            _bench.Hub.Faults.Unreachable = true;

            _bench.Clock.Skip(25L * 3_600_000);
            _bench.Hub.Faults.Unreachable = false;
            _bench.Clock.Skip(25L * 3_600_000);

            Assert.False(client.IsConnected);
            Assert.IsType<MqttConnectionException>(Assert.Single(_bench.Clock.Schedule.Uncaught));
            Assert.Empty(_bench.Heard);
            Assert.Equal(1, _bench.Hub.Connects);
        }

        [Fact]
        public void A_second_session_finds_no_memory_while_the_first_is_held()
        {
            _bench.Hub.Faults.MostSessions = 1;
            DeviceClient first = _bench.Connected();

            Assert.Throws<MqttConnectionException>(() => _bench.NewClient().Open());

            first.Close();
            Assert.True(_bench.NewClient().Open());
        }

        [Fact]
        public void Without_a_virtual_clock_there_is_no_client()
        {
            Exception? thrown = null;
            Thread thread = new(() => thrown = Record.Exception(() => new DeviceClient(ClientBench.Host, "washer", ClientBench.Key)));

            // Without this test's execution context, in which there is one.
            thread.UnsafeStart();
            thread.Join();

            Assert.IsType<InvalidOperationException>(thrown);
        }
    }
}
