using System.Net;
using FsCheck;
using FsCheck.Fluent;
using nanoOta.Tests.Servers;

namespace nanoOta.Tests.StandIns.Http
{
    /// <summary>Whatever a server sends, a request ends, and in one of the few ways that device code can expect.</summary>
    public sealed class HostileServerTests
    {
        private static readonly string[] _pieces =
        [
            "HTTP/1.1 200 OK", "HTTP/1.0", "HTTP/1.1 100 Continue", "\r\n", "\r\n\r\n", "\n", "\r", " ", "\t", ":", ";", "=",
            "Content-Length: 5", "Content-Length: -5", "Content-Length: 99999999999", "Transfer-Encoding: chunked", "0\r\n",
            "5\r\nhello\r\n", "FFFFFFFF\r\n", "A: b", "\0", "\xFF", "xyz", new('a', 300), new('b', 4000),
        ];

        [Fact]
        public void Every_response_ends()
        {
            Gen<string> response = Gen.Elements(_pieces).ListOf().Select(pieces => string.Concat(pieces));
            Prop.ForAll(Arb.From(response), EndsAsExpected).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
        }

        private static bool EndsAsExpected(string text)
        {
            using ScriptedServer server = new(ScriptedServer.Answer(text));
            try
            {
                using DeviceHttpResponse response = Requests.Get(server.Url());
                Requests.ReadToEnd(response);
                return true;
            }
            catch (DeviceWebException)
            {
                return true;
            }
            catch (Exception e) when (e is DeviceSocketException or ProtocolViolationException or FormatException
                or ArgumentOutOfRangeException or IndexOutOfRangeException)
            {
                return true;
            }
        }
    }
}
