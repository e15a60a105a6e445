using nanoOta.Tests.Devices;
using nanoOta.Tests.Tool;
using nanoOta.Tool.Keys;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Offline
{
    /// <summary>An operator packs a bundle of three components and signs it; a device takes it, online and from a drive.</summary>
    public sealed class ThreeComponentsTests : IDisposable
    {
        private readonly Workshop _workshop = new();
        private readonly Bench _bench = new();
        private readonly OtherMcu _mcu;
        private readonly byte[] _image = [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 13))];
        private readonly byte[] _old;

        public ThreeComponentsTests()
        {
            _mcu = new OtherMcu(_bench.Flash);
            _old = _mcu.Running;
            _bench.Modules = () => [_mcu.Module()];
            string key = _workshop.PathOf("release.pem");
            Assert.Equal(0, ToolResult.Of("keygen", "--out", key, "--bits", "2048").ExitCode);
            RsaPublicKey trusted = KeyPair.Read(key, null).Device!;
            _bench.Configure = options => options.Verifier = new SignedManifests(options, [trusted], null);
            File.WriteAllBytes(_workshop.PathOf("motor.bin"), _image);
            ToolResult pack = ToolResult.Of("pack", _workshop.Image("1.1.0"), _workshop.Image("1.17.0", kind: "esp32"), $"mcu@2.0.0={_workshop.PathOf("motor.bin")}", "--requires", "mcu:deployment=1.1.0",
                "--version", "1.1.0", "--layout", "esp32-8mb", "--counter", "next", "--key", key, "--bundle", _workshop.PathOf("washer.tar"), "--out", _workshop.PathOf("firmware"));
            Assert.True(pack.ExitCode == 0, pack.Error);
        }

        public void Dispose()
        {
            _workshop.Dispose();
        }

        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public void All_three_are_applied_with_one_reboot(bool online)
        {
            Assert.Equal(RunEnd.Settled, Run(online));
            Assert.Equal(("1.1.0", ResultCode.Applied, 1), (_bench.Status.Current, _bench.Status.LastCode, _bench.Device!.Reboots));
            Assert.Equal(_image, _mcu.Running);
            Assert.Equal("1.17.0.0", FirmwareVersion());
        }

        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public void When_one_fails_none_is_activated(bool online)
        {
            _mcu.FailActivate = ResultCode.ActivationFailed;
            Run(online);
            AssertOld(ResultCode.ActivationFailed);
        }

        [Theory]
        [InlineData(true, SelfTestMode.Fail, ResultCode.SelfTestFailed)]
        [InlineData(false, SelfTestMode.Fail, ResultCode.SelfTestFailed)]
        [InlineData(true, SelfTestMode.Crash, ResultCode.TrialCrashed)]
        [InlineData(false, SelfTestMode.Crash, ResultCode.TrialCrashed)]
        public void When_the_trial_fails_all_are_reverted(bool online, SelfTestMode test, ResultCode code)
        {
            _bench.SelfTest = test;
            Run(online);
            AssertOld(code);
        }

        private void AssertOld(ResultCode code)
        {
            Assert.Equal(("1.0.0", code), (_bench.Status.Current, _bench.Status.LastCode));
            Assert.Equal(_old, _mcu.Running);
            Assert.Equal("1.16.0.0", FirmwareVersion());
        }

        private string FirmwareVersion()
        {
            Partition slot = new SlotMap(_bench.Layout).Firmware[_bench.Device!.Slots!.Running];
            return EspImage.Read(_bench.Flash.Read((int)slot.Offset, (int)slot.Size)).Descriptor!.Version;
        }

        private RunEnd Run(bool online)
        {
            if (online)
            {
                foreach (string file in Directory.GetFiles(_workshop.PathOf("firmware")))
                {
                    _bench.Server.Put(Bench.Container + Path.GetFileName(file), File.ReadAllBytes(file));
                }

                return _bench.Request("1.1.0");
            }

            var drive = new Drive();
            drive.Put("washer.tar", File.ReadAllBytes(_workshop.PathOf("washer.tar")));
            _bench.MakeChannel = options => new FolderChannel(options, Drive.Folder, 60);
            _bench.Source = _ => new FolderImageSource(Drive.Folder, null);
            return _bench.Run();
        }
    }
}
