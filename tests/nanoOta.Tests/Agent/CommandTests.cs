using nanoOta.Tests.Devices;

namespace nanoOta.Tests.Agent
{
    /// <summary>What an application tells its agent at run time: check now, give up.</summary>
    public class CommandTests
    {
        private const int Hour = 60;

        [Fact]
        public void CheckNow_asks_the_channel_anew_and_tries_a_failed_update_again_at_once()
        {
            Rig rig = new Rig { Server = { OnRead = _ => ResultCode.ConnectionLost } }.Boot().Run(Hour);
            Assert.Equal(ResultCode.ConnectionLost, rig.Status.LastCode);
            rig.Server.OnRead = _ => ResultCode.None;
            long before = rig.Now;
            int asked = rig.Channel.Checks;
            rig.Agent.CheckNow();
            rig.Run(5);
            Assert.Equal(ResultCode.Applied, rig.Status.LastCode);
            Assert.True(rig.Channel.Checks > asked);
            Assert.True(rig.Now - before < 60_000, $"{rig.Now - before} ms");
        }

        [Fact]
        public void Cancel_gives_the_update_in_hand_up_and_does_not_begin_it_again()
        {
            Rig rig = new Rig { Configure = options => options.IsBusy = () => true }.Boot().Run(1);
            Assert.Equal(UpdateState.Wait, rig.Status.State);
            rig.Agent.Cancel();
            rig.Run(24 * Hour);
            Assert.Equal((UpdateState.Idle, ResultCode.Cancelled), (rig.Status.State, rig.Status.LastCode));
            Assert.Equal("1.0.0", rig.Status.Current);
        }

        [Fact]
        public void Another_update_request_is_followed_after_a_cancel()
        {
            bool busy = true;
            Rig rig = new Rig { Configure = options => options.IsBusy = () => busy }.Boot().Run(1);
            rig.Agent.Cancel();
            rig.Run(Hour);
            busy = false;
            rig.Publish("1.2.0");
            rig.Channel.Desired = _ => Rig.Request("1.2.0");
            rig.Agent.CheckNow();
            rig.Run(Hour);
            Assert.Equal((ResultCode.Applied, "1.2.0"), (rig.Status.LastCode, rig.Status.Current));
        }

        [Fact]
        public void So_is_the_same_one_when_it_is_asked_for_by_CheckNow()
        {
            bool busy = true;
            Rig rig = new Rig { Configure = options => options.IsBusy = () => busy }.Boot().Run(1);
            rig.Agent.Cancel();
            rig.Run(Hour);
            busy = false;
            rig.Agent.CheckNow();
            rig.Run(Hour);
            Assert.Equal(ResultCode.Applied, rig.Status.LastCode);
        }

        [Fact]
        public void A_cancel_in_idle_keeps_an_update_request_that_has_been_heard_from_being_begun()
        {
            Rig rig = new Rig().Boot();
            rig.Agent.Cancel();
            rig.Run(24 * Hour);
            Assert.Equal((UpdateState.Idle, "1.0.0"), (rig.Status.State, rig.Status.Current));
        }

        [Fact]
        public void A_version_on_trial_is_not_cancelled()
        {
            var rig = new Rig { SelfTest = SelfTestResult.Running };
            rig.Boot().Run(1);
            Assert.Equal((UpdateState.Trial, "1.1.0"), (rig.Status.State, rig.Status.Target));
            rig.Agent.Cancel();
            rig.SelfTest = SelfTestResult.Passed;
            rig.Run(Hour);
            Assert.Equal((ResultCode.Applied, null), (rig.Status.LastCode, rig.Status.Target));
        }

        [Fact]
        public void A_status_that_was_handed_out_never_changes()
        {
            Rig rig = new Rig().Boot();
            List<(UpdateStatus Status, UpdateState State, long Done)> seen = [];
            rig.Agent.StatusChanged += (_, status) => seen.Add((status, status.State, status.BytesDone));
            rig.Run(Hour);
            Assert.Contains(seen, entry => entry.State == UpdateState.Download);
            Assert.All(seen, entry => Assert.Equal((entry.State, entry.Done), (entry.Status.State, entry.Status.BytesDone)));
            Assert.Equal(seen.Count, seen.Select(entry => entry.Status).Distinct().Count());
            Assert.Equal((Rig.Image.Length, Rig.Image.Length), (rig.Status.BytesDone, rig.Status.BytesTotal));
        }

        [Theory]
        [InlineData("pump silent", "pump silent")]
        [InlineData("a \"quoted\" \\ text", "a ")]
        [InlineData("a text that is much longer than a reason may be", "a text that is much longer than")]
        [InlineData(null, "")]
        public void The_reason_of_a_failed_self_test_is_kept_and_reported_after_a_reboot(string? text, string reported)
        {
            var rig = new Rig
            {
                Configure = options => options.SelfTest = report =>
                {
                    (report.Text, report.Number) = (text, -17);
                    return SelfTestResult.Failed;
                },
            };
            rig.Boot().Run(Hour);
            rig.Boot().Run(Hour);
            Assert.Equal((ResultCode.SelfTestFailed, reported, -17), (rig.Status.LastCode, rig.Status.LastReason, rig.Status.LastReasonNumber));
            Assert.Contains($"\"number\":-17", StatusReport.ToJson(rig.Status));
            System.Text.Json.JsonDocument.Parse(StatusReport.ToJson(rig.Status)).Dispose();
        }

        [Fact]
        public void An_update_request_that_names_a_version_alone_is_followed_where_the_application_gives_a_container()
        {
            var rig = new Rig { Configure = options => options.ContainerUrl = Bench.Container };
            rig.Channel.Desired = _ => """{"updateVersion":"1.1.0"}""";
            rig.Boot().Run(Hour);
            Assert.Equal(ResultCode.Applied, rig.Status.LastCode);
        }

        [Theory]
        [InlineData("https://files.example/firmware")]
        [InlineData("https://files.example/firmware?sig=abc")]
        [InlineData("https://files.example/firmware/?sig=abc")]
        public void A_container_may_come_without_a_slash_and_with_its_signature(string container)
        {
            List<string> urls = [];
            var rig = new Rig { Configure = options => options.ContainerUrl = container };
            rig.Server.OnOpen = (url, _) =>
            {
                urls.Add(url);
                return ResultCode.NotFound;
            };
            rig.Channel.Desired = _ => """{"updateVersion":"1.1.0"}""";
            rig.Boot().Run(1);
            string query = container.Contains('?') ? "?sig=abc" : "";
            Assert.Equal(Bench.Container + "v1_1_0.json" + query, urls[0]);
        }

        [Fact]
        public void Without_one_it_has_no_place_to_come_from()
        {
            var rig = new Rig();
            rig.Channel.Desired = _ => """{"updateVersion":"1.1.0"}""";
            rig.Boot().Run(Hour);
            Assert.Equal(ResultCode.UrlMissing, rig.Status.LastCode);
        }
    }
}
