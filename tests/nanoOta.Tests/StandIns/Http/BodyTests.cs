using System.Net.Sockets;
using System.Text;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>How the body of a response is read: facts/nanoframework.md, section 3.</summary>
    public sealed class BodyTests
    {
        private static readonly string _body = string.Concat(Enumerable.Range(1000, 500));

        [Theory]
        [InlineData(1)]
        [InlineData(255)]
        [InlineData(256)]
        [InlineData(4096)]
        public void Read_returns_0_at_the_end_that_Content_Length_promises(int bufferSize)
        {
            using ScriptedServer server = new(
                ScriptedServer.AnswerAndHold($"HTTP/1.1 200 OK\r\nContent-Length: {_body.Length}\r\n\r\n{_body}"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(_body, Requests.ReadToEnd(response, bufferSize));
        }

        [Fact]
        public void Read_returns_0_on_an_early_close_just_the_same()
        {
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{_body}"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(_body, Requests.ReadToEnd(response));
        }

        [Fact]
        public void Without_Content_Length_the_body_goes_to_the_end_of_the_connection()
        {
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 200 OK\r\n\r\n{_body}"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(_body, Requests.ReadToEnd(response));
        }

        [Fact]
        public void More_than_Content_Length_comes_along_when_it_has_arrived()
        {
            using ScriptedServer server = new(
                ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + new string('x', 900)));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.True(Requests.ReadToEnd(response).Length > 300);
        }

        [Fact]
        public void A_negative_length_lets_nothing_through_but_what_came_with_the_head()
        {
            using ScriptedServer server = new(
                ScriptedServer.AnswerAndHold("HTTP/1.1 200 OK\r\nContent-Length: -9\r\n\r\n" + new string('x', 9000)));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.InRange(Requests.ReadToEnd(response).Length, 0, 256);
        }

        [Fact]
        public void A_small_read_that_needs_more_loses_what_it_had_when_the_peer_closes()
        {
            using ScriptedServer server = new(ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n1234567890"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(0, response.GetResponseStream().Read(new byte[100], 0, 100));
        }

        [Fact]
        public void A_second_stream_misses_what_came_with_the_head()
        {
            string tail = new('y', 300);
            using ScriptedServer server = new(connection =>
            {
                connection.ReadHead();
                connection.Send("HTTP/1.1 200 OK\r\n\r\nhead");
                connection.ReadBody(1);
                connection.Send(tail);
            });
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(4, response.GetResponseStream().Length);
            Stream second = response.GetResponseStream();
            Assert.Equal(0, second.Length);
            second.Write([1], 0, 1);
            byte[] buffer = new byte[300];
            second.ReadExactly(buffer);
            Assert.Equal(tail, Encoding.Latin1.GetString(buffer));
        }

        [Fact]
        public void ReadByte_throws_at_the_end()
        {
            using ScriptedServer server = new(ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nA"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            using Stream stream = response.GetResponseStream();
            Assert.Equal('A', stream.ReadByte());
            DeviceSocketException failure = Assert.Throws<DeviceSocketException>(() => stream.ReadByte());
            Assert.Equal((int)SocketError.ConnectionAborted, failure.ErrorCode);
        }

        [Fact]
        public void There_is_no_position_and_no_seeking()
        {
            using ScriptedServer server = new(ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nA"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            using Stream stream = response.GetResponseStream();
            Assert.False(stream.CanSeek);
            Assert.Throws<NotSupportedException>(() => stream.Position);
            Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        }

        [Fact]
        public void To_close_the_response_closes_the_connection()
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
            DeviceHttpResponse response = Requests.Get(server.Url());
            Stream stream = response.GetResponseStream();
            response.Dispose();
            Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[9], 0, 9));
        }

        [Theory]
        [InlineData("204 No Content")]
        [InlineData("304 Not Modified")]
        public void No_status_is_known_to_have_no_body(string status)
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold($"HTTP/1.1 {status}\r\n\r\n"));
            DeviceHttpRequest request = Requests.To(server.Url());
            request.ReadWriteTimeout = 2000;
            using DeviceHttpResponse response = (DeviceHttpResponse)request.GetResponse();
            DeviceSocketException failure = Assert.Throws<DeviceSocketException>(() => Requests.ReadToEnd(response));
            Assert.Equal((int)SocketError.TimedOut, failure.ErrorCode);
        }
    }
}
