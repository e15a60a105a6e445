using System.Net.Sockets;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>Which wait is bounded by what: facts/nanoframework.md, section 3.</summary>
    public sealed class TimeoutTests
    {
        // CLR_E_OBJECT_DISPOSED: the device's timer closes the socket under the reader.
        private const int ClosedUnderway = unchecked((int)0x99000000);

        [Fact]
        public void Timeout_ends_the_wait_for_the_head()
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold(""));
            DeviceHttpRequest request = Requests.To(server.Url());
            request.Timeout = 1500;
            Assert.Equal(ClosedUnderway, Requests.Failure<DeviceSocketException>(() => request.GetResponse()).ErrorCode);
        }

        [Fact]
        public void Timeout_ends_a_head_without_end()
        {
            using ScriptedServer server = new(connection =>
            {
                connection.ReadHead();
                connection.Send("HTTP/1.1 200 OK\r\nA: b\r\n");
                while (true)
                {
                    // Continuation lines that add nothing to the head's length: only the time bounds them.
                    connection.Send(" \n");
                    connection.Wait(10);
                }
            });
            DeviceHttpRequest request = Requests.To(server.Url());
            request.Timeout = 1500;
            Assert.Equal(ClosedUnderway, Requests.Failure<DeviceSocketException>(() => request.GetResponse()).ErrorCode);
        }

        [Fact]
        public void Timeout_does_not_cover_the_body()
        {
            using ScriptedServer server = new(connection =>
            {
                connection.ReadHead();
                connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
                connection.Wait(2500);
                connection.Send("late");
            });
            DeviceHttpRequest request = Requests.To(server.Url());
            request.Timeout = 1500;
            using DeviceHttpResponse response = (DeviceHttpResponse)request.GetResponse();
            Assert.Equal("late", Requests.ReadToEnd(response));
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void ReadWriteTimeout_ends_a_single_read_of_the_body_unwrapped(bool isTls)
        {
            using TestAuthority authority = new();
            using ScriptedServer server = new(
                isTls ? authority.Issue() : null,
                ScriptedServer.AnswerAndHold("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"));
            DeviceHttpRequest request = Requests.To(server.Url());
            request.ReadWriteTimeout = 2000;
            using DeviceHttpResponse response = (DeviceHttpResponse)request.GetResponse();
            using Stream stream = response.GetResponseStream();
            Assert.Equal(2, stream.Read(new byte[2], 0, 2));
            DeviceSocketException failure = Assert.Throws<DeviceSocketException>(() => stream.Read(new byte[2], 0, 2));
            Assert.Equal((int)SocketError.TimedOut, failure.ErrorCode);
        }

        [Fact]
        public void ReadWriteTimeout_ends_a_single_read_of_the_head_wrapped()
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold("HTTP/1.1 200"));
            DeviceHttpRequest request = Requests.To(server.Url());
            request.ReadWriteTimeout = 2000;
            Assert.Equal((int)SocketError.TimedOut, Requests.Failure<DeviceSocketException>(() => request.GetResponse()).ErrorCode);
        }

        [Fact]
        public void The_handshake_is_bounded_here_though_not_on_the_device()
        {
            DeviceNetwork.ConnectTimeoutMilliseconds = 3000;
            using ScriptedServer server = new(connection => connection.WaitForEnd());
            Requests.Failure<DeviceSocketException>(() => Requests.Get($"https://127.0.0.1:{server.Port}/"));
        }

        [Fact]
        public void Times_are_checked()
        {
            DeviceHttpRequest request = Requests.To("http://h/");
            Assert.Equal((100_000, 300_000), (request.Timeout, request.ReadWriteTimeout));
            Assert.Throws<ArgumentOutOfRangeException>(() => request.Timeout = -2);
            Assert.Throws<ArgumentOutOfRangeException>(() => request.ReadWriteTimeout = -2);
            Assert.Throws<ArgumentOutOfRangeException>(() => request.ReadWriteTimeout = 0);
        }
    }
}
