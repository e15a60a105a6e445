using nanoOta.Tests.Signing;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Servers
{
    /// <summary>The channel without a cloud, when the document is an update request and not a manifest: any server can send one.</summary>
    public sealed class HttpOfferTests
    {
        [Fact]
        public void An_update_request_brings_percentage_window_and_start_and_its_files_lie_beside_it()
        {
            UpdateOffer offer = Read("""{"updateVersion":"1.1.0","updateShare":5,"updateWindow":"22:00-04:00","updateAfter":"2026-11-20T22:00:00Z","updateRetry":"2","note":{"a":[1]}}""", out string root)!;
            Assert.Equal(("1.1.0", root + "www/", 5, 1320, 240, "2"), (offer.Version.Text, offer.Url, offer.Percentage, offer.WindowStart, offer.WindowEnd, offer.Retry));
            Assert.Equal((ResultCode.None, null, null, 1795212000L), (offer.Code, offer.Document, offer.Digest, offer.After));
        }

        [Fact]
        public void A_folder_beside_it_or_a_container_of_its_own_can_be_named()
        {
            UpdateOffer back = Read("""{"updateVersion":"1.1.0","updateFolder":"back-7"}""", out string root)!;
            Assert.Equal((ResultCode.None, root + "www/back-7/"), (back.Code, back.Url));
            UpdateOffer away = Read("""{"updateVersion":"1.1.0","updateUrl":"https://contoso.blob.core.windows.net/firmware?sig=x","updateFolder":"back-7"}""", out _)!;
            Assert.Equal(("https://contoso.blob.core.windows.net/firmware/", "sig=x"), (away.Url, away.Token));
        }

        [Theory]
        [InlineData("""{"updateVersion":null}""")]
        [InlineData("""{"updateVersion":null,"paused":{"updateVersion":"1.1.0"}}""")]
        public void A_version_of_null_requests_nothing(string document)
        {
            Assert.Null(Read(document, out _));
        }

        [Theory]
        [InlineData("""{"updateVersion":"1.1.0","updateFolder":"http://192.0.2.1/x"}""", ResultCode.UrlMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateFolder":"//192.0.2.1/x"}""", ResultCode.UrlMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateFolder":"a b"}""", ResultCode.UrlMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateFolder":7}""", ResultCode.UrlMalformed)]
        [InlineData("""{"updateVersion":"one"}""", ResultCode.VersionMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateShare":101}""", ResultCode.OfferMalformed)]
        [InlineData("""{"update":{"version":"1.1.0","url":"http://192.0.2.1/x.bin","size":4,"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}}""", ResultCode.OfferMalformed)]
        public void What_a_hostile_server_may_write_is_refused(string document, ResultCode code)
        {
            UpdateOffer offer = Read(document, out _)!;
            Assert.Equal(code, offer.Code);
            Assert.Null(offer.Manifest);
        }

        [Theory]
        [InlineData("""{"schema":1,"version":"1.1.0","updateVersion":"1.2.0"}""")]
        [InlineData("""{"updateVersion":"1.2.0","schema":1}""")]
        [InlineData("""{"updateVersion":"1.2.0" """)]
        [InlineData("""{}""")]
        [InlineData("<html>")]
        [InlineData("""["updateVersion"]""")]
        public void What_names_a_schema_or_is_no_update_request_is_judged_as_a_manifest(string document)
        {
            UpdateOffer offer = Read(document, out _)!;
            Assert.Equal(document.Length, offer.Document.Length);
            Assert.Null(offer.Version);
        }

        [Theory]
        [InlineData(false, false, ResultCode.InsecureTransport)]
        [InlineData(true, false, ResultCode.None)]
        [InlineData(false, true, ResultCode.None)]
        public void Over_plain_http_it_counts_only_where_a_signature_or_the_application_allows_it(bool allows, bool hasKeys, ResultCode code)
        {
            const string Away = """{"updateVersion":"9.0.0","updateUrl":"https://evil.example/"}""", Here = """{"updateVersion":"9.0.0"}""";
            var options = new UpdateAgentOptions { DeviceId = "washer-0042", Hasher = new ManagedHasher(), AllowUnsignedHttp = allows, Verifier = hasKeys ? new Believer() : null };
            Assert.Equal(code, Read(Away, out _, options)!.Code);
            Assert.Equal(code, Read(Here, out _, options)!.Code);
        }

        private static UpdateOffer? Read(string document, out string root, UpdateAgentOptions? options = null)
        {
            options ??= new UpdateAgentOptions { DeviceId = "washer-0042", Hasher = new ManagedHasher(), AllowUnsignedHttp = true };
            using var server = new ScriptedServer(ScriptedServer.Answer($"HTTP/1.1 200 OK\r\nContent-Length: {document.Length}\r\nConnection: close\r\n\r\n{document}"));
            string url = server.Url("/www/offer.json");
            root = url[..^"www/offer.json".Length];
            var channel = new HttpChannel(options, url, new HttpImageSource(new UpdateAgentOptions(), null), 60);
            while (channel.Step(0) <= 0)
            {
            }

            Assert.Equal(1, channel.Answers);
            return channel.Offer;
        }
    }
}
