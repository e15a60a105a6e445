using nanoOta.Tests.Servers;

namespace nanoOta.Tests.Http
{
    /// <summary>What the source makes of a server's answers, byte for byte.</summary>
    public class HttpImageSourceTests
    {
        [Theory]
        [InlineData("401 Unauthorized", ResultCode.AccessDenied)]
        [InlineData("403 Forbidden", ResultCode.AccessDenied)]
        [InlineData("404 Not Found", ResultCode.NotFound)]
        [InlineData("410 Gone", ResultCode.NotFound)]
        [InlineData("408 Request Timeout", ResultCode.TimedOut)]
        [InlineData("409 Conflict", ResultCode.AccessDenied)]
        [InlineData("418 I am a teapot", ResultCode.AccessDenied)]
        [InlineData("425 Too Early", ResultCode.ServerBusy)]
        [InlineData("429 Too Many Requests", ResultCode.ServerBusy)]
        [InlineData("503 Service Unavailable", ResultCode.ServerBusy)]
        [InlineData("500 Internal Server Error", ResultCode.ServerError)]
        [InlineData("204 No Content", ResultCode.ServerError)]
        [InlineData("304 Not Modified", ResultCode.ServerError)]
        [InlineData("300 Multiple Choices", ResultCode.ServerError)]
        [InlineData("999 What", ResultCode.ServerError)]
        public void A_status_has_its_code(string status, ResultCode code)
        {
            Assert.Equal(code, Open($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").Code);
        }

        [Theory]
        [InlineData("400 Bad Request", ResultCode.AccessDenied)]
        [InlineData("405 Method Not Allowed", ResultCode.AccessDenied)]
        [InlineData("416 Range Not Satisfiable", ResultCode.AccessDenied)]
        [InlineData("501 Not Implemented", ResultCode.ServerError)]
        public void A_status_by_which_servers_refuse_ranges_says_so_where_a_range_was_asked_for(string status, ResultCode otherwise)
        {
            string answer = $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n";
            Assert.Equal((otherwise, ResultCode.RangeMismatch), (Open(answer).Code, Open(answer, 4096).Code));
        }

        [Theory]
        [InlineData("120", 120)]
        [InlineData("0", 0)]
        [InlineData("2147483647", int.MaxValue)]
        [InlineData("2147483648", 0)]
        [InlineData("99999999999999999999", 0)]
        [InlineData("-5", 0)]
        [InlineData("1e9", 0)]
        [InlineData("5 minutes", 0)]
        [InlineData("", 0)]
        [InlineData("Fri, 20 Nov 2026 22:00:00 GMT", 0)]
        public void The_time_after_which_to_come_back_is_a_number_of_seconds_or_nothing(string after, int seconds)
        {
            (ResultCode code, HttpImageSource source) = Open($"HTTP/1.1 503 Busy\r\nRetry-After: {after}\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal((ResultCode.ServerBusy, seconds), (code, source.RetryAfter));
        }

        [Fact]
        public void A_server_that_does_not_say_when_to_come_back_asks_for_no_delay()
        {
            Assert.Equal(0, Open("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n").Source.RetryAfter);
        }

        [Theory]
        [InlineData("bytes 4096-8191/8192", ResultCode.None, 8192)]
        [InlineData("bytes 4096-8191/*", ResultCode.None, -1)]
        [InlineData("bytes 4096-4999/8192", ResultCode.None, 8192)]
        [InlineData("bytes 0-8191/8192", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes 4097-8191/8192", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes 4096-4095/8192", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes 4096-8191/4096", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes 4096-8191/", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes 4096-8191", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes */8192", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes /-", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes 4096-99999999999/99999999999", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes 4294971392-8191/8192", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes -4096-8191/8192", ResultCode.RangeMismatch, 0)]
        [InlineData("items 4096-8191/8192", ResultCode.RangeMismatch, 0)]
        [InlineData("bytes", ResultCode.RangeMismatch, 0)]
        [InlineData(null, ResultCode.RangeMismatch, 0)]
        public void A_range_must_begin_where_it_was_asked_for(string? range, ResultCode code, int length)
        {
            string header = range == null ? "" : $"Content-Range: {range}\r\n";
            (ResultCode opened, HttpImageSource source) = Open($"HTTP/1.1 206 Partial\r\n{header}Content-Length: 4096\r\n\r\n", 4096);
            Assert.Equal(code, opened);
            if (code == ResultCode.None)
            {
                Assert.Equal((4096, length), (source.Offset, source.Length));
            }
        }

        [Theory]
        [InlineData("bytes 4096-5095/8192", 1000, ResultCode.None)]
        [InlineData("bytes 4096-5095/*", 1000, ResultCode.None)]
        [InlineData("bytes 4096-5095/8192", null, ResultCode.None)]
        [InlineData("bytes 4096-5094/8192", 999, ResultCode.RangeMismatch)]
        [InlineData("bytes 4096-5096/8192", 1001, ResultCode.RangeMismatch)]
        [InlineData("bytes 4096-8191/8192", 4096, ResultCode.RangeMismatch)]
        [InlineData("bytes 4096-5095/8192", 999, ResultCode.RangeMismatch)]
        [InlineData("bytes 4096-5095/8192", 4096, ResultCode.RangeMismatch)]
        [InlineData("bytes 4095-5094/8192", 1000, ResultCode.RangeMismatch)]
        [InlineData("bytes 4096-5095/5000", 1000, ResultCode.RangeMismatch)]
        public void Of_a_closed_range_all_must_come_and_nothing_else(string range, int? length, ResultCode code)
        {
            string end = length is { } bytes ? $"Content-Length: {bytes}" : "Transfer-Encoding: chunked";
            Assert.Equal(code, Open($"HTTP/1.1 206 Partial\r\nContent-Range: {range}\r\n{end}\r\n\r\n", 4096, 1000).Code);
        }

        [Fact]
        public void A_closed_range_is_asked_for_as_one_also_from_the_start()
        {
            Assert.Equal((ResultCode.None, ResultCode.RangeMismatch), (
                Open("HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-99/8192\r\nContent-Length: 100\r\n\r\n", 0, 100).Code,
                Open("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n", 0, 100).Code));
        }

        [Fact]
        public void A_server_that_ignores_the_range_begins_at_the_start()
        {
            (ResultCode code, HttpImageSource source) = Open("HTTP/1.1 200 OK\r\nContent-Length: 8192\r\n\r\n", 4096);
            Assert.Equal((ResultCode.None, 0, 8192), (code, source.Offset, source.Length));
        }

        [Theory]
        [InlineData("4294967300")]
        [InlineData("9223372036854775807")]
        public void A_length_beyond_32_bits_is_refused(string length)
        {
            Assert.Equal(ResultCode.BadResponse, Open($"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n").Code);
        }

        [Theory]
        [InlineData("", ResultCode.BadResponse)]
        [InlineData("Connection: close\r\n", ResultCode.None)]
        [InlineData("Transfer-Encoding: chunked\r\n", ResultCode.None)]
        public void A_body_of_which_nothing_tells_the_end_is_not_read(string header, ResultCode expected)
        {
            Assert.Equal(expected, Open($"HTTP/1.1 200 OK\r\n{header}\r\n").Code);
        }

        [Theory]
        [InlineData("http://127.0.0.1:1/x", ResultCode.RedirectRefused)]
        [InlineData("http://localhost:{0}/x", ResultCode.RedirectRefused)]
        [InlineData("http://evil.example/", ResultCode.RedirectRefused)]
        [InlineData("http://127.0.0.1:{0}@evil.example/", ResultCode.RedirectRefused)]
        [InlineData("http://user@127.0.0.1:{0}/", ResultCode.RedirectRefused)]
        [InlineData("http:///", ResultCode.RedirectRefused)]
        [InlineData("http://127.0.0.1:{0}/a b", ResultCode.RedirectRefused)]
        [InlineData("", ResultCode.None)]
        [InlineData("http://127.0.0.1:{0}/y", ResultCode.None)]
        [InlineData("/y", ResultCode.None)]
        [InlineData("y", ResultCode.None)]
        public void A_redirect_stays_on_its_host(string location, ResultCode code)
        {
            int port = 0;
            using ScriptedServer server = new(
                connection => Redirect(connection),
                ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
            port = server.Port;
            var source = new HttpImageSource(new UpdateAgentOptions(), null);
            Assert.Equal(code, source.Open(server.Url("/c/x"), 0, 0));
            source.Close();
            Assert.Equal(code == ResultCode.None ? 2 : 1, server.Heads.Count);

            void Redirect(ServedConnection connection)
            {
                connection.ReadHead();
                connection.Send($"HTTP/1.1 302 Found\r\nLocation: {string.Format(location, port)}\r\nContent-Length: 0\r\n\r\n");
            }
        }

        [Fact]
        public void A_redirect_without_a_location_is_refused()
        {
            Assert.Equal(ResultCode.RedirectRefused, Open("HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n").Code);
        }

        [Fact]
        public void Another_host_is_followed_when_it_is_among_those_allowed_and_gets_no_token()
        {
            using ScriptedServer other = new(ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
            using ScriptedServer server = new(ScriptedServer.Answer($"HTTP/1.1 307 Moved\r\nLocation: {other.Url("/z")}\r\nContent-Length: 0\r\n\r\n"));
            var source = new HttpImageSource(new UpdateAgentOptions { AllowedHosts = [$"127.0.0.1:{other.Port}"] }, null);
            Assert.Equal(ResultCode.None, source.Open(server.Url("/c/x?sig=secret"), 0, 0));
            source.Close();
            Assert.Contains("sig=secret", Assert.Single(server.Heads));
            Assert.DoesNotContain("secret", Assert.Single(other.Heads));
        }

        [Theory]
        [InlineData(8, ResultCode.None)]
        [InlineData(9, ResultCode.TooManyRedirects)]
        public void Eight_redirects_are_followed_and_a_ninth_is_not(int redirects, ResultCode code)
        {
            using ScriptedServer server = new([
                .. Enumerable.Repeat(ScriptedServer.Answer("HTTP/1.1 308 Moved\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"), redirects),
                ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]);
            var source = new HttpImageSource(new UpdateAgentOptions(), null);
            Assert.Equal(code, source.Open(server.Url(), 0, 0));
            source.Close();
            Assert.Equal(9, server.Heads.Count);
        }

        [Fact]
        public void A_body_that_ends_early_is_noticed()
        {
            using ScriptedServer server = new(ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
            var source = new HttpImageSource(new UpdateAgentOptions(), null);
            Assert.Equal(ResultCode.None, source.Open(server.Url(), 0, 0));
            var buffer = new byte[20];
            ResultCode code = ResultCode.None;
            int total = 0;
            for (int reads = 0; code == ResultCode.None; reads++)
            {
                Assert.True(reads < 10);
                code = source.Read(buffer, total, 20 - total, out int read);
                total += read;
            }

            Assert.Equal(ResultCode.ConnectionLost, code);
            Assert.InRange(total, 0, 3);
            source.Close();
            source.Close();
        }

        [Fact]
        public void A_body_longer_than_announced_stops_at_the_announced_length()
        {
            using ScriptedServer server = new(ScriptedServer.Answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdefgh"));
            var source = new HttpImageSource(new UpdateAgentOptions(), null);
            Assert.Equal(ResultCode.None, source.Open(server.Url(), 0, 0));
            var buffer = new byte[20];
            Assert.Equal(ResultCode.None, source.Read(buffer, 0, 20, out int read));
            Assert.Equal(3, read);
            Assert.Equal(ResultCode.None, source.Read(buffer, 3, 17, out read));
            Assert.Equal(0, read);
            source.Close();
        }

        [Theory]
        [InlineData("")]
        [InlineData("garbage\r\n\r\n")]
        [InlineData("HTTP/1.1\r\n\r\n")]
        [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
        [InlineData("HTTP/1.1 -1 OK\r\n\r\n")]
        [InlineData("HTTP/1.1 99 OK\r\n\r\n")]
        [InlineData("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n")]
        [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
        public void What_is_no_answer_gives_a_code_or_a_body_of_unknown_length_and_no_exception(string answer)
        {
            (ResultCode code, HttpImageSource source) = Open(answer);
            Assert.True(code is ResultCode.Unreachable or ResultCode.BadResponse || (code == ResultCode.None && source.Length <= 0), $"{code}, {source.Length}");
        }

        [Theory]
        [InlineData("http://127.0.0.1:1/")]
        [InlineData("http://127.0.0.1:99999/")]
        [InlineData("http://127.0.0.1:x/")]
        [InlineData("http://[/")]
        [InlineData("http://no.such.host.invalid/")]
        public void What_cannot_be_reached_gives_a_code_and_no_exception(string url)
        {
            Assert.Equal(ResultCode.Unreachable, new HttpImageSource(new UpdateAgentOptions(), null).Open(url, 0, 0));
        }

        private static (ResultCode Code, HttpImageSource Source) Open(string answer, int offset = 0, int count = 0)
        {
            using ScriptedServer server = new(ScriptedServer.Answer(answer));
            var source = new HttpImageSource(new UpdateAgentOptions(), null);
            ResultCode code = source.Open(server.Url(), offset, count);
            source.Close();
            return (code, source);
        }
    }
}
