using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Devices
{
    /// <summary>Result codes that need a story of their own, and that none is without a text or a test.</summary>
    public class CodeTests
    {
        [Fact]
        public void Every_code_has_a_name_and_a_sentence_of_its_own()
        {
            ResultCode[] codes = Enum.GetValues<ResultCode>();
            Assert.All(codes, code => Assert.Equal(code.ToString(), ResultText.Name(code)));
            Assert.Equal(codes.Length, codes.Select(ResultText.Sentence).Distinct().Count());
            Assert.All(codes, code => Assert.Matches("^[A-Z].*[^.]\\.$", ResultText.Sentence(code)));
            Assert.Equal(("Unknown", "Unknown"), (ResultText.Name((ResultCode)99999), ResultText.Name((ResultCode)(-1))));
        }

        [Fact]
        public void Every_code_is_named_by_a_test()
        {
            string tests = string.Join("\n", Directory.GetFiles(Path.Combine(Here(), "..", ".."), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")).Select(File.ReadAllText));
            HashSet<string> named = [.. Regex.Matches(tests, @"ResultCode\.([A-Za-z]+)").Select(match => match.Groups[1].Value)];
            Assert.Empty(Enum.GetNames<ResultCode>().Except(named));

            static string Here([CallerFilePath] string path = "")
            {
                return Path.GetDirectoryName(path)!;
            }
        }

        [Fact]
        public void A_watched_manifest_of_the_version_that_runs_is_up_to_date_and_nothing_is_said()
        {
            var rig = new Rig();
            byte[] manifest = System.Text.Encoding.UTF8.GetBytes("""{"schema":1,"version":"1.0.0+other","components":[{"id":"mcu","version":"1.0.0","size":1,"sha256":"HASH","urls":["x"]}]}""".Replace("HASH", new string('0', 64)));
            rig.Channel.Offered = new UpdateOffer { Url = Bench.Container, Document = manifest, Digest = new byte[32] };
            rig.Boot().Run();
            Assert.Equal((UpdateState.Idle, ResultCode.None, 2), (rig.Status.State, rig.Status.LastCode, rig.Transitions.Count));
            Assert.Null(rig.Status.Target);

            // It is not believed from where anybody could have put it.
            var open = new Rig();
            open.Channel.Offered = new UpdateOffer { Url = "http://h/", Document = manifest, Digest = new byte[32] };
            open.Boot().Run();
            Assert.Equal((UpdateState.Idle, ResultCode.InsecureTransport), (open.Status.State, open.Status.LastCode));
        }

        [Fact]
        public void An_update_known_to_be_bad_is_refused_as_such_when_another_result_came_between()
        {
            var rig = new Rig { SelfTest = SelfTestResult.Failed };
            rig.Boot().Run();
            Assert.Equal(ResultCode.SelfTestFailed, rig.Status.LastCode);
            rig.Channel.Desired = _ => Rig.Request("1.2.0");
            rig.Run();
            Assert.Equal(ResultCode.NotFound, rig.Status.LastCode);
            rig.Channel.Desired = _ => Rig.Request("1.1.0");
            rig.Run();
            Assert.Equal((ResultCode.KnownBad, "1.1.0"), (rig.Status.LastCode, rig.Status.LastVersion));
        }

        [Fact]
        public void A_trial_that_something_else_interrupted_says_nothing_against_the_update()
        {
            var rig = new Rig { SelfTest = SelfTestResult.Running };
            rig.Boot().Run(1);
            Assert.Equal(UpdateState.Trial, rig.Status.State);
            rig.Mcu.Module().Revert(ResultCode.TrialInterrupted);
            rig.Channel.Desired = _ => "{}";
            rig.Boot().Run();
            Assert.Equal((ResultCode.TrialInterrupted, "1.1.0"), (rig.Status.LastCode, rig.Status.LastVersion));
            rig.SelfTest = SelfTestResult.Passed;
            rig.Channel.Desired = _ => Rig.Request("1.1.0");
            rig.Run();
            Assert.Equal(ResultCode.Applied, rig.Status.LastCode);
        }

        [Fact]
        public void A_download_below_the_minimum_rate_is_broken_off_and_goes_on()
        {
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            bench.Configure = o => o.MinimumRate = 400;
            int reads = 0;
            bench.Server.OnRead = _ =>
            {
                bench.Clock!.Skip(reads++ < 4 ? 40_000 : 0);
                return ResultCode.None;
            };
            bench.Request("1.1.0");
            Assert.Contains(bench.Log, line => line.Contains($"state=downloading waiting={ResultCode.TooSlow}"));
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
        }

        [Fact]
        public void While_a_trial_runs_the_slots_are_not_to_be_had()
        {
            var bench = new Bench();
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            var opened = new List<ResultCode>();
            bench.Configure = o => o.SelfTest = _ =>
            {
                opened.Add(bench.Device!.Slots!.Open(FirmwareParts.Deployment, 0));
                return SelfTestResult.Passed;
            };
            Assert.Equal(RunEnd.Settled, bench.Request("1.1.0"));
            Assert.Equal([ResultCode.SlotBusy], opened);
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
        }

        [Fact]
        public void A_module_that_is_busy_is_asked_again_in_the_next_round()
        {
            var rig = new Rig();
            rig.Mcu.FailActivate = ResultCode.SlotBusy;
            rig.Boot().Run();
            Assert.Equal(ResultCode.SlotBusy, rig.Status.LastCode);
            rig.Mcu.FailActivate = ResultCode.None;
            rig.Skip(6 * 60).Run();
            Assert.Equal(ResultCode.Applied, rig.Status.LastCode);
        }

        [Fact]
        public void An_update_too_soon_after_the_last_one_waits()
        {
            var rig = new Rig { Configure = o => o.MinimumIntervalSeconds = 3600 };
            rig.Boot().Run();
            rig.Publish("1.2.0");
            rig.Channel.Desired = _ => Rig.Request("1.2.0");
            rig.Run(59);
            Assert.Equal((UpdateState.Wait, ResultCode.TooSoon), (rig.Status.State, rig.Status.Waiting));
            rig.Run(5);
            Assert.Equal((ResultCode.Applied, "1.2.0"), (rig.Status.LastCode, rig.Status.Current));
        }
    }
}
