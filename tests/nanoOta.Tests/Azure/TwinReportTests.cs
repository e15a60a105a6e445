using System.Text.Json.Nodes;

namespace nanoOta.Tests.Azure
{
    /// <summary>How reports reach the twin, whatever the client says of them (facts/nanoframework.md, section 1).</summary>
    public sealed class TwinReportTests
    {
        [Fact]
        public void A_report_arrives_whole_and_is_seen_to_have_arrived()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Report(UpdateState.Download, 40);
            Assert.False(bench.Channel.IsReported);
            bench.Run(3);
            Assert.True(bench.Channel.IsReported);
            JsonNode ota = bench.Ota!;
            Assert.Equal(
                """
                {"current":"1.0.0","target":"1.1.0","state":"downloading","waiting":null,"progress":40,"bytes":40,"size":100,"slot":"ota_0/deploy_1","fallback":false,"last":{"code":1,"version":"1.0.0","time":"2025-11-20T22:24:11Z"}}
                """.Trim(),
                Ordered(ota, "current", "target", "state", "waiting", "progress", "bytes", "size", "slot", "fallback", "last"));
            Assert.Matches("^[0-9]{1,10}$", (string?)ota["id"]);
            Assert.Equal((1, 2), (bench.Hub.Reports.Count, bench.Hub.TwinReads));
        }

        [Fact]
        public void What_is_no_longer_so_goes_from_the_twin()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Report(UpdateState.Wait, 0, ResultCode.Busy);
            bench.Run(3);
            Assert.Equal((int)ResultCode.Busy, (int?)bench.Ota!["waiting"]);
            bench.Report(UpdateState.Download);
            bench.Run(3);
            Assert.Null(bench.Ota!["waiting"]);
            Assert.True(bench.Channel.IsReported);
        }

        [Fact]
        public void The_reason_that_a_self_test_gave_is_reported_with_its_failure_and_with_nothing_else()
        {
            TwinBench bench = new TwinBench().Run(5);
            var status = new UpdateStatus { Current = "1.0.0", LastCode = ResultCode.SelfTestFailed, LastVersion = "1.1.0", LastReason = "no pump", LastReasonNumber = -3 };
            bench.Channel.Report(status);
            bench.Run(3);
            Assert.Equal("""{"code":700,"version":"1.1.0","time":null,"reason":"no pump","number":-3}""", Ordered(bench.Ota!["last"]!, "code", "version", "time", "reason", "number"));
            bench.Channel.Report(new UpdateStatus { Current = "1.1.0", LastCode = ResultCode.Applied, LastVersion = "1.1.0" });
            bench.Run(15);
            Assert.Equal((1, null, null), ((int)bench.Ota!["last"]!["code"]!, bench.Ota["last"]!["reason"], bench.Ota["last"]!["number"]));
        }

        [Fact]
        public void Before_the_first_report_there_is_nothing_to_wait_for()
        {
            Assert.True(new TwinBench().Run(5).Channel.IsReported);
        }

        [Fact]
        public void What_the_twin_shows_already_is_not_sent_again()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Report(UpdateState.Idle);
            bench.Run(3);
            bench.Hub.Drop();
            bench.Run(20);
            Assert.Equal((2, 1), (bench.Hub.Connects, bench.Hub.Reports.Count));
            Assert.True(bench.Channel.IsReported);
        }

        [Theory]
        [InlineData(429)]
        [InlineData(413)]
        [InlineData(412)]
        [InlineData(400)]
        [InlineData(500)]
        public void A_report_that_is_acknowledged_and_then_refused_is_sent_again(int code)
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.Faults.Codes.Enqueue(code);
            bench.Report(UpdateState.Download);
            bench.Run(3);
            Assert.Equal((false, 0), (bench.Channel.IsReported, bench.Hub.Reports.Count));
            bench.Run(30);
            Assert.Equal((true, 1, 1), (bench.Channel.IsReported, bench.Hub.Reports.Count, bench.Hub.Connects));
        }

        [Fact]
        public void A_report_that_is_refused_each_time_is_sent_less_and_less_often()
        {
            TwinBench bench = new TwinBench().Run(5);
            int refused = 0;
            bench.Hub.Faults.OnReport = () =>
            {
                refused++;
                return 400;
            };
            bench.Report(UpdateState.Download);
            bench.Run(3600);
            Assert.InRange(refused, 5, 15);
        }

        [Fact]
        public void A_report_lost_with_the_connection_is_sent_again_after_the_next()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.GoSilent();
            bench.Report(UpdateState.Download);
            bench.Run(10);
            Assert.False(bench.Channel.IsReported);
            bench.Run(180);
            Assert.Equal((true, "downloading"), (bench.Channel.IsReported, (string?)bench.Ota!["state"]));
            Assert.Equal(2, bench.Hub.Connects);
        }

        [Fact]
        public void What_is_reported_while_offline_is_sent_after_the_reconnection_the_newest_only()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.Faults.Unreachable = true;
            bench.Hub.Drop();
            bench.Run(5);
            bench.Report(UpdateState.Download);
            bench.Run(60);
            bench.Report(UpdateState.Verify);
            bench.Run(60);
            bench.Hub.Faults.Unreachable = false;
            bench.Run(600);
            Assert.Equal(("verifying", 1), ((string?)bench.Ota!["state"], bench.Hub.Reports.Count));
        }

        [Fact]
        public void An_acknowledgement_that_never_comes_is_not_waited_for_for_ever()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.Faults.NoAcknowledgement = true;
            bench.Report(UpdateState.Download);
            bench.Run(60);
            Assert.False(bench.Channel.IsReported);
            bench.Hub.Faults.NoAcknowledgement = false;
            bench.Run(300);
            Assert.True(bench.Channel.IsReported);
        }

        [Fact]
        public void Progress_is_reported_ten_seconds_apart_and_another_state_at_once()
        {
            TwinBench bench = new TwinBench().Run(5);
            for (int progress = 0; progress < 100; progress += 10)
            {
                bench.Report(UpdateState.Download, progress);
                bench.Run(3);
            }

            bench.Run(1);
            Assert.Equal(["0", "30", "60", "90"], bench.Hub.Reports.Select(report => JsonNode.Parse(report)!["ota"]!["progress"]!.ToString()));
            bench.Report(UpdateState.Verify, 100);
            bench.Run(2);
            Assert.Equal("verifying", (string?)bench.Ota!["state"]);
        }

        [Fact]
        public void With_a_twin_that_cannot_be_read_reports_are_sent_all_the_same_and_once()
        {
            TwinBench bench = new TwinBench("""{"theirs":"caf\u002B"}""").Run(5);
            bench.Report(UpdateState.Idle);
            bench.Run(60);
            Assert.Equal((true, 1, "idle"), (bench.Channel.IsReported, bench.Hub.Reports.Count, (string?)bench.Ota!["state"]));
        }

        [Fact]
        public void A_twin_with_the_property_ota_of_somebody_else_does_no_harm()
        {
            TwinBench bench = new TwinBench(TwinBench.Request);
            bench.Hub.Twin.PatchReported("""{"ota":[{"id":5}],"x":{"ota":{"id":"1"}}}""");
            bench.Run(5);
            bench.Report(UpdateState.Idle);
            bench.Run(5);
            Assert.Equal(("1.1.0", true), (bench.Version, bench.Channel.IsReported));
        }

        private static string Ordered(JsonNode node, params string[] names)
        {
            return "{" + string.Join(",", names.Select(name => $"\"{name}\":{node[name]?.ToJsonString() ?? "null"}")) + "}";
        }
    }
}
