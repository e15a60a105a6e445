using System.Text.Json.Nodes;

namespace nanoOta.Tests.Azure
{
    /// <summary>The direct methods update, cancel and status: an operator's way to a single device, whatever its twin holds.</summary>
    public sealed class TwinMethodTests
    {
        private const string Other = """{"updateVersion":"1.2.0","updateUrl":"https://files.example/firmware","updateShare":5}""";
        private const string Heard = """{"heard":true}""";

        [Fact]
        public void Update_takes_the_place_of_what_the_twin_requestes()
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            Assert.False(bench.Channel.Offer!.Manual);
            Assert.Equal((200, Heard), bench.Call("update", Other));
            Assert.Equal(("1.2.0", true, ResultCode.None), (bench.Version, bench.Channel.Offer!.Manual, bench.Channel.Offer.Code));
        }

        [Fact]
        public void Update_of_what_the_twin_requestes_anyway_lets_share_and_window_be()
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            UpdateOffer request = bench.Channel.Offer!;
            bench.Call("update", TwinBench.Request);
            Assert.True(bench.Channel.Offer!.Manual && bench.Channel.Offer.IsSameUpdate(request));
        }

        [Fact]
        public void Update_holds_through_patches_of_others_and_reconnections_until_the_twin_requestes_something_else()
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            bench.Call("update", Other);
            bench.Hub.PatchDesired("""{"theirs":1}""");
            bench.Run(5);
            bench.Hub.Drop();
            bench.Run(20);
            Assert.Equal("1.2.0", bench.Version);
            bench.Hub.PatchDesired("""{"updateVersion":"1.3.0"}""");
            bench.Run(5);
            Assert.Equal(("1.3.0", false), (bench.Version, bench.Channel.Offer!.Manual));
        }

        [Fact]
        public void Cancel_withdraws_what_update_asked_for_and_what_the_twin_requestes()
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            Assert.Equal((200, Heard), bench.Call("cancel", "null"));
            Assert.Null(bench.Channel.Offer);
            bench.Hub.PatchDesired("""{"theirs":1}""");
            bench.Run(5);
            Assert.Null(bench.Channel.Offer);
            bench.Call("update", Other);
            Assert.Equal("1.2.0", bench.Version);
            bench.Call("cancel", "{}");
            Assert.Null(bench.Channel.Offer);
            bench.Hub.PatchDesired("""{"updateRetry":2}""");
            bench.Run(5);
            Assert.Equal("1.1.0", bench.Version);
        }

        [Fact]
        public void Update_is_the_way_in_when_the_twin_cannot_be_read()
        {
            TwinBench bench = new TwinBench("""{"theirs":"caf\u002B"}""").Run(5);
            Assert.Equal(ResultCode.TwinUnreadable, bench.Channel.Offer!.Code);
            bench.Call("update", TwinBench.Request);
            Assert.Equal(("1.1.0", ResultCode.None), (bench.Version, bench.Channel.Offer.Code));
            bench.Hub.PatchDesired("""{"more":1}""");
            bench.Run(5);
            Assert.Equal("1.1.0", bench.Version);
            bench.Call("cancel", "");
            Assert.Equal(ResultCode.TwinUnreadable, bench.Channel.Offer.Code);
        }

        [Fact]
        public void A_call_before_the_first_twin_has_come_counts()
        {
            var bench = new TwinBench(TwinBench.Request);
            bench.Hub.Faults.Codes.Enqueue(429);
            bench.Run(2);
            Assert.Equal(0, bench.Channel.Answers);
            bench.Call("update", Other);
            bench.Run(30);
            Assert.Equal(("1.2.0", 1), (bench.Version, bench.Channel.Answers));
        }

        [Theory]
        [InlineData("")]
        [InlineData("null")]
        [InlineData("5")]
        [InlineData("[]")]
        [InlineData("{}")]
        [InlineData("{\"updateVersion\":\"1.2.0\"")]
        [InlineData("{\"updateVersion\":\"1.2.0\"} {}")]
        [InlineData("{\"version\":\"1.2.0\"}")]
        public void An_update_without_a_request_in_it_is_malformed_and_no_cancel(string payload)
        {
            TwinBench bench = new TwinBench(TwinBench.Request).Run(5);
            Assert.Equal(200, bench.Call("update", payload).Status);
            Assert.Equal(ResultCode.OfferMalformed, bench.Channel.Offer!.Code);
        }

        [Fact]
        public void An_inline_update_by_method_is_vouched_for_by_the_hub()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Call("update", $$$"""{"update":{"version":"1.2.0","url":"https://files.example/a.bin","size":4096,"sha256":"{{{new string('a', 64)}}}"}}""");
            Assert.Equal(("1.2.0", 4096), (bench.Version, bench.Channel.Offer!.Manifest!.Components[0].Size));
        }

        [Fact]
        public void Status_tells_what_is_reported_though_the_hub_has_not_taken_it()
        {
            TwinBench bench = new TwinBench().Run(5);
            Assert.Equal((200, "{}"), bench.Call("status", "null"));
            Enumerable.Repeat(429, 100).ToList().ForEach(bench.Hub.Faults.Codes.Enqueue);
            bench.Report(UpdateState.Wait, 0, ResultCode.Busy);
            (int? status, string? payload) = bench.Call("status", "null");
            JsonNode answer = JsonNode.Parse(payload!)!;
            Assert.Equal((200, "1.0.0", "waiting", (int)ResultCode.Busy), (status, (string?)answer["current"], (string?)answer["state"], (int)answer["waiting"]!));
            Assert.Null(bench.Ota);
        }

        [Fact]
        public void Methods_answer_at_once_after_each_reconnection()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.Drop();
            bench.Run(20);
            var call = bench.Hub.CallMethod("status", "null");
            bench.Clock.Skip(200);
            Assert.Equal(200, call.Status);
        }

        [Fact]
        public void The_last_of_two_calls_counts()
        {
            TwinBench bench = new TwinBench().Run(5);
            bench.Hub.CallMethod("cancel", "");
            bench.Hub.CallMethod("update", Other);
            bench.Run(3);
            Assert.Equal("1.2.0", bench.Version);
            bench.Hub.CallMethod("update", TwinBench.Request);
            bench.Hub.CallMethod("cancel", "");
            bench.Run(3);
            Assert.Null(bench.Channel.Offer);
        }
    }
}
