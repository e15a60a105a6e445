using System.Text.Json.Nodes;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Devices
{
    /// <summary>The rules on trials: who ends one that goes wrong, what counts as a verdict, what lifts it, and what is said of it.</summary>
    public class TrialTests
    {
        private readonly Bench _bench = new();
        private readonly OfferChannel _channel = new();

        public TrialTests()
        {
            _bench.OtherChannel = _channel;
            Publish("");
            Request("");
        }

        [Fact]
        public void A_boot_loop_by_power_failures_is_ended_but_is_no_verdict_until_four_activations()
        {
            int boots = 0;
            _bench.OnAgent = _ =>
            {
                if (_bench.Device!.Slots!.IsOnTrial)
                {
                    boots++;
                    _bench.Flash.CutPower();
                }
            };
            RunEnd end = RunOn();
            Assert.Equal((RunEnd.Settled, ResultCode.TooManyAttempts, "1.0.0"), (end, _bench.Status.LastCode, _bench.Status.Current));
            Assert.Equal(4 * 10, boots);
            Assert.Contains(_channel.Reports, report => Last(report).Code == (int)ResultCode.TrialInterrupted);

            // The operator can have it tried again.
            _bench.OnAgent = null;
            Request("again");
            Assert.Equal((RunEnd.Settled, ResultCode.Applied), (RunOn(), _bench.Status.LastCode));
        }

        [Fact]
        public void A_device_that_boots_into_a_trial_reports_that_version_as_its_target_until_it_is_confirmed()
        {
            RunOn();
            JsonNode[] reports = [.. _channel.Reports.Select(report => JsonNode.Parse(report)!)];
            Assert.Equal(["1.1.0"], reports.Where(report => (string?)report["state"] is "trial" or "confirming").Select(report => (string?)report["target"]).Distinct());
            Assert.Null((string?)reports[^1]["target"]);
        }

        [Theory]
        [InlineData(SelfTestMode.Fail, ResultCode.SelfTestFailed)]
        [InlineData(SelfTestMode.Crash, ResultCode.TrialCrashed)]
        [InlineData(SelfTestMode.Hang, ResultCode.TrialHung)]
        public void A_verdict_counts_at_once_and_another_manifest_lifts_it(SelfTestMode mode, ResultCode code)
        {
            _bench.SelfTest = mode;
            _bench.Run();
            int boots = Trials();
            _bench.SelfTest = SelfTestMode.Pass;
            _bench.Run();
            Assert.Equal((code, "1.0.0", boots), (_bench.Status.LastCode, _bench.Status.Current, Trials()));
            Publish("\"provider\":\"Contoso\",");
            _bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (_bench.Status.LastCode, _bench.Status.Current));
        }

        [Fact]
        public void A_retry_token_lifts_a_verdict_once()
        {
            _bench.SelfTest = SelfTestMode.Fail;
            _bench.Run();
            Request("one");
            _bench.Run();
            Assert.Equal((ResultCode.SelfTestFailed, 2), (_bench.Status.LastCode, Trials()));
            _bench.SelfTest = SelfTestMode.Pass;
            _bench.Run();
            Assert.Equal(("1.0.0", 2), (_bench.Status.Current, Trials()));
            Request("two");
            _bench.Run();
            Assert.Equal(("1.1.0", 3), (_bench.Status.Current, Trials()));
        }

        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public void A_verdict_for_want_of_contact_is_lifted_alike(bool byManifest)
        {
            Func<long, string?> request = _channel.Desired;
            _channel.Desired = now => _bench.Device!.Slots!.IsOnTrial ? null : request(now);
            _bench.Run();
            Assert.Equal((ResultCode.NoCloudContact, 2), (_bench.Status.LastCode, Trials()));
            _channel.Desired = request;
            _bench.Run();
            Assert.Equal(("1.0.0", 2), (_bench.Status.Current, Trials()));
            Publish(byManifest ? "\"provider\":\"Contoso\"," : "");
            Request(byManifest ? "" : "again");
            _bench.Run();
            Assert.Equal((ResultCode.Applied, "1.1.0"), (_bench.Status.LastCode, _bench.Status.Current));
        }

        [Fact]
        public void A_trial_without_contact_is_repeated_after_a_rest_and_only_once_the_version_before_has_contact()
        {
            Func<long, string?> request = _channel.Desired;
            TimeSpan? endedAt = null, contactAt = null, againAt = null;
            _channel.OnStep = _ =>
            {
                bool trial = _bench.Device!.Slots!.IsOnTrial;
                endedAt ??= Trials() == 1 && !trial ? _bench.Clock!.Elapsed : null;
                againAt ??= Trials() == 2 ? _bench.Clock!.Elapsed : null;
            };
            _channel.Desired = now =>
            {
                bool reachable = Trials() == 0 || (endedAt is { } ended && _bench.Clock!.Elapsed - ended > TimeSpan.FromHours(2));
                contactAt ??= reachable && Trials() == 1 ? _bench.Clock!.Elapsed : null;
                return reachable ? request(now) : null;
            };
            _bench.Run();
            Assert.Equal((ResultCode.Applied, 2), (_bench.Status.LastCode, Trials()));
            Assert.True(againAt >= contactAt && contactAt - endedAt > TimeSpan.FromHours(2), $"{endedAt} {contactAt} {againAt}");
        }

        [Fact]
        public void The_rest_before_a_trial_is_repeated_is_that_of_the_longest_retry()
        {
            Func<long, string?> request = _channel.Desired;
            TimeSpan? endedAt = null, againAt = null;
            _channel.OnStep = _ =>
            {
                endedAt ??= Trials() == 1 && !_bench.Device!.Slots!.IsOnTrial ? _bench.Clock!.Elapsed : null;
                againAt ??= Trials() == 2 ? _bench.Clock!.Elapsed : null;
            };
            _channel.Desired = now => _bench.Device!.Slots!.IsOnTrial ? null : request(now);
            _bench.Run();
            Assert.InRange((againAt - endedAt)!.Value.TotalSeconds, 900, 910);
        }

        [Theory]
        [InlineData(SelfTestMode.Fail, ResultCode.SelfTestFailed)]
        [InlineData(SelfTestMode.Crash, ResultCode.TrialCrashed)]
        [InlineData(SelfTestMode.Hang, ResultCode.TrialHung)]
        [InlineData(SelfTestMode.Pass, ResultCode.NoCloudContact)]
        public void A_rollback_is_reported_with_its_reason_although_the_new_version_never_reached_the_network(SelfTestMode mode, ResultCode code)
        {
            _bench.SelfTest = mode;
            Func<long, string?> request = _channel.Desired;
            _channel.OnStep = _ =>
            {
                if (_bench.Device!.Slots!.IsOnTrial)
                {
                    // Nothing that the new version says arrives.
                    _channel.Reports.Clear();
                }

            };
            _channel.Desired = now => _bench.Device!.Slots!.IsOnTrial ? null : request(now);
            _bench.Run();
            Assert.Equal(((int)code, "1.1.0"), Last(_channel.Reports[^1]));

            // It is said after each boot, as long as nothing newer is to be said.
            _channel.Reports.Clear();
            _bench.Run();
            Assert.Equal(((int)code, "1.1.0"), Last(_channel.Reports[0]));
        }

        [Fact]
        public void An_application_that_delays_the_reboot_cannot_keep_a_version_that_has_failed()
        {
            _bench.SelfTest = SelfTestMode.Fail;
            TimeSpan trialAt = default;
            TimeSpan backAt = default;
            bool trial = false;
            _bench.Configure = options => options.MayReboot = () => !trial;
            _bench.OnAgent = _ =>
            {
                trial = _bench.Device!.Slots!.IsOnTrial;
                trialAt = trial ? _bench.Clock!.Elapsed : trialAt;
                backAt = trial ? backAt : _bench.Clock!.Elapsed;
            };
            _bench.Run();
            Assert.Equal((ResultCode.SelfTestFailed, "1.0.0"), (_bench.Status.LastCode, _bench.Status.Current));
            Assert.InRange((backAt - trialAt).TotalSeconds, 600, 660);
        }

        private static (int Code, string? Version) Last(string report)
        {
            JsonNode? last = JsonNode.Parse(report)!["last"];
            return last == null ? default : ((int)last["code"]!, (string?)last["version"]);
        }

        private int Trials()
        {
            return _bench.Log.Count(line => line.Contains("trial=True"));
        }

        // Power comes back each time it was cut.
        private RunEnd RunOn()
        {
            RunEnd end;
            while ((end = _bench.Run()) == RunEnd.PowerCut)
            {
                _bench.Flash.PowerOn();
            }

            return end;
        }

        private void Publish(string more)
        {
            _bench.Publish("1.1.0", more, ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
        }

        private void Request(string retry)
        {
            _channel.Desired = _ => $$"""{"updateVersion":"1.1.0","updateRetry":"{{retry}}","updateUrl":"{{Bench.Container}}"}""";
        }
    }
}
