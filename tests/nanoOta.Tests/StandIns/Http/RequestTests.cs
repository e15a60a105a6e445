using System.Net;
using System.Text;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>What is sent: facts/nanoframework.md, section 3.</summary>
    public sealed class RequestTests
    {
        private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

        [Fact]
        public void The_head_is_the_line_then_the_headers_in_order_and_the_host_without_its_port()
        {
            using ScriptedServer server = new(ScriptedServer.Answer(Empty));
            DeviceHttpRequest request = Requests.To(server.Url("/c/v1_1_0.bin?sv=1&sig=a%2Fb"));
            request.UserAgent = "nanoOta";
            request.Headers.Add("If-Range", "\"e\"");
            using (request.GetResponse())
            {
            }

            Assert.Equal(
                "GET /c/v1_1_0.bin?sv=1&sig=a%2Fb HTTP/1.1\r\nUser-Agent: nanoOta\r\nIf-Range: \"e\"\r\n"
                    + "Connection: close\r\nHost: 127.0.0.1\r\n\r\n",
                Assert.Single(server.Heads));
        }

        [Fact]
        public void Keep_alive_is_asked_for_unless_switched_off_and_gets_a_connection_of_its_own_all_the_same()
        {
            using ScriptedServer server = new(ScriptedServer.Answer(Empty), ScriptedServer.Answer(Empty));
            for (int i = 0; i < 2; i++)
            {
                using (DeviceWebRequest.Create(server.Url()).GetResponse())
                {
                }
            }

            Assert.All(server.Heads, head => Assert.Contains("Connection: keep-alive\r\n", head));
            Assert.Equal(2, server.Accepted);
        }

        [Theory]
        [InlineData(5, null, "bytes=5-")]
        [InlineData(-5, null, "bytes=-5")]
        [InlineData(0, 9, "bytes=0-9")]
        [InlineData(int.MaxValue, int.MaxValue, "bytes=2147483647-2147483647")]
        public void AddRange_asks_for_bytes(int from, int? to, string expected)
        {
            DeviceHttpRequest request = Requests.To("http://h/");
            if (to is int last)
            {
                request.AddRange(from, last);
            }
            else
            {
                request.AddRange(from);
            }

            Assert.Equal(expected, request.Headers["range"]);
        }

        [Fact]
        public void A_second_AddRange_asks_for_two_ranges()
        {
            DeviceHttpRequest request = Requests.To("http://h/");
            request.AddRange(0, 1);
            request.AddRange(4);
            Assert.Equal("bytes=0-1,4-", request.Headers["Range"]);
        }

        [Theory]
        [InlineData(-1, 5)]
        [InlineData(5, 4)]
        public void AddRange_refuses_a_range_that_is_none(int from, int to)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Requests.To("http://h/").AddRange(from, to));
        }

        [Theory]
        [InlineData("Range")]
        [InlineData("range")]
        [InlineData("User-Agent")]
        [InlineData("Accept")]
        [InlineData("Host")]
        [InlineData("Connection")]
        [InlineData("Content-Length")]
        [InlineData("Transfer-Encoding")]
        [InlineData("If-Modified-Since")]
        public void Restricted_headers_are_refused(string name)
        {
            Assert.Throws<ArgumentException>(() => Requests.To("http://h/").Headers.Add(name, "x"));
            Assert.Throws<ArgumentException>(() => Requests.To("http://h/").Headers.Set(name, "x"));
            Assert.True(DeviceWebHeaders.IsRestricted(name));
        }

        [Theory]
        [InlineData("ETag")]
        [InlineData("If-Match")]
        [InlineData("If-Range")]
        [InlineData("Authorization")]
        public void Headers_of_a_resumed_download_are_allowed(string name)
        {
            DeviceHttpRequest request = Requests.To("http://h/");
            request.Headers.Add(name, " x ");
            Assert.Equal("x", request.Headers[name]);
        }

        [Theory]
        [InlineData("a b", "x")]
        [InlineData("", "x")]
        [InlineData("a", "x\r\nb: y")]
        [InlineData("a", "x\0")]
        public void Headers_that_would_break_the_head_are_refused(string name, string value)
        {
            Assert.Throws<ArgumentException>(() => Requests.To("http://h/").Headers.Add(name, value));
        }

        [Fact]
        public void A_body_follows_the_head_of_a_post()
        {
            string? body = null;
            using ScriptedServer server = new(connection =>
            {
                connection.ReadHead();
                body = Encoding.UTF8.GetString(connection.ReadBody(5));
                connection.Send("HTTP/1.1 204 No Content\r\n\r\n");
            });
            DeviceHttpRequest request = Post(server);
            request.GetRequestStream().Write("hello"u8.ToArray(), 0, 5);
            using DeviceHttpResponse response = (DeviceHttpResponse)request.GetResponse();

            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Equal("hello", body);
            Assert.Contains("Content-Length: 5\r\n", Assert.Single(server.Heads));
        }

        [Fact]
        public void To_close_the_request_stream_loses_the_response()
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold(Empty));
            DeviceHttpRequest request = Post(server);
            using (Stream stream = request.GetRequestStream())
            {
                stream.Write(new byte[5], 0, 5);
            }

            Requests.Failure<ObjectDisposedException>(() => request.GetResponse());
        }

        [Theory]
        [InlineData("GET", 5)]
        [InlineData("HEAD", 5)]
        [InlineData("POST", -1)]
        [InlineData("PUT", -1)]
        public void A_request_stream_needs_a_method_with_a_body_and_its_length(string method, int length)
        {
            DeviceHttpRequest request = Requests.To("http://127.0.0.1:9/");
            request.Method = method;
            if (length >= 0)
            {
                request.ContentLength = length;
            }

            Assert.Throws<ProtocolViolationException>(() => request.GetRequestStream());
        }

        [Fact]
        public void After_sending_nothing_can_be_changed_any_more()
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold(Empty));
            DeviceHttpRequest request = Requests.To(server.Url());
            using (request.GetResponse())
            {
                Assert.Throws<InvalidOperationException>(() => request.ReadWriteTimeout = 1);
                Assert.Throws<InvalidOperationException>(() => request.ContentLength = 1);
                Assert.Throws<InvalidOperationException>(() => request.Headers = new DeviceWebHeaders());
            }
        }

        [Fact]
        public void Only_http_and_https_are_known()
        {
            Assert.Throws<NotSupportedException>(() => DeviceWebRequest.Create("ftp://h/"));
        }

        [Fact]
        public void The_meter_counts_connections_requests_and_bytes_of_bodies()
        {
            NetworkMeter meter = NetworkMeter.Current = new NetworkMeter();
            using ScriptedServer server = new(ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n1234567"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Requests.ReadToEnd(response);
            Assert.Equal((1, 1, 7L), (meter.Connections, meter.Requests, meter.BodyBytes));
        }

        private static DeviceHttpRequest Post(ScriptedServer server)
        {
            DeviceHttpRequest request = Requests.To(server.Url());
            request.Method = "POST";
            request.ContentLength = 5;
            return request;
        }
    }
}
