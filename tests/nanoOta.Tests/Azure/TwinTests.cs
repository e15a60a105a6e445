using System.Text;

namespace nanoOta.Tests.Azure
{
    /// <summary>What DeviceClient makes of twins, patches and answers (facts/nanoframework.md, sections 1 and 11).</summary>
    public sealed class TwinTests
    {
        private readonly ClientBench _bench = new();

        [Fact]
        public void The_twins_raw_text_comes_with_the_status()
        {
            _bench.Hub.PatchDesired("""{"updateVersion":"1.1.0"}""");
            DeviceClient client = _bench.Connected();

            DeviceTwin? twin = client.GetTwin(ClientBench.After(5000));

            Assert.Equal("1.1.0", twin!.Properties.Desired["updateVersion"]);
            Assert.Equal([HubStatus.TwinReceived], _bench.Heard);
            Assert.Equal("""{"desired":{"updateVersion":"1.1.0","$version":2},"reported":{"$version":1}}""", _bench.Messages[0]);
            Assert.Equal(2, twin.Properties.Desired.Version);
            Assert.Equal(0, twin.Version);
        }

        [Fact]
        public void The_twin_is_asked_about_every_200_milliseconds()
        {
            DeviceClient client = _bench.Connected();
            long asked = _bench.Clock.Uptime;

            Assert.NotNull(client.GetTwin(ClientBench.After(5000)));

            Assert.Equal(asked + 200, _bench.Clock.Uptime);
        }

        [Theory]
        [InlineData("""{"a":"\u002B"}""")]
        [InlineData("""{"a":"\u003c"}""")]
        [InlineData("""{"a":"\/"}""")]
        [InlineData("""{"a":[[1]]}""")]
        [InlineData("""{"a":{"b":[[1]]}}""")]
        [InlineData("""{"2026-11-20T10:00:00":1}""")]
        public void A_twin_that_the_client_cannot_read_is_an_internal_error_and_GetTwin_waits_on(string desired)
        {
            _bench.Hub.PatchDesired(desired);
            DeviceClient client = _bench.Connected();
            long asked = _bench.Clock.Uptime;

            DeviceTwin? twin = client.GetTwin(ClientBench.After(5000));

            Assert.Null(twin);
            Assert.Equal([HubStatus.InternalError], _bench.Heard);
            Assert.DoesNotContain("desired", _bench.Messages[0]);
            Assert.Equal(asked + 5000, _bench.Clock.Uptime);
        }

        [Fact]
        public void A_refusal_with_a_body_passes_for_a_twin_that_is_empty()
        {
            _bench.Hub.PatchDesired("""{"updateVersion":"1.1.0"}""");
            _bench.Hub.Faults.Codes.Enqueue(429);
            DeviceClient client = _bench.Connected();

            DeviceTwin? twin = client.GetTwin(ClientBench.After(5000));

            Assert.Equal(0, twin!.Properties.Desired.Count);
            Assert.False(twin.Properties.Desired.Contains("$version"));
            Assert.Equal([HubStatus.TwinReceived], _bench.Heard);
            Assert.Contains("429001", _bench.Messages[0]);
        }

        [Theory]
        [InlineData(400)]
        [InlineData(404)]
        [InlineData(500)]
        public void An_error_is_told_and_GetTwin_waits_on(int code)
        {
            _bench.Hub.Faults.Codes.Enqueue(code);
            DeviceClient client = _bench.Connected();

            Assert.Null(client.GetTwin(ClientBench.After(5000)));

            Assert.Equal([HubStatus.TwinUpdateError], _bench.Heard);
        }

        [Fact]
        public void A_second_answer_to_the_same_question_is_not_heard()
        {
            DeviceClient client = _bench.Connected();
            client.GetTwin(ClientBench.After(5000));

            _bench.Hub.Deliver("$iothub/twin/res/200/?$rid=0", """{"desired":{"late":1}}""");
            _bench.Clock.Skip(1000);

            Assert.Single(_bench.Heard);
            Assert.False(client.LastTwin!.Properties.Desired.Contains("late"));
        }

        [Fact]
        public void Before_the_first_question_any_answer_passes_for_a_twin()
        {
            DeviceClient client = _bench.Connected();

            _bench.Hub.Deliver("$iothub/twin/res/412/?$rid=0", """{"errorCode":412001}""");
            _bench.Clock.Skip(1000);

            Assert.Equal([HubStatus.TwinReceived], _bench.Heard);
            Assert.NotNull(client.LastTwin);
        }

        [Fact]
        public void GetTwin_without_a_connection_waits_for_its_token()
        {
            DeviceClient client = _bench.Connected();
            _bench.Hub.Drop();
            _bench.Clock.Skip(1000);

            Assert.Null(client.GetTwin(ClientBench.After(3000)));
        }

        [Fact]
        public void Before_Open_and_after_Dispose_there_is_nothing_to_ask()
        {
            DeviceClient client = _bench.NewClient();
            Assert.Throws<NullReferenceException>(() => client.GetTwin(ClientBench.After(1000)));

            client.Open();
            client.Dispose();

            Assert.Throws<NullReferenceException>(() => client.GetTwin(ClientBench.After(1000)));
        }

        [Fact]
        public void A_wait_without_end_is_told()
        {
            _bench.Hub.Faults.NoTwinAnswer = true;
            DeviceClient client = _bench.Connected();

            DeviceHangException e = Assert.Throws<DeviceHangException>(() => client.GetTwin(ClientBench.Never));

            Assert.Contains("GetTwin has waited for a day", e.Message);
        }

