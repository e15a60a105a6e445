extern alias StandIns;

using nanoOta.VirtualDevice.Flash;
using StandIns::nanoOta.StandIns;
using static nanoOta.Mcu.Tests.ComponentBench;
using DeviceDirectory = StandIns::System.IO.Directory;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.Mcu.Tests
{
    /// <summary>Files, images on a block device and raw areas: what they have in common, and the power cut at each of their operations.</summary>
    public class PairTests
    {
        private const int Area = 4 * 4096;

        private static readonly byte[] _first = Bytes(9000, 1);
        private static readonly byte[] _second = Bytes(13000, 2);

        [Fact]
        public void A_file_is_replaced_and_the_one_before_stays_until_the_update_is_confirmed()
        {
            Drive();
            var module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0");
            Assert.Equal(@"I:\root.pem", module.PathInUse);

            Assert.Equal(ResultCode.None, Try(module, "ca", "1.1.0", _second));
            Assert.Equal(@"I:\root.pem.1", module.PathInUse);
            Assert.Equal("1.1.0", module.VersionOf("ca"));
            Assert.Equal(_first, DeviceFile.ReadAllBytes(@"I:\root.pem"));
            Assert.Equal(ResultCode.None, module.Confirm());

            module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0");
            Assert.Equal(_second, DeviceFile.ReadAllBytes(module.PathInUse));
            Assert.Equal("1.1.0", StatusOf(module).ConfirmedVersion);
        }

        [Fact]
        public void A_file_that_is_taken_back_is_the_one_before_again()
        {
            Drive();
            var module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0");
            Assert.Equal(ResultCode.None, Try(module, "ca", "1.1.0", _second));

            Assert.Equal(ResultCode.None, module.Revert(ResultCode.SelfTestFailed));

            Assert.Equal(@"I:\root.pem", module.PathInUse);
            Assert.Equal("1.0.0", module.VersionOf("ca"));
            Assert.Equal((TrialPhase.Ended, ResultCode.SelfTestFailed), (StatusOf(module).Trial, StatusOf(module).Verdict));
        }

        [Fact]
        public void A_shorter_file_has_nothing_of_a_longer_one_behind_it()
        {
            Drive();
            var module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0");
            foreach ((string version, byte[] content) in new[] { ("1.1.0", _second), ("1.2.0", _first), ("1.3.0", Bytes(10, 3)) })
            {
                Assert.Equal(ResultCode.None, Try(module, "ca", version, content));
                Assert.Equal(ResultCode.None, module.Confirm());
                Assert.Equal(content, DeviceFile.ReadAllBytes(module.PathInUse));
            }

            Assert.Equal([@"I:\root.pem", @"I:\root.pem.1", @"I:\root.pem.r0", @"I:\root.pem.r1"], DeviceDirectory.GetFiles(@"I:\").Order(StringComparer.Ordinal));
        }

        [Fact]
        public void A_file_is_gone_on_with_where_it_was_left_and_not_beyond_its_end()
        {
            Drive();
            var module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0");
            ManifestComponent component = Component("ca", "1.1.0", _second);
            Assert.Equal(ResultCode.None, Prepare(module, component, _second[..8192]));

            Assert.Equal(ResultCode.None, Prepare(new FileModule("ca", @"I:\root.pem", 65536, "1.0.0"), component, _second, 8192));
            Assert.Equal(_second, DeviceFile.ReadAllBytes(@"I:\root.pem.1"));
            Assert.Equal(ResultCode.ReadBackMismatch, Prepare(module, component, Bytes(40960, 1), 32768));
        }

        [Fact]
        public void A_drive_that_is_full_fails_the_file_and_what_is_in_use_stays()
        {
            Drive(_first.Length + 4096);
            var module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0");

            Assert.Equal(ResultCode.FlashFailed, Try(module, "ca", "1.1.0", _second));
            Assert.Equal(ResultCode.TooLarge, Try(new FileModule("ca", @"I:\root.pem", 4096, "1.0.0"), "ca", "1.1.0", _second));

            Assert.Equal(_first, DeviceFile.ReadAllBytes(module.PathInUse));
        }

        [Fact]
        public void A_folder_that_is_not_there_is_a_defect_of_the_drive_at_the_start_and_worth_another_fetch_later()
        {
            Drive();
            var module = new FileModule("ca", @"I:\gone\root.pem", 65536, "1.0.0");
            ManifestComponent component = Component("ca", "1.1.0", _second);

            Assert.Equal(ResultCode.FlashFailed, module.Prepare(component, 0));
            Assert.Equal(ResultCode.ReadBackMismatch, module.Prepare(component, 4096));
        }

        [Fact]
        public void A_cut_at_any_change_of_the_drive_leaves_one_whole_file()
        {
            int operations = Drive();
            FileLife(new FileModule("ca", @"I:\root.pem", 65536, "1.0.0"));
            operations = VirtualFileSystem.Current.OperationCount - operations;
            Assert.InRange(operations, 8, 100);
            for (int cut = 1; cut <= operations; cut++)
            {
                foreach (CutPoint point in new[] { CutPoint.Before, CutPoint.After })
                {
                    int before = Drive();
                    VirtualFileSystem.Current.BeforeOperation = operation => operation.Number - before == cut ? point : CutPoint.None;
                    Assert.ThrowsAny<Exception>(() => FileLife(new FileModule("ca", @"I:\root.pem", 65536, "1.0.0")));
                    VirtualFileSystem.Current.RestorePower();
                    VirtualFileSystem.Current.BeforeOperation = null;

                    var module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0");

                    byte[] content = DeviceFile.ReadAllBytes(module.PathInUse);
                    Assert.Equal(module.VersionOf("ca") == "1.1.0" ? _second : _first, content);
                    Assert.Equal(ResultCode.None, module.Revert(ResultCode.TrialInterrupted));
                    Assert.Equal(ResultCode.None, Try(module, "ca", "1.2.0", _first));
                    Assert.Equal(ResultCode.None, module.Confirm());
                    Assert.Equal(_first, DeviceFile.ReadAllBytes(module.PathInUse));
                }
            }
        }

        [Fact]
        public void An_area_is_exchanged_and_exchanged_back()
        {
            NorFlash flash = AreaFlash();
            RawAreaModule module = Raw(flash);

            Assert.Equal(ResultCode.None, Try(module, "table", "1.1.0", _second));
            Assert.Equal(_second, flash.Read(0, _second.Length));
            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.SelfTestFailed)));
            Assert.Equal(_first, flash.Read(0, _first.Length));

            Assert.Equal(ResultCode.None, Try(module, "table", "1.2.0", _second));
            Assert.Equal(ResultCode.None, module.Confirm());
            Assert.Equal(ResultCode.None, Try(module, "table", "1.3.0", _first));
            Assert.Equal(_first, flash.Read(0, _first.Length));
            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.SelfTestFailed)));
            Assert.Equal(_second, flash.Read(0, _second.Length));
        }

        [Fact]
        public void An_area_that_is_half_exchanged_back_takes_no_update_until_it_is_whole_again()
        {
            bool fails = false;
            NorFlash flash = AreaFlash();
            var blocks = new FlashBlocks(flash) { ProgramFails = offset => fails && offset < Area };
            var module = new RawAreaModule("table", blocks, 0, Area, 2 * Area, "1.0.0");
            Assert.Equal(ResultCode.None, Try(module, "table", "1.1.0", _second));
            for (int step = 0; step < 4; step++)
            {
                Assert.Equal(ResultCode.Pending, module.Revert(ResultCode.SelfTestFailed));
            }

            fails = true;
            Assert.Equal(ResultCode.FlashFailed, End(() => module.Revert(ResultCode.SelfTestFailed)));
            Assert.Equal(ResultCode.SlotBusy, Prepare(module, Component("table", "1.2.0", _second), _second));

            fails = false;
            Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.SelfTestFailed)));
            Assert.Equal(_first, flash.Read(0, _first.Length));
            Assert.Equal(ResultCode.None, Prepare(module, Component("table", "1.2.0", _second), _second));
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void A_cut_at_any_operation_on_an_area_leaves_the_one_image_or_the_other(bool confirms)
        {
            NorFlash whole = AreaFlash();
            AreaLife(Raw(whole), confirms);
            long operations = whole.Operations;
            for (int cut = 1; cut <= operations; cut++)
            {
                NorFlash flash = AreaFlash();
                flash.CutAt = cut;
                flash.Tear = new Tear((TearKind)(cut % 5), cut);
                Assert.Throws<PowerCutException>(() => AreaLife(Raw(flash), confirms));
                flash.PowerOn();

                RawAreaModule module = Raw(flash);
                if (StatusOf(module).Trial is TrialPhase.Activating or TrialPhase.Running)
                {
                    Assert.Equal(ResultCode.None, End(() => module.Revert(ResultCode.TrialInterrupted)));
                }

                byte[] expected = module.VersionOf("table") == "1.1.0" ? _second : _first;
                Assert.True(flash.Read(0, expected.Length).AsSpan().SequenceEqual(expected), $"cut {cut}: {module.VersionOf("table")}");
                Assert.Equal(ResultCode.None, Try(module, "table", "1.2.0", _first));
                Assert.Equal(_first, flash.Read(0, _first.Length));
                Assert.Null(flash.Misuse);
            }
        }

        [Fact]
        public void An_image_on_a_block_device_changes_its_place_and_goes_on_where_it_was_left()
        {
            var flash = new NorFlash(4 * 65536);
            var module = new BlockModule("fpga", new FlashBlocks(flash), 0, 65536, null);
            byte[] image = Bytes(50000, 7);
            ManifestComponent component = Component("fpga", "1.1.0", image);
            Assert.Null(module.VersionOf("fpga"));
            Assert.Equal(ResultCode.None, Prepare(module, component, image[..20480]));

            // What was written behind the checkpoint is erased again.
            Assert.Equal(ResultCode.None, Prepare(module, component, image, 16384));
            int before = module.OffsetInUse;
            Assert.Equal(ResultCode.None, End(() => module.Activate(Manifest("1.1.0", component), Digest("1.1.0"))));
            Assert.Equal(ResultCode.None, module.Reboot());

            Assert.NotEqual(before, module.OffsetInUse);
            Assert.Equal(image, flash.Read(module.OffsetInUse, image.Length));
            Assert.Equal(ResultCode.SlotBusy, module.Prepare(component, 0));
            Assert.Null(flash.Misuse);
        }

        [Theory]
        [InlineData(4096, 65536 + 5000)]
        [InlineData(4096, 65536)]
        [InlineData(4096, 65535)]
        [InlineData(65536, 65536 + 5000)]
        [InlineData(131072, 65536 + 5000)]
        public void A_block_device_erases_whole_sectors_of_the_place_and_nothing_beyond_the_image(int sector, int size)
        {
            const int Place = 262144;
            var blocks = new FlashBlocks(new NorFlash(4 * Place)) { EraseLength = sector };
            var module = new BlockModule("fpga", blocks, 0, Place, null);
            byte[] image = Bytes(size, 7);
            ManifestComponent component = Component("fpga", "1.1.0", image);

            Assert.Equal(ResultCode.None, Prepare(module, component, image));

            Assert.All(blocks.Erased, erase => Assert.True(erase.Offset % sector == 0 && erase.Count % sector == 0, $"{erase}"));
            Assert.Equal(module.OffsetOf(1), blocks.Erased[0].Offset);
            Assert.InRange(blocks.Erased[^1].Offset + blocks.Erased[^1].Count, module.OffsetOf(1) + size, module.OffsetOf(1) + (size + sector - 1) / sector * sector);
        }

        [Fact]
        public void What_cannot_be_gone_on_with_is_fetched_anew_and_no_defect_of_the_flash()
        {
            var blocks = new FlashBlocks(new NorFlash(65536 * 4)) { EraseLength = 8192 };
            byte[] image = Bytes(16384, 7);
            ManifestComponent component = Component("fpga", "1.1.0", image);
            foreach (UpdateModule module in new UpdateModule[] { new BlockModule("fpga", blocks, 0, 65536, null), new RawAreaModule("fpga", blocks, 0, 32768, 65536, null) })
            {
                // The rest of the sector that was gone on with may hold anything.
                Assert.Equal(ResultCode.None, Prepare(module, component, image[..8192]));
                Assert.Equal(ResultCode.ReadBackMismatch, Prepare(module, component, image, 4096));
                Assert.Equal(ResultCode.None, Prepare(module, component, image, 8192));
                Assert.Equal(ResultCode.None, Prepare(module, component, image));
            }
        }

        [Fact]
        public void The_report_tells_what_state_a_component_is_in()
        {
            Drive();
            var module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0");
            Assert.Equal("""
                "ca":{"state":"idle","version":"1.0.0"}
                """, module.Describe());
            ManifestComponent component = Component("ca", "1.1.0", _second);
            Prepare(module, component, _second);
            Assert.Equal("""
                "ca":{"state":"prepared","version":"1.0.0"}
                """, module.Describe());
            module.Activate(Manifest("1.1.0", component), Digest("1.1.0"));
            module.Reboot();
            Assert.Equal("""
                "ca":{"state":"updated","version":"1.1.0"}
                """, module.Describe());
            module.Confirm();
            Assert.Equal("""
                "ca":{"state":"idle","version":"1.1.0"}
                """, module.Describe());
        }

        [Fact]
        public void What_needs_the_devices_reset_asks_for_it_and_not_for_one_that_nothing_has_run_after()
        {
            Drive();
            var module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0") { RebootsDevice = true };
            Assert.Equal(ResultCode.None, Try(module, "ca", "1.1.0", _second));
            Assert.True(module.NeedsReboot());

            module.Revert(ResultCode.Cancelled);
            Assert.False(module.NeedsReboot());

            Assert.Equal(ResultCode.None, Try(module, "ca", "1.1.0", _second));
            module = new FileModule("ca", @"I:\root.pem", 65536, "1.0.0") { RebootsDevice = true };
            Assert.False(module.NeedsReboot());
            module.Revert(ResultCode.SelfTestFailed);
            Assert.True(module.NeedsReboot());
        }

        private static void FileLife(FileModule module)
        {
            Require(Try(module, "ca", "1.1.0", _second));
            Require(module.Confirm());
        }

        private static void AreaLife(RawAreaModule module, bool confirms)
        {
            Require(Try(module, "table", "1.1.0", _second));
            Require(End(confirms ? module.Confirm : () => module.Revert(ResultCode.SelfTestFailed)));
        }

        private static void Require(ResultCode code)
        {
            if (code != ResultCode.None)
            {
                throw new PowerCutException();
            }
        }

        private static int Drive(int capacity = 262144)
        {
            VirtualFileSystem.Current = new VirtualFileSystem(capacity);
            DeviceFile.WriteAllBytes(@"I:\root.pem", _first);
            return VirtualFileSystem.Current.OperationCount;
        }

        private static NorFlash AreaFlash()
        {
            var flash = new NorFlash(2 * Area + RawAreaModule.ExtraSectors * 4096);
            for (int at = 0; at < _first.Length; at += 4096)
            {
                flash.Program(at, _first.AsSpan(at, Math.Min(4096, _first.Length - at)));
            }

            flash.PowerOn();
            return flash;
        }

        private static RawAreaModule Raw(NorFlash flash) => new("table", new FlashBlocks(flash), 0, Area, 2 * Area, "1.0.0");
    }
}
