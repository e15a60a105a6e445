using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Agent
{
    /// <summary>Wrong use of the library is said when the agent is made, with what is wrong.</summary>
    public class OptionsTests
    {
        [Fact]
        public void Options_with_all_that_is_required_make_an_agent()
        {
            Assert.Null(FaultOf(_ => { }));
        }

        [Theory]
        [InlineData(null)]
        [InlineData("")]
        [InlineData("1.2")]
        [InlineData("1.2.3.4")]
        public void A_version_is_required(string? version)
        {
            Assert.Equal(nameof(UpdateAgentOptions.ApplicationVersion), FaultOf(options => options.ApplicationVersion = version));
        }

        [Theory]
        [InlineData(null)]
        [InlineData("")]
        public void A_device_id_is_required(string? id)
        {
            Assert.Equal(nameof(UpdateAgentOptions.DeviceId), FaultOf(options => options.DeviceId = id));
        }

        [Fact]
        public void So_are_a_module_a_journal_and_a_hasher()
        {
            Assert.Equal(nameof(UpdateAgentOptions.Modules), FaultOf(options => options.Modules = null));
            Assert.Equal(nameof(UpdateAgentOptions.Modules), FaultOf(options => options.Modules = []));
            Assert.Equal(nameof(UpdateAgentOptions.Journal), FaultOf(options => options.Journal = null));
            Assert.Equal(nameof(UpdateAgentOptions.Hasher), FaultOf(options => options.Hasher = null));
        }

        // W1 of the real stack: 65536 wraps the slot record's 16 bits, int.MaxValue overflows, and 0 is a trial without a watchdog.
        [Theory]
        [InlineData(int.MinValue)]
        [InlineData(-60)]
        [InlineData(0)]
        [InlineData(UpdateAgentOptions.MinTrialSeconds - 1)]
        [InlineData(UpdateAgentOptions.MaxTrialSeconds + 1)]
        [InlineData(70000)]
        [InlineData(int.MaxValue)]
        public void A_trial_that_no_watchdog_can_watch_over_is_refused(int seconds)
        {
            Assert.Equal(nameof(UpdateAgentOptions.TrialSeconds), FaultOf(options => options.TrialSeconds = seconds));
        }

        [Theory]
        [InlineData(UpdateAgentOptions.MinTrialSeconds)]
        [InlineData(UpdateAgentOptions.MaxTrialSeconds)]
        public void The_shortest_and_the_longest_trial_are_taken(int seconds)
        {
            Assert.Null(FaultOf(options => options.TrialSeconds = seconds));
        }

        [Theory]
        [InlineData(0)]
        [InlineData(-4096)]
        [InlineData(4095)]
        [InlineData(6000)]
        public void Checkpoints_are_at_whole_blocks(int interval)
        {
            Assert.Equal(nameof(UpdateAgentOptions.CheckpointInterval), FaultOf(options => options.CheckpointInterval = interval));
        }

        [Theory]
        [InlineData("")]
        [InlineData("firmware/")]
        [InlineData("ftp://files.example/")]
        public void A_container_is_an_absolute_URL(string url)
        {
            Assert.Equal(nameof(UpdateAgentOptions.ContainerUrl), FaultOf(options => options.ContainerUrl = url));
        }

        private static string? FaultOf(Action<UpdateAgentOptions> change)
        {
            UpdateAgentOptions options = HostOptions.Create();
            options.ApplicationVersion = "1.0.0";
            options.Journal = new MemoryJournal();
            options.Modules = [new OtherMcu(new VirtualDevice.Flash.NorFlash(4096)).Module()];
            change(options);
            try
            {
                _ = new UpdateAgent(options, new OfferChannel(), new VirtualDevice.Cloud.MemoryServer().Connect());
                return null;
            }
            catch (ArgumentException e)
            {
                return e.Message;
            }
        }
    }
}
