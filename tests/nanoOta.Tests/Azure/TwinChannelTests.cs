namespace nanoOta.Tests.Azure
{
    /// <summary>How the twin's update requests are heard, and what must not deafen a device (facts/nanoframework.md, sections 1, 2 and 11).</summary>
    public sealed class TwinChannelTests
    {
        private const string Rubbish = """{"theirs":"caf\u002B"}""";

        [Fact]
        public void After_connecting_the_request_is_known()
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            Assert.Equal(("1.1.0", "https://files.example/firmware/", 1), (bench.Version, bench.Channel.Offer!.Url, bench.Channel.Answers));
            Assert.Equal((1, 1), (bench.Hub.Connects, bench.Hub.TwinReads));
        }

        [Fact]
        public void Without_a_request_there_is_an_answer_and_no_offer()
        {
            TwinBench bench = new TwinBench().Run(5);
            Assert.Null(bench.Channel.Offer);
            Assert.Equal(1, bench.Channel.Answers);
        }

        [Fact]
        public void A_patch_is_a_bell_and_the_whole_twin_is_fetched()
        {
            TwinBench bench = new TwinBench("""{"updateUrl":"https://files.example/firmware"}""").Run(5);
            bench.Hub.PatchDesired("""{"updateVersion":"1.1.0"}""");
            bench.Run(3);
            Assert.Equal(("1.1.0", "https://files.example/firmware/"), (bench.Version, bench.Channel.Offer!.Url));
            bench.Hub.PatchDesired("""{"updateVersion":null}""");
            bench.Run(3);
            Assert.Null(bench.Channel.Offer);
            Assert.Equal(3, bench.Hub.TwinReads);
        }

        [Fact]
        public void A_patch_missed_while_offline_is_found_after_the_reconnection()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.Drop();
            bench.Hub.PatchDesired(TwinBench.Request);
            bench.Run(20);
            Assert.Equal(("1.1.0", 2), (bench.Version, bench.Hub.Connects));
        }

        [Fact]
        public void What_throws_when_it_is_closed_after_a_drop_does_not_keep_the_next_from_opening()
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            bench.Hub.Drop();
            bench.Run(2);
            Assert.IsType<MqttCommunicationException>(bench.Connection.Fault);
            Assert.Null(bench.Connection.Client);
            bench.Run(20);
            Assert.True(bench.Hub.IsOnline);
            Assert.Equal((2, 2), (bench.Channel.Answers, bench.Connection.Connections));
        }

        [Fact]
        public void A_hub_that_is_away_for_a_day_is_asked_less_and_less_often_and_then_heard()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.Faults.Unreachable = true;
            bench.Hub.Drop();
            bench.Run(86400);
            bench.Hub.Twin.PatchDesired(TwinBench.Request);
            bench.Hub.Faults.Unreachable = false;
            Assert.Null(bench.Channel.Offer);
            bench.Run(1200);
            Assert.Equal("1.1.0", bench.Version);
            Assert.Equal(2, bench.Connection.Connections);
            Assert.InRange(bench.Clients, 70, 140);
        }

        [Theory]
        [InlineData(0)]
        [InlineData(1)]
        [InlineData(2)]
        public void A_connection_that_does_not_come_about_is_tried_again(int fault)
        {
            var bench = new TwinBench(TwinBench.Request);
            bench.Hub.Faults.NoName = fault == 0;
            bench.Hub.Faults.NoConnectAnswer = fault == 1;
            bench.Hub.Faults.RefuseWith = fault == 2 ? (byte)5 : null;
            bench.Run(60);
            Assert.Equal((null, 0), (bench.Version, bench.Connection.Connections));
            bench.Hub.Faults.NoName = bench.Hub.Faults.NoConnectAnswer = false;
            bench.Hub.Faults.RefuseWith = null;
            bench.Run(120);
            Assert.Equal(("1.1.0", 1), (bench.Version, bench.Connection.Connections));
        }

        [Fact]
        public void A_refusal_costs_a_thread_and_so_refusals_get_rare()
        {
            var bench = new TwinBench(TwinBench.Request);
            bench.Hub.Faults.RefuseWith = 5;
            bench.Run(3600);
            Assert.InRange(bench.Clock.Schedule.LeakedThreads, 5, 12);
        }

        [Theory]
        [InlineData("{}")]
        [InlineData(Rubbish)]
        public void A_link_that_is_dead_and_does_not_say_so_is_left_after_the_first_question_without_an_answer(string desired)
        {
            // A twin that cannot be read takes 15 s.
            TwinBench bench = new TwinBench(desired).Run(20);
            Assert.Equal(1, bench.Channel.Answers);
            bench.Hub.GoSilent();
            bench.Connection.RequestTwin();
            bench.Run(30);
            Assert.Equal((2, true), (bench.Hub.Connects, bench.Hub.IsOnline));
        }

        [Fact]
        public void A_twin_that_nobody_sends_is_asked_for_on_another_connection()
        {
            var bench = new TwinBench(TwinBench.Request);
            bench.Hub.Faults.NoTwinAnswer = true;
            bench.Run(40);
            Assert.Equal((0, 2), (bench.Channel.Answers, bench.Hub.Connects));
            bench.Hub.Faults.NoTwinAnswer = false;
            bench.Run(60);
            Assert.Equal("1.1.0", bench.Version);
        }

        [Theory]
        [InlineData(429)]
        [InlineData(503)]
        [InlineData(412)]
        public void The_empty_twin_that_the_client_makes_of_a_refusal_withdraws_nothing(int code)
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            bench.Hub.Faults.Codes.Enqueue(code);
            bench.Hub.PatchDesired("""{"theirs":1}""");
            bench.Run(3);
            Assert.Equal((HubStatus.TwinReceived, "1.1.0", 1), (bench.Heard[^1], bench.Version, bench.Channel.Answers));
            Assert.Empty(bench.Hub.Faults.Codes);
            bench.Run(20);
            Assert.Equal(("1.1.0", 2, 1), (bench.Version, bench.Channel.Answers, bench.Hub.Connects));
        }

        [Fact]
        public void A_hub_that_throttles_is_asked_less_and_less_often_and_sent_nothing()
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            Enumerable.Repeat(429, 1000).ToList().ForEach(bench.Hub.Faults.Codes.Enqueue);
            bench.Hub.PatchDesired("""{"theirs":1}""");
            bench.Run(5);
            bench.Report(UpdateState.Wait);
            bench.Run(3600);
            Assert.InRange(1000 - bench.Hub.Faults.Codes.Count, 5, 20);
            Assert.Equal(1, bench.Hub.Connects);
            bench.Hub.Faults.Codes.Clear();
            bench.Run(1200);
            Assert.Equal((1, "waiting"), (bench.Hub.Connects, (string?)bench.Ota!["state"]));
        }

        [Theory]
        [InlineData(400)]
        [InlineData(404)]
        [InlineData(500)]
        public void An_error_that_the_client_does_not_answer_with_ends_in_another_try(int code)
        {
            var bench = new TwinBench(TwinBench.Request);
            bench.Hub.Faults.Codes.Enqueue(code);
            bench.Run(60);
            Assert.Equal(("1.1.0", 1), (bench.Version, bench.Channel.Answers));
        }

        [Theory]
        [InlineData(Rubbish)]
        [InlineData("""{"theirs":"a\/b"}""")]
        [InlineData("""{"theirs":"\u003c"}""")]
        [InlineData("""{"theirs":"\u00f6"}""")]
        [InlineData("""{"theirs":[[1]]}""")]
        public void A_foreign_property_that_the_client_cannot_read_has_its_own_code(string rubbish)
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.PatchDesired(rubbish);
            bench.Run(20);
            Assert.Equal((ResultCode.TwinUnreadable, 2, 1), (bench.Channel.Offer!.Code, bench.Channel.Answers, bench.Hub.Connects));
            bench.Hub.PatchDesired("""{"theirs":null,"updateVersion":"1.1.0"}""");
            bench.Run(20);
            Assert.Equal((ResultCode.None, "1.1.0"), (bench.Channel.Offer!.Code, bench.Version));
        }

        [Fact]
        public void An_update_under_way_goes_on_when_the_twin_becomes_unreadable()
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            bench.Report(UpdateState.Download);
            bench.Hub.PatchDesired(Rubbish);
            bench.Run(20);
            Assert.Equal("1.1.0", bench.Version);
            bench.Report(UpdateState.Idle);
            bench.Run(20);
            Assert.Equal(ResultCode.TwinUnreadable, bench.Channel.Offer!.Code);
            bench.Report(UpdateState.Check);
            bench.Run(20);
            Assert.Equal(ResultCode.TwinUnreadable, bench.Channel.Offer!.Code);
        }

        [Fact]
        public void Foreign_properties_that_can_be_read_may_hold_anything()
        {
            string many = string.Join(",", Enumerable.Range(0, 150).Select(i => $"\"p{i}\":{{\"update\":{i}}}"));
            TwinBench bench = new TwinBench($$$"""
                {"theirs":{"updateVersion":"9.9.9","$version":7,"ota":{"id":"1"}},"update1":[1,{"a":null}],"date":"2026-11-20T10:00:00-build5",
                 "big":12345678901234567890,"x":-1.5e300,{{{many}}},"updateVersion":"1.1.0","updateUrl":"https://files.example/firmware"}
                """).Run(5);
            Assert.Equal(("1.1.0", ResultCode.None), (bench.Version, bench.Channel.Offer!.Code));
        }

        [Fact]
        public void What_looks_like_a_date_stays_what_it_is()
        {
            TwinBench bench = new TwinBench("""
                {"updateVersion":"1.1.0-20261120T101010Z.build","updateRetry":"20261120-101010-abcdef","updateAfter":"2026-11-20T22:00:00Z","updateUrl":"https://files.example/firmware"}
                """).Run(5);
            UpdateOffer offer = bench.Channel.Offer!;
            Assert.Equal(("1.1.0-20261120T101010Z.build", "20261120-101010-abcdef", 1795212000L), (offer.Version.Text, offer.Retry, offer.After));
        }

        [Theory]
        [InlineData("3", "3.0.0")]
        [InlineData("0", "0.0.0")]
        [InlineData("-1", null)]
        [InlineData("1.5", null)]
        [InlineData("true", null)]
        public void A_bare_number_is_a_major_version(string number, string? version)
        {
            TwinBench bench = new TwinBench($$"""{"updateVersion":{{number}},"updateUrl":"https://files.example"}""").Run(5);
            Assert.Equal((version, version == null ? ResultCode.VersionMalformed : ResultCode.None), (bench.Channel.Offer!.Version?.Text, bench.Channel.Offer.Code));
        }

        [Theory]
        [InlineData("""{"updateVersion":{"a":1},"updateUrl":"https://files.example"}""", ResultCode.VersionMalformed)]
        [InlineData("""{"updateVersion":["1.1.0"],"updateUrl":"https://files.example"}""", ResultCode.VersionMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":5}""", ResultCode.UrlMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateShare":"half"}""", ResultCode.OfferMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","update":{}}""", ResultCode.OfferAmbiguous)]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"https://files.example","updateWindow":"00:00-23:59"}""", ResultCode.None)]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"https://files.example","updateWindow":"00:00-24:00"}""", ResultCode.OfferMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"https://files.example","updateWindow":"00:00-23:60"}""", ResultCode.OfferMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"https://files.example","updateWindow":"0::00-04:00"}""", ResultCode.OfferMalformed)]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"https://files.example","updateWindow":"0/:00-04:00"}""", ResultCode.OfferMalformed)]
        [InlineData("""{"update":"1.1.0"}""", ResultCode.OfferMalformed)]
        public void A_request_of_the_wrong_type_has_the_code_of_that(string desired, ResultCode code)
        {
            TwinBench bench = new TwinBench(desired).Run(5);
            Assert.Equal(code, bench.Channel.Offer!.Code);
        }

        [Theory]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"URL"}""", 2048, ResultCode.None)]
        [InlineData("""{"updateVersion":"1.1.0","updateUrl":"URL"}""", 2049, ResultCode.UrlTooLong)]
        [InlineData("""{"update":{"version":"1.1.0","url":"URL","size":1,"sha256":"00"}}""", 2049, ResultCode.UrlTooLong)]
        public void A_request_whose_URL_is_too_long_says_so(string desired, int length, ResultCode code)
        {
            string url = "https://files.example/".PadRight(length, 'a');
            TwinBench bench = new TwinBench(desired.Replace("URL", url)).Run(5);
            Assert.Equal(code, bench.Channel.Offer!.Code);
        }

        [Theory]
        [InlineData(32000, ResultCode.None)]
        [InlineData(33000, ResultCode.TwinUnreadable)]
        public void A_twin_that_is_too_large_is_not_read(int length, ResultCode code)
        {
            TwinBench bench = new TwinBench($$"""{"theirs":"{{new string('x', length)}}","updateVersion":"1.1.0"}""").Run(5);
            Assert.Equal((code, 1), (bench.Channel.Offer!.Code, bench.Channel.Answers));
        }

        [Theory]
        [InlineData(250, ResultCode.None)]
        [InlineData(260, ResultCode.TwinUnreadable)]
        public void A_twin_of_too_many_members_is_not_read(int members, ResultCode code)
        {
            string many = string.Join(",", Enumerable.Range(0, members).Select(i => $"\"p{i}\":{i}"));
            TwinBench bench = new TwinBench($$$"""{{{{many}}},"updateVersion":"1.1.0"}""").Run(5);
            Assert.Equal((code, 1), (bench.Channel.Offer!.Code, bench.Channel.Answers));
        }

        [Fact]
        public void An_older_twin_that_comes_late_is_no_new_request()
        {
            TwinBench bench = new TwinBench().Run(5);
            string old = bench.Hub.Twin.Text;
            bench.Hub.PatchDesired(TwinBench.Request);
            bench.Run(5);
            bench.Hub.Faults.NoTwinAnswer = true;
            bench.Clock.Schedule.Add(2000, null, () => bench.Hub.Deliver("$iothub/twin/res/200/?$rid=0", old));
            bench.Connection.RequestTwin();
            bench.Run(5);
            Assert.Equal(("1.1.0", 3, 1), (bench.Version, bench.Channel.Answers, bench.Hub.Connects));
        }

        [Fact]
        public void A_device_made_anew_in_the_hub_is_heard_though_its_versions_begin_again()
        {
            var bench = new TwinBench();
            Enumerable.Range(0, 20).ToList().ForEach(i => bench.Hub.Twin.PatchDesired($"{{\"theirs\":{i}}}"));
            bench.Run(5);
            bench.Renew("""{"updateVersion":"1.1.0"}""");
            bench.Run(20);
            Assert.Equal("1.1.0", bench.Version);
        }

        [Fact]
        public void The_connection_is_renewed_before_the_client_s_own_timer_would()
        {
            TwinBench bench = new TwinBench().Run(3 * 86400);
            Assert.Equal((4, 4, 4), (bench.Hub.Connects, bench.Connection.Connections, bench.Channel.Answers));
            Assert.Empty(bench.Clock.Schedule.Uncaught);
            Assert.Equal(1, bench.Hub.HeldSessions);
            Assert.DoesNotContain(HubStatus.Disconnected, bench.Heard);
        }

        [Fact]
        public void Nothing_is_parsed_or_done_on_the_client_s_thread()
        {
            // A patch that the client cannot parse: with a subscriber to TwinUpdated it would say so.
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.Deliver("$iothub/twin/PATCH/properties/desired/?$version=9", Rubbish);
            bench.Clock.Skip(100);
            Assert.Equal(HubStatus.TwinUpdateReceived, bench.Heard[^1]);
            Assert.Equal(1, bench.Hub.TwinReads);
            bench.Run(3);
            Assert.Equal(2, bench.Hub.TwinReads);
        }

        [Fact]
        public void A_session_is_given_up_for_a_download_and_made_anew_at_the_next_step()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.Faults.MostSessions = 1;
            bench.Channel.Pause();
            Assert.Equal((0, false), (bench.Hub.HeldSessions, bench.Connection.IsReady(bench.Clock.TickCount64)));
            bench.Hub.PatchDesired(TwinBench.Request);
            bench.Run(5);
            Assert.Equal(("1.1.0", 2), (bench.Version, bench.Hub.Connects));
            bench.Channel.Pause();
            bench.Channel.Pause();
            Assert.Equal(0, bench.Hub.HeldSessions);
        }

        [Theory]
        [InlineData("{}")]
        [InlineData(Rubbish)]
        public void A_state_that_comes_back_is_reported_again_although_the_twin_fetched_last_shows_it(string desired)
        {
            var bench = new TwinBench(desired);
            bench.Report(UpdateState.Idle);
            bench.Run(60);
            Assert.Equal(("idle", true), ((string?)bench.Ota!["state"], bench.Channel.IsReported));
            bench.Report(UpdateState.Check);
            bench.Channel.Step(bench.Clock.TickCount64);
            bench.Clock.Skip(200);
            Assert.Equal("checking", (string?)bench.Ota!["state"]);
            bench.Report(UpdateState.Idle);
            Assert.False(bench.Channel.IsReported);
            bench.Run(60);
            Assert.Equal(("idle", true), ((string?)bench.Ota!["state"], bench.Channel.IsReported));
        }
    }
}
