extern alias StandIns;

using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Mcu;
using StandIns::nanoOta.StandIns;
using StandIns::System.Device.Spi;
using static nanoOta.Mcu.Tests.ComponentBench;

namespace nanoOta.Mcu.Tests
{
    /// <summary>The module of an external MCU over a flash chip, without an agent.</summary>
    public class McuModuleTests
    {
        private const int SlotLength = 65536;

        private static readonly byte[] _old = McubootImages.Make("1.0.0", 9000);
        private static readonly byte[] _new = McubootImages.Make("1.1.0", 7000);

        private McuBench? _bench;

        [Fact]
        public void An_MCU_that_resets_late_in_the_image_is_given_it_again_from_the_start()
        {
            McuModule module = Module(out McubootMcu mcu);
            int uploads = 0;
            mcu.Requested = (group, command) =>
            {
                if (group == 1 && command == 1 && ++uploads is 20 or 45)
                {
                    mcu.Stumble();
                }
            };

            Assert.Equal(ResultCode.None, Try(module, "mcu", "1.1.0", _new));

            Assert.Equal("1.1.0", mcu.Running);
            Assert.True(mcu.Holds(0, _new));
        }

        [Fact]
        public void An_MCU_that_always_begins_again_is_given_up()
        {
            McuModule module = Module(out McubootMcu mcu);
            int uploads = 0;
            mcu.Requested = (group, command) =>
            {
                if (group == 1 && command == 1 && ++uploads % 3 == 0)
                {
                    mcu.Stumble();
                }
            };

            Assert.Equal(ResultCode.McuRefused, Try(module, "mcu", "1.1.0", _new));
            Assert.InRange(uploads, 9, 60);
        }

        [Fact]
        public void An_MCU_that_asks_for_byte_after_byte_is_given_up()
        {
            McuModule module = Module(out McubootMcu mcu);
            int uploads = 0;
            mcu.Requested = (group, command) => uploads += group == 1 && command == 1 ? 1 : 0;
            mcu.Forge = answer => uploads == 0 ? answer : [0xA2, 0x62, (byte)'r', (byte)'c', 0x00, 0x63, (byte)'o', (byte)'f', (byte)'f', 0x18, (byte)uploads];

            Assert.Equal(ResultCode.McuRefused, Try(module, "mcu", "1.1.0", _new));
            Assert.Equal(9, uploads);
        }

