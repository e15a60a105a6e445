using System.Text;
using nanoOta.Tests.Servers;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Http
{
    /// <summary>The channel without a cloud, against a server that keeps to its script.</summary>
    public sealed class HttpChannelTests
    {
        private const string Manifest = """{"schema":1,"version":"1.1.0"}""";
        private const int Interval = 60;

        private readonly UpdateStatus _status = new() { Current = "1.0.0", Slot = "deploy_0" };

        [Fact]
        public void Each_check_reads_the_manifest_whatever_validators_say()
        {
            using var server = new ScriptedServer(
                Answers("200 OK", Manifest, "ETag: \"a\"\r\n"),
                Answers("200 OK", Manifest, "ETag: \"b\"\r\n"),
                Answers("200 OK", Manifest + " ", "ETag: \"b\"\r\n"));
            HttpChannel channel = Channel(server, out long now);
            UpdateOffer first = channel.Offer!;
            Assert.Equal((1, Manifest), (channel.Answers, Encoding.ASCII.GetString(first.Document)));
            now = Poll(channel, now);
            Assert.Equal((2, true), (channel.Answers, channel.Offer!.IsSameUpdate(first)));
            Poll(channel, now);
            Assert.Equal((3, false), (channel.Answers, channel.Offer!.IsSameUpdate(first)));
            Assert.Equal(Manifest + " ", Encoding.ASCII.GetString(channel.Offer.Document));
            Assert.All(server.Heads, head => Assert.DoesNotContain("If-", head));
            Assert.All(server.Heads, head => Assert.Contains("\r\nNanoota-Device: washer-0042\r\n", head));
        }

        [Fact]
        public void CheckNow_reads_the_manifest_before_the_interval_is_over()
        {
            using var server = new ScriptedServer(Answers("200 OK", Manifest, ""), Answers("200 OK", Manifest + " ", ""));
            HttpChannel channel = Channel(server, out long now);
            channel.Step(now);
            Assert.Equal(1, channel.Answers);
            channel.CheckNow();
            Poll(channel, now);
            Assert.Equal((2, Manifest + " "), (channel.Answers, Encoding.ASCII.GetString(channel.Offer!.Document)));
        }

        [Fact]
        public void A_manifest_that_broke_off_is_asked_for_whole_again()
        {
            using var server = new ScriptedServer(
                ScriptedServer.Answer($"HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: {Manifest.Length}\r\n\r\n{Manifest[..10]}"),
                Answers("200 OK", Manifest, "ETag: \"a\"\r\n"));
            HttpChannel channel = Channel(server, out long now);
            Assert.Null(channel.Offer);
            Poll(channel, now);
            Assert.Equal(Manifest, Encoding.ASCII.GetString(channel.Offer!.Document));
            Assert.All(server.Heads, head => Assert.DoesNotContain("If-None-Match", head));
        }

        [Fact]
        public void A_report_waits_a_second_at_a_time_for_a_session_that_another_has()
        {
            using var server = new ScriptedServer(Answers("200 OK", Manifest, "Nanoota-Report: /report\r\n"), Answers("204 No Content", "", ""));
            UpdateAgentOptions options = HostOptions.Create("washer-0042");
            var channel = new HttpChannel(options, server.Url("/latest.json"), new HttpImageSource(options, null), Interval);
            long now = Look(channel, 0);
            options.Session.Holder = this;
            channel.Report(_status);
            for (int i = 0; i < 5; i++)
            {
                channel.Step(now);
                Assert.Equal((now + 1000, false, 1), (channel.Step(now), channel.IsReported, server.Accepted));
                now += 1000;
            }

            options.Session.Release(this);
            channel.Step(now);
            Assert.Equal((true, 2), (channel.IsReported, server.Accepted));
        }

        [Theory]
        [InlineData("/c/latest.json", "{}", null)]
        [InlineData("/c/latest.json?sv=1&sig=a", "{}", "sv=1&sig=a")]
        [InlineData("/c/latest.json?sv=1&sig=a", """{"updateToken":"sig=b"}""", "sig=b")]
        public void Files_beside_a_request_are_fetched_with_its_own_query_or_with_the_token_that_it_has(string path, string more, string? token)
        {
            string body = """{"updateVersion":"1.1.0",""" + more[1..];
            using var server = new ScriptedServer(Answers("200 OK", body.Replace(",}", "}"), ""));
            UpdateAgentOptions options = HostOptions.Create("washer-0042");
            options.AllowUnsignedHttp = true;
            var channel = new HttpChannel(options, server.Url(path), new HttpImageSource(options, null), Interval);
            Look(channel, 0);
            Assert.Equal((ResultCode.None, server.Url("/c/"), token), (channel.Offer!.Code, channel.Offer.Url, channel.Offer.Token));
        }

        [Fact]
        public void Two_devices_do_not_ask_at_the_same_time()
        {
            using var server = new ScriptedServer(Answers("200 OK", Manifest, ""), Answers("200 OK", Manifest, ""));
            long one = Due(Channel(server, out long now, "washer-0042"), now);
            long other = Due(Channel(server, out now, "washer-0043"), now);
            Assert.NotEqual(one, other);
            Assert.All([one, other], due => Assert.InRange(due, Interval * 750, Interval * 1250));
        }

        [Fact]
        public void A_report_goes_to_the_server_that_asks_for_it_the_newest_alone_and_not_too_often()
        {
            var bodies = new List<string>();
            using var server = new ScriptedServer(
                Answers("200 OK", Manifest, "Nanoota-Report: /devices/report?x=1\r\n"), Takes(bodies), Takes(bodies));
            HttpChannel channel = Channel(server, out long now);
            Assert.True(channel.IsReported);
            _status.State = UpdateState.Wait;
            channel.Report(_status);
            Assert.False(channel.IsReported);
            channel.Step(now);
            Assert.True(channel.IsReported);
            _status.State = UpdateState.Download;
            channel.Report(_status);
            _status.State = UpdateState.Reboot;
            channel.Report(_status);
            long due = channel.Step(now);
            Assert.Equal((now + 10000, false), (due, channel.IsReported));
            channel.Step(due);
            Assert.True(channel.IsReported);
            Assert.Equal(2, bodies.Count);
            Assert.Equal(StatusReport.ToJson(_status), bodies[1]);
            string post = server.Heads.ElementAt(1);
            Assert.StartsWith("POST /devices/report?x=1 HTTP/1.1\r\n", post);
            Assert.Contains("\r\nNanoota-Device: washer-0042\r\n", post);
            Assert.Contains("\r\nContent-Type: application/json\r\n", post);
        }

        [Fact]
        public void A_report_is_sent_again_when_the_server_is_busy_and_given_up_when_it_is_not_wanted()
        {
            using var server = new ScriptedServer(
                Answers("200 OK", Manifest, "Nanoota-Report: /report\r\n"),
                Answers("503 Service Unavailable", "", "Retry-After: 20\r\n"),
                connection => { },
                Answers("404 Not Found", "", ""));
            HttpChannel channel = Channel(server, out long now);
            channel.Report(_status);
            channel.Step(now);
            Assert.False(channel.IsReported);
            long due = Due(channel, now);
            Assert.InRange(due - now, 15000, 25000);
            channel.Step(due);
            Assert.False(channel.IsReported);
            channel.Step(Due(channel, due));
            Assert.True(channel.IsReported);
            Assert.Equal(4, server.Accepted);
        }

        [Theory]
        [InlineData("")]
        [InlineData("Nanoota-Report: http://192.0.2.1/report\r\n")]
        [InlineData("Nanoota-Report: //192.0.2.1/report\r\n")]
        [InlineData("Nanoota-Report: report\r\n")]
        [InlineData("Nanoota-Report: \\report\r\n")]
        [InlineData("Nanoota-Report:\r\n")]
        public void No_report_goes_to_where_it_is_not_wanted_or_to_another_host(string header)
        {
            using var server = new ScriptedServer(Answers("200 OK", Manifest, header));
            HttpChannel channel = Channel(server, out long now);
            channel.Report(_status);
            Assert.True(channel.IsReported);
            Assert.InRange(Due(channel, now), Interval * 750, Interval * 1250);
            Assert.Equal(1, server.Accepted);
        }

        private static Action<ServedConnection> Answers(string status, string body, string headers)
        {
            return ScriptedServer.Answer($"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}");
        }

        private static Action<ServedConnection> Takes(List<string> bodies)
        {
            return connection =>
            {
                string head = connection.ReadHead();
                string length = head.Split("Content-Length: ")[1].Split("\r\n")[0];
                bodies.Add(Encoding.UTF8.GetString(connection.ReadBody(int.Parse(length))));
                connection.Send("HTTP/1.1 204 No Content\r\n\r\n");
            };
        }

        // The channel after its first look.
        private static HttpChannel Channel(ScriptedServer server, out long now, string deviceId = "washer-0042")
        {
            var channel = new HttpChannel(HostOptions.Create(deviceId), server.Url("/latest.json"), new HttpImageSource(new UpdateAgentOptions(), null), Interval);
            now = Look(channel, 0);
            return channel;
        }

        [Fact]
        public void A_server_that_sends_byte_after_byte_has_the_session_for_two_minutes_and_no_longer()
        {
            (HttpChannel channel, UpdateAgentOptions options) = Slow(1);
            long now = 0;
            for (int tries = 0; tries < 6; tries++)
            {
                long began = now = Math.Max(now, channel.Step(now));
                channel.Step(now);
                Assert.Same(channel, options.Session.Holder);
                while (options.Session.Holder != null)
                {
                    // Just before a read is given up.
                    now += 14_900;
                    channel.Step(now);
                }

                Assert.InRange(now - began, 120_000, 135_000);
            }

            Assert.Equal((0, ResultCode.TooSlow), (channel.Answers, channel.Offer!.Code));
        }

        [Theory]
        [InlineData(1024)]
        [InlineData(40)]
        public void A_link_that_is_slow_and_steady_brings_its_document(int bytesASecond)
        {
            (HttpChannel channel, UpdateAgentOptions options) = Slow(bytesASecond);
            long now = 0;
            for (channel.Step(now); options.Session.Holder != null; now += 1000)
            {
                channel.Step(now);
            }

            Assert.Equal((1, UpdateManifest.MaxLength), (channel.Answers, channel.Offer!.Document.Length));
        }

        [Fact]
        public void A_document_that_gave_way_to_another_connection_begins_anew_with_time_of_its_own()
        {
            (HttpChannel channel, UpdateAgentOptions options) = Slow(1024);
            channel.Step(0);
            channel.Step(100);
            channel.Pause();
            long now = 3_600_000;
            Assert.True(options.Session.Take(this, now));
            Assert.Equal(now + 1000, channel.Step(now));
            options.Session.Release(this);
            Look(channel, now + 1000);
            Assert.Equal((1, UpdateManifest.MaxLength), (channel.Answers, channel.Offer!.Document.Length));
        }

        // A document of just the longest length, so many bytes in each read.
        private static (HttpChannel Channel, UpdateAgentOptions Options) Slow(int maxRead)
        {
            var server = new MemoryServer { MaxRead = maxRead };
            server.Put("https://here/latest.json", Encoding.ASCII.GetBytes(Manifest.PadRight(UpdateManifest.MaxLength)));
            UpdateAgentOptions options = HostOptions.Create("washer-0042");
            return (new HttpChannel(options, "https://here/latest.json", server.Connect(), Interval), options);
        }

        // Steps until there is nothing to do at once.
        private static long Look(HttpChannel channel, long now)
        {
            while (channel.Step(now) <= now)
            {
            }

            return now;
        }

        private static long Due(HttpChannel channel, long now) => channel.Step(now);

        private static long Poll(HttpChannel channel, long now) => Look(channel, Due(channel, now));
    }
}
