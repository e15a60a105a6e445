using System.Net;
using System.Net.Sockets;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>How the head of a response is read: facts/nanoframework.md, section 3.</summary>
    public sealed class ResponseHeadTests
    {
        [Theory]
        [InlineData(206)]
        [InlineData(302)]
        [InlineData(404)]
        [InlineData(416)]
        [InlineData(503)]
        [InlineData(999)]
        public void No_status_throws_and_no_redirect_is_followed(int status)
        {
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 {status} Why\r\nLocation: http://x/\r\n\r\n"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(" Why", response.StatusDescription);
            Assert.Equal("http://x/", response.Headers!["location"]);
            Assert.Equal(1, server.Accepted);
        }

        [Fact]
        public void The_headers_of_a_download_can_be_read()
        {
            using ScriptedServer server = new(ScriptedServer.Answer(
                "HTTP/1.0 206 \r\nETag: \"a\"\r\nContent-Range: bytes 5-9/10\r\ncontent-length:  5\r\nVary: a\r\nVary: \"b,c\"\r\n\r\n12345"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(HttpVersion.Version10, response.ProtocolVersion);
            Assert.Equal("\"a\"", response.Headers!["ETag"]);
            Assert.Equal("bytes 5-9/10", response.GetResponseHeader("content-range"));
            Assert.Equal("", response.GetResponseHeader("none"));
            Assert.Null(response.Headers["none"]);
            Assert.Equal(["a", "\"b,c\""], response.Headers.GetValues("vary")!);
            Assert.Equal(5, response.ContentLength);
        }

        [Theory]
        [InlineData("HTTP/2 200 OK\r\n\r\n")]
        [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
        [InlineData("HTTP/1.1\r\n\r\n")]
        [InlineData("\r\n\r\n")]
        [InlineData("SSH-2.0-x\r\n")]
        public void An_unreadable_status_line_gives_status_0_length_0_and_no_headers(string text)
        {
            using ScriptedServer server = new(ScriptedServer.Answer(text));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(0, (int)response.StatusCode);
            Assert.Equal(0, response.ContentLength);
            Assert.Null(response.Headers);
            Assert.Throws<NullReferenceException>(() => response.ContentType);
        }

        [Theory]
        [InlineData("", -1)]
        [InlineData("Content-Length: 0\r\n", 0)]
        [InlineData("Content-Length: 2147483647\r\n", int.MaxValue)]
        [InlineData("Content-Length: -5\r\n", -5)]
        [InlineData("Content-Length: +7 \r\n", 7)]
        [InlineData("Content-Length: 5\r\nContent-Length: 8\r\n", 8)]
        public void Content_length_is_an_int_as_the_device_converts_it(string header, long expected)
        {
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 200 OK\r\n{header}X: y\r\n\r\n"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(expected, response.ContentLength);
            Assert.Equal("y", response.Headers!["X"]);
        }

        [Theory]
        [InlineData("Content-Length: 2147483648")]
        [InlineData("Content-Length: 99999999999999999999999999999999999999999")]
        [InlineData("Content-Length: -2147483649")]
        [InlineData("Content-Length: 5x")]
        [InlineData("Content-Length: ")]
        [InlineData("Content-Length: 5,5")]
        [InlineData("no colon")]
        public void After_a_header_that_is_none_the_rest_of_the_head_is_taken_for_the_body(string header)
        {
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 200 OK\r\nA: b\r\n{header}\r\nX: y\r\n\r\nbody"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(-1, response.ContentLength);
            Assert.Equal("b", response.Headers!["A"]);
            Assert.Null(response.Headers["X"]);
            Assert.Equal("X: y\r\n\r\nbody", Requests.ReadToEnd(response));
        }

        [Theory]
        [InlineData(4096, false)]
        [InlineData(4097, true)]
        public void Headers_beyond_4_KiB_are_taken_for_the_body(int length, bool isBeyond)
        {
            // Counted without line ends: 2048 twice.
            string first = "A: " + new string('a', 2045);
            string second = "B: " + new string('b', length - 2048 - 3);
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 200 OK\r\n{first}\r\n{second}\r\n\r\nbody"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(isBeyond, response.Headers!["B"] is null);
            Assert.Equal(isBeyond ? "\r\nbody" : "body", Requests.ReadToEnd(response));
        }

        [Fact]
        public void The_limit_of_the_headers_can_be_moved()
        {
            string header = "A: " + new string('a', 1022);
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n"));
            DeviceHttpRequest request = Requests.To(server.Url());
            request.MaximumResponseHeadersLength = 1;
            using DeviceHttpResponse response = (DeviceHttpResponse)request.GetResponse();
            Assert.Equal(0, response.Headers!.Count);
        }

        [Theory]
        [InlineData(3997, true)]
        [InlineData(3998, false)] // 4000 bytes with its end: exactly the limit
        [InlineData(3999, true)] // its LF comes along with the CR
        [InlineData(4000, false)]
        public void A_line_that_reaches_4000_bytes_fails(int length, bool isGood)
        {
            string header = "A: " + new string('a', length - 3);
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n"));
            if (isGood)
            {
                using DeviceHttpResponse response = Requests.Get(server.Url());
                Assert.Equal(length - 3, response.Headers!["A"]!.Length);
            }
            else
            {
                DeviceWebException cause = Requests.Failure<DeviceWebException>(() => Requests.Get(server.Url()));
                Assert.Equal(WebExceptionStatus.ServerProtocolViolation, cause.Status);
            }
        }

        [Fact]
        public void Continuation_lines_belong_to_their_header_and_to_its_limit()
        {
            string endless = string.Concat(Enumerable.Repeat(" x\r\n", 2100));
            using ScriptedServer server = new(
                ScriptedServer.Answer("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\td\r\n\r\n"),
                ScriptedServer.Answer("HTTP/1.1 200 OK\r\nA: b\r\n" + endless + "\r\n"));
            using (DeviceHttpResponse response = Requests.Get(server.Url()))
            {
                Assert.Equal("b c\td", response.Headers!["A"]);
            }

            Requests.Failure<DeviceWebException>(() => Requests.Get(server.Url()));
        }

        [Fact]
        public void A_line_that_a_bare_LF_ends_loses_its_last_character()
        {
            using ScriptedServer server = new(ScriptedServer.Answer("HTTP/1.1 200 OK\nContent-Length: 10\nA: bc\n\n0"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(" O", response.StatusDescription);
            Assert.Equal(1, response.ContentLength);
            Assert.Equal("b", response.Headers!["A"]);
        }

        [Fact]
        public void A_header_ends_at_a_zero_byte()
        {
            using ScriptedServer server = new(ScriptedServer.Answer("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal("b", response.Headers!["A"]);
        }

        [Theory]
        [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200)]
        [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 100)]
        [InlineData("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 103)]
        public void One_100_is_skipped_and_no_other_interim_response(string text, int status)
        {
            using ScriptedServer server = new(ScriptedServer.Answer(text));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(status, (int)response.StatusCode);
        }

        [Theory]
        [InlineData("")]
        [InlineData("HTTP/1.1 200 OK")]
        [InlineData("HTTP/1.1 200 OK\r\n")]
        [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n")]
        public void A_head_that_breaks_off_is_an_aborted_connection(string text)
        {
            using ScriptedServer server = new(ScriptedServer.Answer(text));
            DeviceSocketException cause = Requests.Failure<DeviceSocketException>(() => Requests.Get(server.Url()));
            Assert.Equal((int)SocketError.ConnectionAborted, cause.ErrorCode);
        }

        [Fact]
        public void A_reset_connection_says_so()
        {
            using ScriptedServer server = new(connection =>
            {
                connection.ReadHead();
                connection.Reset();
            });
            DeviceSocketException cause = Requests.Failure<DeviceSocketException>(() => Requests.Get(server.Url()));
            Assert.Equal((int)SocketError.ConnectionReset, cause.ErrorCode);
        }

        [Fact]
        public void A_refused_connection_is_a_connect_failure_two_exceptions_deep()
        {
            int port;
            using (ScriptedServer server = new())
            {
                port = server.Port;
            }

            DeviceWebException cause = Requests.Failure<DeviceWebException>(() => Requests.Get($"http://127.0.0.1:{port}/"));
            Assert.Equal(WebExceptionStatus.ConnectFailure, cause.Status);
            Assert.Equal((int)SocketError.ConnectionRefused, Assert.IsType<DeviceSocketException>(cause.InnerException).ErrorCode);
        }

        [Theory]
        [InlineData("http://[::1]/")]
        [InlineData("http:///path")]
        public void There_is_no_IPv6_and_no_empty_host(string url)
        {
            Requests.Failure<DeviceWebException>(() => Requests.Get(url));
        }
    }
}
