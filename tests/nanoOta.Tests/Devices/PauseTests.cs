using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Devices
{
    /// <summary>Channel and download take turns where there is memory for one TLS session only.</summary>
    public class PauseTests
    {
        private const int Size = 200_000;

        // What a block of 4 KiB takes: the image and its manifest take two of the agent's turns.
        private const int MillisecondsOfRead = 1800;

        [Fact]
        public void With_memory_for_one_session_agent_and_channel_take_turns_of_a_minute()
        {
            (Bench bench, SessionChannel channel, OneSession memory) = Ready();
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.Equal((ResultCode.Applied, "1.1.0", 0), (bench.Status.LastCode, bench.Status.Current, memory.Refusals));

            // At the start, between the two turns, after the image, and after the reboot.
            Assert.Equal(4, channel.Connections);
            Assert.Equal(4 + 3, memory.Sessions);
            Assert.InRange(channel.LongestAbsence, 50_000, 60_000);
            Assert.Equal(Size, bench.Server.ImageBytesRead);
        }

        [Fact]
        public void Without_the_pause_such_a_board_cannot_update()
        {
            (Bench bench, _, OneSession memory) = Ready(o => o.Session.AllowsTwo = true);
            bench.Run();
            Assert.Equal((ResultCode.Unreachable, "1.0.0", 0L), (bench.Status.LastCode, bench.Status.Current, bench.Server.BytesRead));
            Assert.True(memory.Refusals > 0);
        }

        [Fact]
        public void With_memory_for_two_sessions_the_channel_stays_connected()
        {
            (Bench bench, SessionChannel channel, _) = Ready(o => o.Session.AllowsTwo = true);
            bench.Network = source => source;
            bench.Run();
            Assert.Equal((ResultCode.Applied, 2), (bench.Status.LastCode, channel.Connections));
        }

        [Fact]
        public void A_request_withdrawn_meanwhile_is_seen_at_the_end_of_the_turn()
        {
            (Bench bench, SessionChannel channel, _) = Ready();
            Func<string?> request = channel.Desired;
            channel.Desired = () => bench.Server.ImageBytesRead > 0 ? "{}" : request();
            bench.Run();
            Assert.Equal((ResultCode.Cancelled, "1.0.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.InRange(bench.Server.ImageBytesRead, 4096, Size * 3 / 4);
            Assert.InRange(bench.Clock!.Elapsed.TotalSeconds, 50, 60);
        }

        [Fact]
        public void A_hub_that_is_away_meanwhile_does_not_hold_the_download_up()
        {
            (Bench bench, SessionChannel channel, _) = Ready();
            Func<string?> request = channel.Desired;
            channel.Desired = () => bench.Server.ImageBytesRead is > 0 and < Size ? null : request();
            bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0", 3), (bench.Status.LastCode, bench.Status.Current, channel.Connections));
            Assert.InRange(bench.Clock!.Elapsed.TotalMilliseconds, Size / 4096 * MillisecondsOfRead, Size / 4096 * MillisecondsOfRead + 15_000);
        }

        [Fact]
        public void A_channel_that_never_rests_holds_each_turn_up_for_a_minute_and_no_longer()
        {
            (Bench bench, SessionChannel channel, _) = Ready();
            channel.Work = () => bench.Clock!.Skip(500);
            bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));

            // At the start, between the two turns, and when the request is looked at again after the reboot.
            Assert.InRange(bench.Clock!.Elapsed.TotalSeconds, 3 * 60 + 90, 3 * 60 + 90 + 20);
        }

        [Fact]
        public void A_server_without_ranges_is_left_once_and_then_no_more()
        {
            (Bench bench, _, OneSession memory) = Ready();
            bench.Network = source => memory.Over(source, ignoresRanges: true);
            bench.Run();
            Assert.Equal((ResultCode.Applied, 0), (bench.Status.LastCode, memory.Refusals));
            Assert.InRange(bench.Server.ImageBytesRead, Size + 4096, Size + Size * 3 / 4);
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void A_file_fetched_in_turns_that_has_another_hash_is_fetched_once_more_in_one_go(bool noTag)
        {
            (Bench bench, SessionChannel channel, OneSession memory) = Ready();
            bench.Server.Put(Bench.Container + "v1_1_0.deployment.bin", Bench.Deployment("1.1.0", Size, 7));
            bench.Network = source => memory.Over(source, noTag: noTag);
            bench.Run();
            Assert.Equal((ResultCode.HashMismatch, 0), (bench.Status.LastCode, memory.Refusals));
            Assert.Equal(2 * Size, bench.Server.ImageBytesRead);
            Assert.Equal(3, channel.Connections);
        }

        [Fact]
        public void A_failed_download_leaves_the_session_to_the_channel_until_it_is_tried_again()
        {
            (Bench bench, SessionChannel channel, OneSession memory) = Ready();
            int failures = 0;
            Func<int, ResultCode> takesTime = bench.Server.OnRead!;
            bench.Server.OnRead = at => at > 100_000 && failures++ < 3 ? ResultCode.ConnectionLost : takesTime(at);
            bench.Run();
            // At the start, after each failure, behind the image, and after the reboot: no turn comes to its end.
            Assert.Equal((ResultCode.Applied, 0, 3 + 3), (bench.Status.LastCode, memory.Refusals, channel.Connections));
        }

        [Fact]
        public void A_channel_that_polls_a_server_waits_its_turn_as_well()
        {
            (Bench bench, _, OneSession memory) = Ready();
            bench.MakeChannel = options => new HttpChannel(memory.Boot(options), Bench.Container + "v1_1_0.json", memory.Over(bench.Server.Connect()), 1);
            bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0", 0), (bench.Status.LastCode, bench.Status.Current, memory.Refusals));
        }

        [Fact]
        public void What_is_cancelled_while_the_manifest_is_fetched_leaves_no_session_open()
        {
            (Bench bench, SessionChannel channel, _) = Ready(o => o.Session.AllowsTwo = true);
            var memory = new OneSession();
            bench.Network = source => memory.Over(source);
            var other = new OfferChannel { Desired = _ => memory.Sessions > 0 ? "{}" : channel.Desired() };
            bench.MakeChannel = _ => other.Boot();
            bench.Run();
            Assert.Equal((ResultCode.Cancelled, 1), (bench.Status.LastCode, memory.Sessions));
            Assert.True(memory.TryTake(this));
        }

        private static (Bench Bench, SessionChannel Channel, OneSession Memory) Ready(Action<UpdateAgentOptions>? configure = null)
        {
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", Size)));
            bench.Server.OnRead = _ =>
            {
                bench.Clock!.Skip(MillisecondsOfRead);
                return ResultCode.None;
            };
            var memory = new OneSession();
            var channel = new SessionChannel(memory) { Desired = () => $$"""{"updateVersion":"1.1.0","updateUrl":"{{Bench.Container}}"}""" };
            bench.MakeChannel = channel.Boot;
            bench.Network = source => memory.Over(source);
            bench.Configure = configure;
            return (bench, channel, memory);
        }
    }
}
