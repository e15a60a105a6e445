extern alias StandIns;

using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Tests.Slots
{
    /// <summary>The slots alone, without an agent: also what no agent would ask of them.</summary>
    public class SlotCoreTests
    {
        private const FirmwareParts Application = FirmwareParts.Deployment;
        private const FirmwareParts Firmware = FirmwareParts.Clr;

        private static readonly FlashLayout _layout = FlashLayouts.Find("esp32-8mb")!;
        private static readonly SlotMap _map = new(_layout);

        private readonly NorFlash _flash = DeviceFactory.Make(_layout, SampleImages.Deployment(new AssemblyVersion(1, 0), 8192), SampleImages.Esp32("1.16.0.0", 4096));
        private int _resets;

        [Fact]
        public void What_was_rejected_and_still_runs_neither_opens_a_slot_nor_confirms_itself()
        {
            SlotCore slots = OnTrial(Application);
            Assert.Equal(ResultCode.None, slots.Revert(ResultCode.SelfTestFailed));
            Assert.Equal(ResultCode.SlotBusy, slots.Open(Application, 0));
            Assert.Equal(ResultCode.ActivationFailed, Activate(slots, Application));
            Assert.Equal(ResultCode.None, slots.Confirm());
            Assert.Equal(ResultCode.SelfTestFailed, slots.Record.Verdict);

            slots = Boot(ResetCause.Software);
            Assert.Equal(0, slots.ActiveDeploy);
            Assert.Equal(ResultCode.None, slots.Open(Application, 0));
        }

        [Fact]
        public void A_rejected_firmware_is_left_also_when_otadata_is_lost()
        {
            OnTrial(Firmware | Application).Confirm();
            SlotCore slots = OnTrial(Firmware); // in the first slot, which boots when otadata says nothing
            Assert.Equal(0, slots.Running);
            Assert.Equal(ResultCode.None, slots.Revert(ResultCode.SelfTestFailed));
            _flash.Decay((int)_map.OtaData!.Offset, 2 * NorFlash.BlockLength);

            slots = Boot(ResetCause.Software);
            Assert.Equal((1, false), (slots.Running, slots.IsOnTrial));
            Assert.Equal(1, _resets);
        }

        [Fact]
        public void A_rejected_firmware_has_to_do_when_otadata_can_no_longer_be_written()
        {
            OnTrial(Firmware).Confirm();
            SlotCore slots = OnTrial(Firmware);
            Assert.Equal(ResultCode.None, slots.Revert(ResultCode.SelfTestFailed));
            _flash.Decay((int)_map.OtaData!.Offset, 2 * NorFlash.BlockLength);
            _flash.Worn.UnionWith([(int)_map.OtaData.Offset / NorFlash.BlockLength, (int)_map.OtaData.Offset / NorFlash.BlockLength + 1]);
            slots = Boot(ResetCause.Software);
            Assert.Equal((0, 0), (slots.Running, _resets));
        }

        // A record that was cut while it was written, and reads whole for once: a trial has come to its end and its slot is idle. If
        // the slot were given up for that, and the record read torn again, half an image would be on trial.
        [Fact]
        public void The_record_that_a_slot_is_given_up_for_is_read_again_for_ever()
        {
            SlotCore slots = OnTrial(Application);
            _flash.CutAt = _flash.Operations + 2;
            _flash.Tear = new Tear(TearKind.All, 0);
            Assert.Throws<PowerCutException>(() => slots.Revert(ResultCode.SelfTestFailed));
            _flash.PowerOn();
            int place = Enumerable.Range(0, 2).Select(i => (int)_map.Record.Offset + i * NorFlash.BlockLength)
                .Single(at => SlotRecord.Read(_flash.Read(at, SlotRecord.Length))?.Verdict == ResultCode.SelfTestFailed);

            // The same once more, with only the verdict's first byte unstable.
            byte[] record = _flash.Read(place, SlotRecord.Length);
            _flash.Erase(place);
            _flash.Program(place, record.AsSpan(0, 16));
            _flash.Program(place + 17, record.AsSpan(17));
            _flash.CutAt = _flash.Operations + 1;
            _flash.Tear = new Tear(TearKind.Unstable, 0);
            Assert.Throws<PowerCutException>(() => _flash.Program(place + 16, record.AsSpan(16, 1)));
            _flash.PowerOn();
            int tries = 0;
            do
            {
                _flash.NoiseSeed = ++tries;
                slots = new SlotCore(_flash, _map, NewOtaData(), 0, new StateWrites());
                Assert.True(tries < 10000, "The record never reads whole.");
            }
            while (slots.Record.Verdict == ResultCode.None);

            Assert.True(slots.Hook(ResetCause.Software));
            Assert.Equal(ResultCode.None, slots.Open(Application, 0));
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal(ResultCode.SelfTestFailed, SlotRecord.Read(_flash.Read(place, SlotRecord.Length))?.Verdict);
            }
        }

        [Theory]
        [InlineData(-4096)]
        [InlineData(100)]
        [InlineData(0x181000)]
        public void An_offset_that_is_no_sector_of_the_slot_is_refused(int offset)
        {
            Assert.Equal(ResultCode.FlashFailed, Boot(ResetCause.PowerOn).Open(Application, offset));
        }

        [Fact]
        public void A_write_of_nothing_or_of_more_than_a_sector_or_behind_the_slot_is_refused()
        {
            SlotCore slots = Boot(ResetCause.PowerOn);
            var buffer = new byte[NorFlash.BlockLength + 1];
            Assert.Equal(ResultCode.FlashFailed, slots.Write(buffer, 1));
            Assert.Equal(ResultCode.None, slots.Open(Application, slots.Capacity(Application) - NorFlash.BlockLength));
            Assert.Equal(ResultCode.FlashFailed, slots.Write(buffer, 0));
            Assert.Equal(ResultCode.FlashFailed, slots.Write(buffer, -1));
            Assert.Equal(ResultCode.FlashFailed, slots.Write(buffer, NorFlash.BlockLength + 1));
            Assert.Equal(ResultCode.None, slots.Write(buffer, NorFlash.BlockLength));
            Assert.Equal(ResultCode.FlashFailed, slots.Write(buffer, 1));
            Assert.Null(_flash.Misuse);
        }

        [Fact]
        public void What_is_activated_is_no_longer_open()
        {
            SlotCore slots = Boot(ResetCause.PowerOn);
            Assert.Equal(ResultCode.None, slots.Open(Application, 0));
            Assert.Equal(ResultCode.None, Activate(slots, Application));
            Assert.Equal(ResultCode.FlashFailed, slots.Write(new byte[1], 1));
        }

        [Theory]
        [InlineData(0)]
        [InlineData(-60)]
        [InlineData(65536)]
        [InlineData(int.MaxValue)]
        public void A_trial_for_a_time_that_the_record_cannot_hold_is_not_activated(int seconds)
        {
            SlotCore slots = Boot(ResetCause.PowerOn);
            long operations = _flash.Operations;
            Assert.Equal(ResultCode.ActivationFailed, slots.Activate(Application, new byte[32], "1.1.0", "1.1.0", seconds));
            Assert.Equal(operations, _flash.Operations);
            Assert.Equal(ResultCode.None, slots.Activate(Application, new byte[32], "1.1.0", "1.1.0", 65535));
        }

        // The firmware is lost in the very boot in which a deployment's trial begins: otadata goes on naming it, for a trial settles
        // nothing. A new image in its slot must not boot because it is there.
        [Fact]
        public void A_firmware_that_is_written_after_a_trial_boots_only_once_it_is_activated()
        {
            OnTrial(Firmware).Confirm();
            SlotCore slots = Boot(ResetCause.PowerOn);
            byte[] deployment = SampleImages.Deployment(new AssemblyVersion(1, 1), 4096);
            Assert.Equal(ResultCode.None, slots.Open(Application, 0));
            Assert.Equal(ResultCode.None, slots.Write(deployment, deployment.Length));
            Assert.Equal(ResultCode.None, EraseTail(slots));
            Assert.Equal(ResultCode.None, Activate(slots, Application));
            _flash.Decay((int)_map.Firmware[1].Offset, 4096);
            slots = Boot(ResetCause.PowerOn);
            Assert.Equal((0, true), (slots.Running, slots.IsOnTrial));
            Assert.Equal(ResultCode.None, slots.Confirm());
            byte[] firmware = SampleImages.Esp32("1.18.0.0", 4096);
            Assert.Equal(ResultCode.None, slots.Open(Firmware, 0));
            Assert.Equal(ResultCode.None, slots.Write(firmware, firmware.Length));
            Assert.Equal(0, Boot(ResetCause.PowerOn).Running);
        }

        [Fact]
        public void A_slot_is_hashed_where_it_lies_in_ranges_of_up_to_16384_bytes()
        {
            byte[] image = SampleImages.Deployment(new AssemblyVersion(1, 0), 8192);
            SlotCore slots = Boot(ResetCause.PowerOn);
            var state = new byte[HostHasher.StateLength + 3];
            Assert.Equal(ResultCode.None, slots.Hash(Application, false, 0, 5000, state, 3));
            Assert.Equal(ResultCode.None, slots.Hash(Application, false, 5000, image.Length - 5000, state, 3));
            byte[] before = [.. state];
            Assert.Equal(ResultCode.FlashFailed, slots.Hash(Application, false, 0, 16385, state, 3));
            Assert.Equal(ResultCode.FlashFailed, slots.Hash(Application, false, 0, -1, state, 3));
            Assert.Equal(ResultCode.FlashFailed, slots.Hash(Application, false, slots.Capacity(Application), 1, state, 3));
            Assert.Equal(before, state);
            var digest = new byte[32];
            HostHasher.Finish(state.AsSpan(3), digest);
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(image), digest);
            Assert.Equal(ResultCode.None, slots.Hash(Application, false, 0, 16384, state, 3));
        }

        [Fact]
        public void A_call_for_the_tail_goes_64_KiB_further()
        {
            SlotCore slots = Boot(ResetCause.PowerOn);
            Assert.Equal(ResultCode.None, slots.Open(Application, 0));
            for (int calls = slots.Capacity(Application) / 65536; calls > 1; calls--)
            {
                Assert.Equal(ResultCode.Pending, slots.EraseTail());
            }

            Assert.Equal(ResultCode.None, slots.EraseTail());
        }

        private static ResultCode EraseTail(SlotCore slots)
        {
            ResultCode code;
            do
            {
                code = slots.EraseTail();
            }
            while (code == ResultCode.Pending);
            return code;
        }

        private OtaData NewOtaData()
        {
            return new OtaData(_flash, (int)_map.OtaData!.Offset, 2, new StateWrites());
        }

        private SlotCore Boot(ResetCause cause)
        {
            for (_resets = 0; _resets < 5; _resets++)
            {
                OtaData otaData = NewOtaData();
                var slots = new SlotCore(_flash, _map, otaData, Bootloader.Choose(_flash, _map.Firmware, otaData), new StateWrites());
                if (slots.Hook(cause))
                {
                    return slots;
                }
            }

            throw new InvalidOperationException("The device resets for ever.");
        }

        private SlotCore OnTrial(FirmwareParts parts)
        {
            SlotCore slots = Boot(ResetCause.PowerOn);
            foreach (FirmwareParts part in new[] { Firmware, Application })
            {
                if ((parts & part) != 0)
                {
                    byte[] image = part == Firmware ? SampleImages.Esp32("1.17.0.0", 4096) : SampleImages.Deployment(new AssemblyVersion(1, 1), 4096);
                    Assert.Equal(ResultCode.None, slots.Open(part, 0));
                    Assert.Equal(ResultCode.None, slots.Write(image, image.Length));
                    Assert.Equal(ResultCode.None, EraseTail(slots));
                }
            }

            Assert.Equal(ResultCode.None, Activate(slots, parts));
            slots = Boot(ResetCause.Software);
            Assert.True(slots.IsOnTrial);
            return slots;
        }

        private static ResultCode Activate(SlotCore slots, FirmwareParts parts)
        {
            return slots.Activate(parts, new byte[32], "1.1.0", "1.1.0", 600);
        }
    }
}
