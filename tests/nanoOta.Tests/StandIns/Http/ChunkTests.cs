using System.Net;
using System.Net.Sockets;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>Chunked bodies: facts/nanoframework.md, section 3; details from System.Net.Http a37532d0.</summary>
    public sealed class ChunkTests
    {
        private const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n";

        [Theory]
        [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello")]
        [InlineData("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "hello")]
        [InlineData("5;name=value\r\nhello\r\n0\r\n\r\n", "hello")]
        [InlineData("0005 \r\nhello\r\n0\r\n\r\n", "hello")]
        [InlineData("a\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", "0123456789")]
        [InlineData("0x5\r\nhello\r\n0\r\n", "hello")]
        [InlineData("5\r\nhello0\r\n", "hello")]
        public void Chunks_are_put_together_and_trailers_left_unread(string chunks, string expected)
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold(Head + chunks));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal(-1, response.ContentLength);
            Assert.Equal(expected, Requests.ReadToEnd(response));
        }

        [Fact]
        public void A_body_of_many_chunks_comes_out_whole_whatever_the_buffer()
        {
            byte[] body = new byte[20_000];
            new Random(1).NextBytes(body);
            Random cuts = new(2);
            foreach (int bufferSize in new[] { 1, 100, 256, 1000, 4096 })
            {
                using ScriptedServer server = new(connection =>
                {
                    connection.ReadHead();
                    connection.Send(Head);
                    for (int sent = 0; sent < body.Length;)
                    {
                        int size = Math.Min(cuts.Next(1, 1500), body.Length - sent);
                        connection.Send($"{size:X}\r\n");
                        connection.Send(body[sent..(sent + size)]);
                        connection.Send("\r\n");
                        sent += size;
                    }

                    connection.Send("0\r\n\r\n");
                });
                using DeviceHttpResponse response = Requests.Get(server.Url());
                Assert.Equal(System.Text.Encoding.Latin1.GetString(body), Requests.ReadToEnd(response, bufferSize));
            }
        }

        [Theory]
        [InlineData("5;name\r\nhello\r\n", typeof(ProtocolViolationException))]
        [InlineData("5;a=b;c=d\r\nhello\r\n", typeof(ProtocolViolationException))]
        [InlineData("5\rhello", typeof(ProtocolViolationException))]
        [InlineData("5\nhello", typeof(ProtocolViolationException))]
        [InlineData("=5\r\nhello", typeof(ProtocolViolationException))]
        [InlineData("xyz\r\nhello", typeof(FormatException))]
        [InlineData("\r\n\r\n5\r\nhello", typeof(FormatException))]
        [InlineData("100000000\r\nhello", typeof(ArgumentOutOfRangeException))]
        public void A_chunk_that_is_none_fails_without_being_wrapped(string chunks, Type failure)
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold(Head + chunks));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Throws(failure, () => Requests.ReadToEnd(response));
        }

        [Fact]
        public void A_chunk_header_has_at_most_1024_bytes()
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold(Head + new string('0', 1025)));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Throws<IndexOutOfRangeException>(() => Requests.ReadToEnd(response));
        }

        [Fact]
        public void Within_a_chunk_an_early_close_is_0_and_between_chunks_an_aborted_connection()
        {
            using ScriptedServer server = new(ScriptedServer.Answer(Head + "6\r\nhello"), ScriptedServer.Answer(Head + "5\r\nhello"));
            using (DeviceHttpResponse response = Requests.Get(server.Url()))
            {
                Assert.Equal("hello", Requests.ReadToEnd(response, 5));
            }

            using (DeviceHttpResponse response = Requests.Get(server.Url()))
            {
                DeviceSocketException failure = Assert.Throws<DeviceSocketException>(() => Requests.ReadToEnd(response, 5));
                Assert.Equal((int)SocketError.ConnectionAborted, failure.ErrorCode);
            }
        }

        [Theory]
        [InlineData("-1")]
        [InlineData("80000000")]
        public void A_negative_size_is_a_huge_chunk(string size)
        {
            using ScriptedServer server = new(ScriptedServer.Answer($"{Head}{size}\r\n0\r\n\r\nanything"));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.Equal("0\r\n\r\nanything", Requests.ReadToEnd(response, 13));
        }

        [Fact]
        public void A_Content_Length_beside_the_chunks_ends_the_body_as_well_give_or_take_a_buffer()
        {
            using ScriptedServer server = new(ScriptedServer.AnswerAndHold(
                "HTTP/1.1 200 OK\r\nContent-Length: 600\r\nTransfer-Encoding: chunked\r\n\r\n2328\r\n" + new string('x', 9000)));
            using DeviceHttpResponse response = Requests.Get(server.Url());
            Assert.InRange(Requests.ReadToEnd(response, 300).Length, 600, 600 + 256);
        }
    }
}
