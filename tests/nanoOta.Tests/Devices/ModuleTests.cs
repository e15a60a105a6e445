using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.Tests.Devices
{
    /// <summary>Updates of several components: all of them or none, whatever comes in between.</summary>
    public class ModuleTests
    {
        private static readonly byte[] _image = [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 13))];

        [Fact]
        public void Firmware_and_another_processor_are_updated_together()
        {
            (Bench bench, OtherMcu mcu) = Ready(withFirmware: true);
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.Equal(_image, mcu.Running);
            Assert.Null(mcu.Before);
        }

        [Fact]
        public void Another_processor_is_updated_alone_without_a_reboot()
        {
            (Bench bench, OtherMcu mcu) = Ready(withFirmware: false);
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, "1.1.0", 0), (bench.Status.LastCode, bench.Status.Current, bench.Device!.Reboots));
            Assert.Equal(_image, mcu.Running);
            int calls = mcu.Calls.Count;
            bench.Request("1.1.0");
            Assert.Equal(calls, mcu.Calls.Count);
        }

        [Fact]
        public void What_is_there_already_is_prepared_once_behind_its_end_and_not_fetched()
        {
            (Bench bench, OtherMcu mcu) = Ready(withFirmware: false);
            mcu.MayHold = true;
            _image.CopyTo(mcu.Staged, 0);
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, 0), (bench.Status.LastCode, bench.Server.ImageBytesRead));
            Assert.Equal(_image, mcu.Running);
            Assert.Equal(["prepare", "activate", "confirm"], mcu.Calls);
        }

        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public void When_the_trial_fails_every_component_goes_back(bool withFirmware)
        {
            (Bench bench, OtherMcu mcu) = Ready(withFirmware);
            bench.Configure = o => o.SelfTest = _ => bench.Status.State == UpdateState.Trial || bench.Device!.Slots!.IsOnTrial ? SelfTestResult.Failed : SelfTestResult.Passed;
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.SelfTestFailed, "1.0.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.Equal([1], mcu.Running);
            bench.Configure = null;
            bench.Request("1.1.0");
            Assert.Equal(ResultCode.SelfTestFailed, bench.Status.LastCode);
            Assert.Equal([1], mcu.Running);
        }

        [Fact]
        public void When_one_component_cannot_be_activated_none_is()
        {
            (Bench bench, OtherMcu mcu) = Ready(withFirmware: true);
            mcu.FailActivate = ResultCode.ActivationFailed;
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.ActivationFailed, "1.0.0", 0), (bench.Status.LastCode, bench.Status.Current, bench.Device!.Reboots));
            Assert.False(bench.Device.Slots!.Record.HasTrial);
        }

        [Fact]
        public void When_the_other_processor_cannot_be_confirmed_at_once_it_is_at_the_next_boot()
        {
            (Bench bench, OtherMcu mcu) = Ready(withFirmware: true);
            mcu.FailConfirm = ResultCode.FlashFailed;
            Assert.Equal(RunEnd.Settled, bench.Request("1.1.0"));
            Assert.Equal((ResultCode.Applied, TrialPhase.Running), (bench.Status.LastCode, mcu.Record.Trial));
            mcu.FailConfirm = ResultCode.None;
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.Equal(_image, mcu.Running);
            Assert.Equal(TrialPhase.None, mcu.Record.Trial);
        }

        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public void A_power_cut_at_any_point_leaves_both_old_or_both_new_in_the_end(bool withFirmware)
        {
            (Bench whole, _) = Ready(withFirmware);
            whole.Flash.PowerOn();
            whole.Request("1.1.0");
            long operations = whole.Flash.Operations;
            for (long cut = 1; cut <= operations; cut++)
            {
                (Bench bench, OtherMcu mcu) = Ready(withFirmware);
                bench.Flash.PowerOn();
                bench.Flash.CutAt = cut;
                bench.Flash.Tear = new Tear(TearKind.SomeBits, (int)cut);
                Assert.Equal(RunEnd.PowerCut, bench.Request("1.1.0"));
                bench.Flash.PowerOn();
                bench.Request("1.1.0");
                Assert.True((ResultCode.Applied, "1.1.0") == (bench.Status.LastCode, bench.Status.Current), $"cut at {cut}: {bench.Status.LastCode} {bench.Status.Current}\n{string.Join("\n", bench.Log)}");
                Assert.Equal(_image, mcu.Running);
                Assert.Equal(TrialPhase.None, mcu.Record.Trial);
            }
        }

        private static (Bench Bench, OtherMcu Mcu) Ready(bool withFirmware)
        {
            var bench = new Bench();
            var mcu = new OtherMcu(bench.Flash);
            bench.Modules = () => [mcu.Module()];
            List<(string, string, byte[])> components = [("mcu", "2.0.0", _image)];
            if (withFirmware)
            {
                components.Add(("deployment", "1.1.0", Bench.Deployment("1.1.0")));
            }

            bench.Publish("1.1.0", [.. components]);
            return (bench, mcu);
        }
    }
}
