using System.Diagnostics;
using nanoOta.Tests.Documents;

namespace nanoOta.Tests.DeviceTests
{
    /// <summary>tests/nanoclr/until-end.sh: how a conversation on a nanoCLR ends.</summary>
    public sealed class UntilEndTests : IDisposable
    {
        private readonly string _log = Path.GetTempFileName();

        public void Dispose() => File.Delete(_log);

        [Fact]
        public void A_program_whose_threads_never_end_is_ended_at_END()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is run with bash.");
            Assert.Equal(0, Run("printf 'BEGIN\\nline\\nEND\\r\\n'; exec sleep 600"));
            Assert.Equal("BEGIN\nline\nEND\r\n", File.ReadAllText(_log));
        }

        [Fact]
        public void A_program_that_ends_by_itself_needs_no_END_to_be_waited_for()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is run with bash.");
            Assert.Equal(0, Run("echo BEGIN; echo END"));
            Assert.Equal(1, Run("echo BEGIN"));
            Assert.Equal(1, Run("echo BEGIN; echo THE END"));
        }

        [Fact]
        public void A_program_that_never_prints_END_is_ended_when_its_time_is_up()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is run with bash.");
            Assert.Equal(124, Run("echo BEGIN; exec sleep 600", seconds: 1));
        }

        private int Run(string program, int seconds = 300)
        {
            using Process script = Process.Start("bash", [Path.Combine(Checkout.Root, "tests", "nanoclr", "until-end.sh"), $"{seconds}", _log, "bash", "-c", program])!;
            script.WaitForExit();
            return script.ExitCode;
        }
    }
}