        [Fact]
        public void A_reversal_before_the_first_answer_programs_the_former_image_and_not_the_new_one()
        {
            McuModule module = Module(out McubootMcu mcu);
            ManifestComponent component = Component("mcu", "1.1.0", _new);
            Assert.Equal(ResultCode.None, Prepare(module, component, _new));
            Assert.Equal(ResultCode.Pending, module.Activate(Manifest("1.1.0", component), Digest("1.1.0")));

            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.Cancelled)));

            Assert.Equal(("1.0.0", "1.0.0"), (mcu.Running, module.VersionOf("mcu")));
            Assert.True(mcu.Holds(0, _old));
        }

        [Fact]
        public void A_reversal_in_the_middle_of_programming_sends_the_former_image_and_nothing_of_the_new_one()
        {
            Module(out _);
            _bench!.Wiring.Restart();
            var flash = new SpiNorFlash(new SpiDevice(new SpiConnectionSettings(1, 5)));
            Assert.Equal(ResultCode.None, flash.Open());
            var slow = new SlowMcu();
            var module = new McuModule(McuBench.Component, flash, 0, SlotLength, slow, "1.0.0");
            module.Adopt(_old.Length);
            ManifestComponent component = Component("mcu", "1.1.0", _new);
            Assert.Equal(ResultCode.None, Prepare(module, component, _new));
            while (!slow.IsWriting)
            {
                Assert.Equal(ResultCode.Pending, module.Activate(Manifest("1.1.0", component), Digest("1.1.0")));
            }

            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.Cancelled)));

            Assert.Equal(_old, slow.Received);
        }

        [Fact]
        public void An_MCU_that_never_answered_runs_its_application_and_needs_no_reversal()
        {
            McuModule module = Module(out McubootMcu mcu);
            mcu.Line = _ => [];

            Assert.Equal(ResultCode.McuSilent, Try(module, "mcu", "1.1.0", _new));
            Assert.Equal("1.0.0", mcu.Running);
            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.ActivationFailed)));
            Assert.Equal((TrialPhase.Ended, "1.0.0"), (StatusOf(module).Trial, mcu.Running));
        }

        [Fact]
        public void An_MCU_that_was_written_to_needs_its_reversal_also_after_the_next_boot_and_another_update_that_never_began()
        {
            McuModule module = Module(out McubootMcu mcu);
            Assert.Equal(ResultCode.None, Try(module, "mcu", "1.1.0", _new));
            module = _bench!.Boot(_old.Length);
            mcu.Line = _ => [];
            Assert.Equal(ResultCode.McuSilent, End(() => module.Revert(ResultCode.SelfTestFailed)));

            Assert.Equal(ResultCode.McuSilent, Try(module, "mcu", "1.1.0", _new));
            Assert.Equal(ResultCode.McuSilent, End(() => module.Revert(ResultCode.ActivationFailed)));
            Assert.Equal("1.1.0", mcu.Running);

            mcu.Line = line => [line];
            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.ActivationFailed)));
            Assert.Equal("1.0.0", mcu.Running);
        }

        [Fact]
        public void A_former_place_without_an_image_is_not_programmed_over_what_the_MCU_has()
        {
            McuModule module = Module(out McubootMcu mcu, isProvisioned: false);
            Assert.Equal(ResultCode.None, Try(module, "mcu", "1.1.0", _new));

            Assert.Equal(ResultCode.FormerImageMissing, End(() => module.Revert(ResultCode.SelfTestFailed)));

            Assert.Equal("1.1.0", mcu.Running);
            Assert.Contains("\"code\":623,\"trouble\":true", module.Describe());
        }

        [Fact]
        public void A_former_image_of_another_version_than_the_factory_said_is_programmed_and_reported()
        {
            McuModule module = Module(out McubootMcu mcu, factoryVersion: "1.0.1");
            Assert.Equal(ResultCode.None, Try(module, "mcu", "1.1.0", _new));

            Assert.Equal(ResultCode.McuVersionMismatch, End(() => module.Revert(ResultCode.SelfTestFailed)));

            Assert.Equal("1.0.0", mcu.Running);
        }

        [Fact]
        public void A_former_image_whose_version_is_not_known_is_programmed_and_its_version_not_checked()
        {
            McuModule module = Module(out McubootMcu mcu, factoryVersion: null);
            Assert.Equal(ResultCode.None, Try(module, "mcu", "1.1.0", _new));

            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.SelfTestFailed)));

            Assert.Equal(("1.0.0", null, TrialPhase.Ended), (mcu.Running, module.VersionOf("mcu"), StatusOf(module).Trial));
        }

        private McuModule Module(out McubootMcu mcu, bool isProvisioned = true, string? factoryVersion = "1.0.0")
        {
            DeviceClock.Current = new VirtualClock(DateTime.UnixEpoch) { FollowsHost = false };
            mcu = new McubootMcu(_old, SlotLength);
            _bench = new McuBench(new NorFlash(4 * SlotLength), mcu, SlotLength) { FactoryVersion = factoryVersion };
            if (isProvisioned)
            {
                McuBench.Provision(_bench.Cells, _old);
            }

            return _bench.Boot(_old.Length);
        }

        // An MCU that needs two calls for each piece, and takes whatever it is sent.
        private sealed class SlowMcu : IMcuProtocol
        {
            public List<byte> Received { get; } = [];

            public bool IsWriting { get; private set; }

            public int ChunkLength => 256;

            public int Position => Received.Count;

            public ResultCode Judge(ManifestComponent component, byte[] head, int count) => ResultCode.None;

            public ResultCode Begin(int size, byte[] sha256)
            {
                Received.Clear();
                IsWriting = false;
                return ResultCode.None;
            }

            public ResultCode Write(byte[] buffer, int count)
            {
                IsWriting = !IsWriting;
                if (IsWriting)
                {
                    return ResultCode.Pending;
                }

                Received.AddRange(buffer[..count]);
                return ResultCode.None;
            }

            public ResultCode Finish() => ResultCode.None;

            public ResultCode Check(string version) => ResultCode.None;

            public ResultCode Confirm() => ResultCode.None;
        }
    }
}