        [Fact]
        public void Without_a_subscriber_to_TwinUpdated_a_patch_rings_however_it_reads()
        {
            DeviceClient client = _bench.Connected();

            _bench.Hub.PatchDesired("""{"a":"\u002B"}""");
            _bench.Clock.Skip(1000);

            Assert.Equal([HubStatus.TwinUpdateReceived], _bench.Heard);
            Assert.Null(client.LastTwin);
        }

        [Fact]
        public void With_a_subscriber_to_TwinUpdated_a_patch_is_parsed()
        {
            DeviceClient client = _bench.Connected();
            List<DeviceTwinCollection> patches = [];
            client.TwinUpdated += (_, e) => patches.Add(e.Twin);

            _bench.Hub.PatchDesired("""{"a":1,"b":null}""");
            _bench.Hub.PatchDesired("""{"a":"\u002B"}""");
            _bench.Clock.Skip(1000);

            Assert.Equal([HubStatus.TwinUpdateReceived, HubStatus.InternalError], _bench.Heard);
            DeviceTwinCollection patch = Assert.Single(patches);
            Assert.Equal(2, patch.Count);
            Assert.True(patch.Contains("b"));
            Assert.Null(patch["b"]);
        }

        [Fact]
        public void A_patch_that_came_while_offline_is_never_heard_of()
        {
            _bench.Connected();
            _bench.Hub.Drop();
            _bench.Clock.Skip(1000);
            _bench.Hub.PatchDesired("""{"updateVersion":"2.0.0"}""");
            _bench.Heard.Clear();

            DeviceClient client = _bench.NewClient();
            client.Open();
            _bench.Clock.Skip(60_000);

            Assert.Equal([HubStatus.Connected], _bench.Heard);
            Assert.Equal("2.0.0", client.GetTwin(ClientBench.After(5000))!.Properties.Desired["updateVersion"]);
        }

        [Fact]
        public void Without_a_token_a_report_is_sent_and_said_not_to_be()
        {
            DeviceClient client = _bench.Connected();

            Assert.False(client.UpdateReportedProperties(Report(), ClientBench.Never));

            Assert.Equal([HubStatus.TwinUpdated], _bench.Heard);
            _bench.Clock.Skip(1000);
            Assert.Single(_bench.Hub.Reports);
        }

        [Fact]
        public void The_answer_to_a_report_rings_like_a_patch()
        {
            DeviceClient client = _bench.Connected();

            Assert.True(client.UpdateReportedProperties(Report(), ClientBench.After(5000)));
            _bench.Clock.Skip(1000);

            Assert.Equal([HubStatus.TwinUpdated, HubStatus.TwinUpdateReceived], _bench.Heard);
            Assert.Equal("""{"ota":{"state":"idle"}}""", _bench.Hub.Twin.Reported.ToString());
        }

        [Theory]
        [InlineData(400, true)]
        [InlineData(412, false)]
        [InlineData(429, false)]
        public void A_report_counts_as_delivered_that_the_hub_refused(int code, bool isTold)
        {
            _bench.Hub.Faults.Codes.Enqueue(code);
            DeviceClient client = _bench.Connected();
            client.GetTwin(ClientBench.After(0));

            Assert.True(client.UpdateReportedProperties(Report(), ClientBench.After(5000)));
            _bench.Clock.Skip(1000);

            Assert.Equal(isTold, _bench.Heard.Contains(HubStatus.TwinUpdateError));
        }

        [Fact]
        public void A_report_counts_as_delivered_that_was_given_up_after_three_seconds()
        {
            DeviceClient client = _bench.Connected();
            _bench.Hub.Faults.NoAcknowledgement = true;
            long sent = _bench.Clock.Uptime;

            Assert.True(client.UpdateReportedProperties(Report(), ClientBench.After(10_000)));

            Assert.InRange(_bench.Clock.Uptime - sent, 3000, 3200);
            Assert.Empty(_bench.Hub.Reports);
        }

        [Fact]
        public void A_report_without_a_connection_is_lost_and_the_token_ends_the_wait()
        {
            DeviceClient client = _bench.Connected();
            _bench.Hub.Drop();
            _bench.Clock.Skip(1000);

            Assert.False(client.UpdateReportedProperties(Report(), ClientBench.After(3000)));

            Assert.Empty(_bench.Hub.Reports);
        }

        [Fact]
        public void A_payload_ends_at_a_NUL()
        {
            DeviceClient client = _bench.Connected();

            _bench.Hub.Deliver("$iothub/twin/res/200/?$rid=0", "{\"desired\":{}}\0rubbish");
            _bench.Clock.Skip(1000);

            Assert.Equal("{\"desired\":{}}", Assert.Single(_bench.Messages));
            Assert.NotNull(client.LastTwin);
        }

        [Fact]
        public void A_report_too_large_is_silently_refused()
        {
            DeviceClient client = _bench.Connected();
            client.GetTwin(ClientBench.After(1000));
            DeviceTwinCollection report = new();
            report.Add("a", new StringBuilder().Append('x', 33_000).ToString());

            Assert.True(client.UpdateReportedProperties(report, ClientBench.After(5000)));
            _bench.Clock.Skip(1000);

            Assert.Equal([HubStatus.TwinReceived, HubStatus.TwinUpdated], _bench.Heard);
            Assert.Empty(_bench.Hub.Reports);
        }

        private static DeviceTwinCollection Report()
        {
            DeviceTwinCollection report = new();
            DeviceHashtable ota = new();
            ota.Add("state", "idle");
            report.Add("ota", ota);
            return report;
        }
    }
}
