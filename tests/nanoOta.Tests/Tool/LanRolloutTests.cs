using System.Text.Json.Nodes;
using nanoOta.Tool;

namespace nanoOta.Tests.Tool
{
    /// <summary>Percentage, pause and the way back without a cloud: the agent that ships polls the offer.json that the tool writes.</summary>
    public sealed class LanRolloutTests : IDisposable
    {
        private readonly Workshop _workshop = new();

        private string Folder => _workshop.PathOf("firmware");

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Fact]
        public void The_newest_version_is_requested_until_somebody_says_something_else()
        {
            _workshop.Pack("1.1.0");
            using var serve = new ServingTool("serve", Folder, "--json");
            AssertEnds(Poll(_workshop.Device(), serve.Url), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void A_percentage_holds_devices_back_and_a_wider_one_lets_them_go()
        {
            _workshop.Pack("1.1.0");
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--percent", "0").ExitCode);
            string device = _workshop.Device();
            ToolResult held = Poll(device, _workshop.Container + "/", "--max-seconds", "2");
            Assert.True((5, "1.0.0") == (held.ExitCode, (string?)held.Last["version"]), held.Output);
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--percent", "100").ExitCode);
            AssertEnds(Poll(device, _workshop.Container + "/"), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void A_pause_requests_nothing_and_resuming_requests_the_same_again()
        {
            _workshop.Pack("1.1.0");
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--percent", "40").ExitCode);
            Assert.Equal(0, ToolResult.Of("pause", Folder).ExitCode);
            JsonObject paused = Offer();
            Assert.True(paused.ContainsKey("updateVersion") && paused["updateVersion"] == null);
            Assert.Contains("is paused", ToolResult.Refusal(ExitCode.Paused, "rollout", Folder, "--percent", "50"));
            string device = _workshop.Device();
            Assert.Equal("1.0.0", (string?)Poll(device, _workshop.Container + "/").Last["version"]);
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--resume").ExitCode);
            Assert.Equal(("1.1.0", 40), ((string?)Offer()["updateVersion"], (int)Offer()["updateShare"]!));
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--percent", "100").ExitCode);
            AssertEnds(Poll(device, _workshop.Container + "/"), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void A_second_pause_changes_nothing_and_a_folder_that_requests_nothing_is_not_paused()
        {
            _workshop.Pack("1.1.0");
            Assert.Equal(0, ToolResult.Of("pause", Folder).ExitCode);
            string paused = File.ReadAllText(Path.Combine(Folder, "offer.json"));
            Assert.Contains("is paused already", ToolResult.Of("pause", Folder).Output);
            Assert.Equal(paused, File.ReadAllText(Path.Combine(Folder, "offer.json")));
            Assert.True(Offer().ContainsKey("updateVersion") && Offer()["updateVersion"] == null);
            string empty = Directory.CreateDirectory(_workshop.PathOf("empty")).FullName;
            Assert.Contains("is it the folder that is served?", ToolResult.Refusal(ExitCode.NoTarget, "pause", empty));
            Assert.Contains("is it the folder that is served?", ToolResult.Refusal(ExitCode.NoTarget, "cancel", empty));
            Assert.False(File.Exists(Path.Combine(empty, "offer.json")));
        }

        [Fact]
        public void A_request_that_was_cancelled_does_not_come_back_by_itself()
        {
            _workshop.Pack("1.1.0");
            Assert.Equal(0, ToolResult.Of("cancel", Folder).ExitCode);
            Assert.Contains("is cancelled already", ToolResult.Of("cancel", Folder).Output);
            Assert.Equal("1.0.0", (string?)Poll(_workshop.Device(), _workshop.Container + "/").Last["version"]);
            Assert.Contains("Begin another one with --version V", ToolResult.Refusal(ExitCode.NoTarget, "rollout", Folder, "--resume"));
            Assert.Contains("is cancelled", ToolResult.Refusal(ExitCode.NoTarget, "pause", Folder));
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--version", "1.1.0").ExitCode);
            AssertEnds(Poll(_workshop.Device(), _workshop.Container + "/"), 0, "1.1.0", "Applied");
        }

        [Fact]
        public void The_way_back_needs_no_hand_on_any_file()
        {
            _workshop.Pack("1.1.0");
            _workshop.Pack("1.2.0", "--counter", "4");
            string device = _workshop.Device();
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--version", "1.2.0").ExitCode);
            AssertEnds(Poll(device, _workshop.Container + "/"), 0, "1.2.0", "Applied");
            Assert.Equal(0, ToolResult.Of("rollback", Folder, "--to", "1.1.0").ExitCode);
            AssertEnds(Poll(device, _workshop.Container + "/"), 0, "1.1.0", "Applied");
            Assert.Contains("does not hold 1.0.0", ToolResult.Refusal(ExitCode.NoTarget, "rollback", Folder, "--to", "1.0.0"));
            Assert.Contains("does not hold 1.3.0", ToolResult.Refusal(ExitCode.NoTarget, "rollout", Folder, "--version", "1.3.0"));
        }

        [Fact]
        public void A_version_that_devices_would_refuse_for_its_counter_or_as_older_is_not_requested()
        {
            _workshop.Pack("1.1.0");
            _workshop.Pack("1.2.0");
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--version", "1.2.0").ExitCode);
            Assert.Contains("would refuse 1.1.0 (NotNewer). Request it by 'nanoota rollback", ToolResult.Refusal(ExitCode.NotNewer, "rollout", Folder, "--version", "1.1.0"));
            Assert.Equal(0, ToolResult.Of("rollback", Folder, "--to", "1.1.0").ExitCode);
            Assert.Contains("(CounterTooLow): its manifest has no counter, and they were asked for counter 1 before. Request it by 'nanoota rollback", ToolResult.Refusal(ExitCode.NotNewer, "rollout", Folder, "--version", "1.2.0"));
            Assert.Equal("back-1", (string?)Offer()["updateFolder"]);
            Assert.Equal(0, ToolResult.Of("rollback", Folder, "--to", "1.2.0").ExitCode);
            _workshop.Pack("1.3.0", "--counter", "2");
            Assert.Equal(0, ToolResult.Of("rollout", Folder, "--version", "1.3.0").ExitCode);
            _workshop.Pack("1.4.0", "--counter", "1");
            Assert.Contains("asked for counter 2 before", ToolResult.Refusal(ExitCode.NotNewer, "rollout", Folder, "--version", "1.4.0"));
        }

        [Fact]
        public void The_way_back_is_signed_by_a_private_key_and_another_key_than_before_is_named()
        {
            string key = Key("release.pem"), other = Key("other.pem");
            _workshop.Pack("1.1.0", "--key", key);
            Assert.Contains("holds the public half alone", ToolResult.Refusal(ExitCode.Usage, "rollback", Folder, "--to", "1.1.0", "--key", Path.ChangeExtension(key, ".pub.pem")));
            Assert.False(Directory.Exists(Path.Combine(Folder, "back-1")));
            Assert.DoesNotContain("Note:", ToolResult.Of("rollback", Folder, "--to", "1.1.0", "--key", key).Output);
            Assert.Contains("Devices that do not trust that key refuse it (KeyUnknown)", ToolResult.Of("rollback", Folder, "--to", "1.1.0", "--key", other).Output);
        }

        [Fact]
        public void A_group_that_is_missing_is_asked_for()
        {
            Assert.Contains("GROUP is missing", ToolResult.Refusal(ExitCode.Usage, "pause", "washer"));
        }

        private string Key(string name)
        {
            Assert.Equal(0, ToolResult.Of("keygen", "--out", _workshop.PathOf(name), "--bits", "2048").ExitCode);
            return _workshop.PathOf(name);
        }

        private JsonObject Offer() => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "offer.json")))!.AsObject();

        private static ToolResult Poll(string device, string url, params string[] more)
        {
            return ToolResult.Of(["device", "run", "--state", device, "--manifest-url", $"{new Uri(new Uri(url), "offer.json")}", "--json", .. more]);
        }

        private static void AssertEnds(ToolResult run, int exit, string version, string code)
        {
            Assert.True((exit, version, code) == (run.ExitCode, (string?)run.Last["version"], (string?)run.Last["code"]), run.Output);
        }
    }
}
