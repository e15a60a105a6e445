extern alias StandIns;

using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;
using DeviceStream = StandIns::System.IO.FileStream;

namespace nanoOta.Tests.Stock
{
    public class AppFoldersTests
    {
        private readonly StockBench _bench = new();

        [Fact]
        public void A_new_drive_has_the_loader_alone()
        {
            ModuleStatus status = _bench.Status;
            Assert.Equal((TrialPhase.None, "loader", null, false), (status.Trial, status.Slot, status.ConfirmedVersion, status.HasFallback));
            Assert.Equal("0.0.0", _bench.Version);
            Assert.False(_bench.Folders.Start());
            Assert.Null(_bench.Board.RebootRequested);
        }

        [Fact]
        public void An_update_goes_on_trial_into_the_other_folder_and_stays_when_applied()
        {
            _bench.Install("1.0.0");
            Assert.Equal(("b", "1.0.0", false), (_bench.Status.Slot, _bench.Version, _bench.Status.HasFallback));
            _bench.Activate("1.1.0");
            Assert.Equal((TrialPhase.None, "1.0.0"), (_bench.Status.Trial, _bench.Version));
            _bench.Boot();
            ModuleStatus trial = _bench.Status;
            Assert.Equal((TrialPhase.Running, "a", "1.1.0", "1.0.0", 2u, true), (trial.Trial, trial.Slot, trial.TrialVersion, trial.ConfirmedVersion, trial.TrialId, trial.HasFallback));
            Assert.Equal(StockBench.Digest("1.1.0"), trial.TrialDigest);
            Assert.Equal(ResultCode.None, _bench.Folders.Confirm());
            _bench.Boot();
            ModuleStatus applied = _bench.Status;
            Assert.Equal((TrialPhase.None, "a", "1.1.0", true), (applied.Trial, applied.Slot, applied.ConfirmedVersion, applied.HasFallback));
            Assert.Equal(StockBench.Digest("1.1.0"), applied.ConfirmedDigest);
        }

        [Fact]
        public void A_trial_that_is_rolled_back_leaves_what_ran_before_and_says_why()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            _bench.Boot();
            Assert.Equal(ResultCode.None, _bench.Folders.Revert(ResultCode.SelfTestFailed));
            Assert.True(_bench.Folders.NeedsReboot());
            _bench.Boot();
            ModuleStatus status = _bench.Status;
            Assert.Equal((TrialPhase.Ended, ResultCode.SelfTestFailed, "b", "1.0.0", "1.1.0"), (status.Trial, status.Verdict, status.Slot, _bench.Version, status.TrialVersion));
            Assert.False(_bench.Folders.NeedsReboot());
        }

        [Fact]
        public void An_activation_that_is_taken_back_before_the_reboot_needs_none()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            Assert.Equal(ResultCode.None, _bench.Folders.Revert(ResultCode.Cancelled));
            Assert.False(_bench.Folders.NeedsReboot());
            _bench.Boot();
            Assert.Equal((TrialPhase.Ended, ResultCode.Cancelled, "1.0.0"), (_bench.Status.Trial, _bench.Status.Verdict, _bench.Version));
        }

        [Fact]
        public void The_first_to_end_a_trial_says_why_and_nothing_is_confirmed_after_that()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            _bench.Boot();
            _bench.Folders.Revert(ResultCode.TrialHung);
            Assert.Equal(ResultCode.None, _bench.Folders.Revert(ResultCode.SelfTestFailed));
            Assert.Equal(ResultCode.None, _bench.Folders.Confirm());
            _bench.Boot();
            Assert.Equal((ResultCode.TrialHung, "1.0.0"), (_bench.Status.Verdict, _bench.Version));
        }

        [Fact]
        public void Boots_of_a_trial_are_counted_before_anything_of_it_is_loaded_and_the_sixth_is_none()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            for (int boot = 1; boot <= 5; boot++)
            {
                _bench.Boot();
                Assert.Equal("1.1.0", _bench.Version);
                Assert.Empty(_bench.Runtime.Loaded);
            }

            _bench.Boot();
            Assert.Equal((TrialPhase.Ended, ResultCode.TrialCrashed, "1.0.0"), (_bench.Status.Trial, _bench.Status.Verdict, _bench.Version));
        }

        [Fact]
        public void A_trial_whose_boot_cannot_be_counted_is_not_started()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            _bench.Files.BeforeOperation = operation => throw new IOException();
            _bench.Boot();
            Assert.Equal((TrialPhase.None, "1.0.0"), (_bench.Status.Trial, _bench.Version));
            _bench.Files.BeforeOperation = null;
            _bench.Boot();
            Assert.Equal((TrialPhase.Running, "1.1.0"), (_bench.Status.Trial, _bench.Version));
        }

        [Fact]
        public void A_record_that_cannot_be_read_for_some_seconds_at_boot_is_waited_for()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            long before = _bench.Clock.TickCount64;
            _bench.InUse["record0"] = 4500;
            _bench.Boot();
            Assert.Equal((TrialPhase.Running, "1.1.0", 5000), (_bench.Status.Trial, _bench.Version, _bench.Clock.TickCount64 - before));
        }

        [Fact]
        public void Of_a_record_one_damaged_file_counts_as_lost_after_half_a_minute()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            long before = _bench.Clock.TickCount64;
            _bench.InUse[Newest()[StockBench.Root.Length..]] = 3_600_000;
            _bench.Boot();
            Assert.Equal((TrialPhase.None, "1.0.0", 30_000), (_bench.Status.Trial, _bench.Version, _bench.Clock.TickCount64 - before));
        }

        [Fact]
        public void A_record_that_cannot_be_read_at_all_is_not_written_over_and_the_loader_reboots_to_try_again()
        {
            _bench.Install("1.0.0");
            byte[][] before = Files();
            _bench.InUse["record0"] = _bench.InUse["record1"] = 3_600_000;
            _bench.Boot();
            Assert.Equal(("0.0.0", TrialPhase.Unknown), (_bench.Version, _bench.Status.Trial));
            Assert.False(_bench.Folders.Start());
            byte[] image = StockBench.Image("1.1.0");
            Assert.Equal(ResultCode.FlashFailed, _bench.Write(image));
            Assert.Equal(ResultCode.ActivationFailed, _bench.Folders.Activate(StockBench.Manifest("1.1.0", image), new byte[32]));
            _bench.Folders.Watch(0);
            Assert.NotNull(_bench.Board.RebootRequested);

            _bench.Boot();
            Assert.Equal(before, Files());
            Assert.Equal(("1.0.0", TrialPhase.None), (_bench.Version, _bench.Status.Trial));
            Assert.True(_bench.Folders.Start());
            _bench.Folders.Watch(0);
            Assert.Null(_bench.Board.RebootRequested);

            static byte[][] Files() => [.. new[] { "record0", "record1", "a\\app.bin", "b\\app.bin" }
                .Where(name => DeviceFile.Exists(StockBench.Root + name)).Select(name => DeviceFile.ReadAllBytes(StockBench.Root + name))];
        }

        [Fact]
        public void A_record_that_cannot_be_used_for_a_while_keeps_a_running_application_from_updates_no_longer()
        {
            _bench.Install("1.0.0");
            _bench.Install("1.1.0");
            byte[] image = StockBench.Image("1.2.0");
            using (new DeviceStream(StockBench.Root + "record0", FileMode.Open))
            using (new DeviceStream(StockBench.Root + "record1", FileMode.Open))
            {
                Assert.Equal(ResultCode.FlashFailed, _bench.Write(image));
                Assert.Equal(ResultCode.FlashFailed, _bench.Write(image));
            }

            _bench.Install("1.2.0");

            Assert.Equal(("1.2.0", "b"), (_bench.Version, _bench.Status.Slot));
        }

        [Fact]
        public void What_does_not_fit_beside_the_running_application_is_too_large()
        {
            _bench.Install("1.0.0");
            Assert.Equal(ResultCode.None, Check(91_000));
            Assert.Equal(ResultCode.TooLarge, Check(91_001));
            Assert.Equal(ResultCode.TooLarge, Check(int.MaxValue));
        }

        [Fact]
        public void What_does_not_fit_the_heap_is_refused_before_its_first_byte()
        {
            _bench.Heap = StockBench.HeapReserve + 20_000;
            _bench.Boot();
            Assert.Equal(ResultCode.None, Check(20_000));
            Assert.Equal(ResultCode.HeapTooSmall, Check(20_001));
        }

        [Fact]
        public void Nobody_falls_back_to_what_is_being_overwritten()
        {
            _bench.Install("1.0.0");
            _bench.Install("1.1.0");
            Assert.True(_bench.Status.HasFallback);
            byte[] image = StockBench.Image("1.2.0");
            _bench.Files.BeforeOperation = operation => operation is { Kind: FileOperationKind.CommitFile, Path: @"I:\nanoota\b\app.bin" } ? CutPoint.Before : CutPoint.None;
            Assert.Equal(ResultCode.FlashFailed, _bench.Folders.Prepare(StockBench.Manifest("1.2.0", image).Components[0], 0));
            _bench.Files.BeforeOperation = null;
            _bench.Boot();
            Assert.False(_bench.Status.HasFallback);
        }

        [Fact]
        public void While_a_trial_runs_nothing_is_prepared()
        {
            _bench.Activate("1.0.0");
            _bench.Boot();
            Assert.Equal(ResultCode.SlotBusy, _bench.Write(StockBench.Image("1.1.0")));
        }

        [Fact]
        public void A_download_goes_on_where_the_file_ends_or_earlier_and_never_behind_it()
        {
            byte[] image = StockBench.Image("1.0.0", 12_000);
            ManifestComponent component = StockBench.Manifest("1.0.0", image).Components[0];
            Assert.Equal(ResultCode.None, _bench.Write(image));
            Assert.Equal(ResultCode.None, _bench.Folders.Prepare(component, 8192));
            Assert.Equal(8192, DeviceFile.ReadAllBytes(StockBench.Root + @"b\app.bin").Length);
            Assert.Equal(ResultCode.None, _bench.Folders.Write(image[8192..], image.Length - 8192));
            Assert.Equal(image, DeviceFile.ReadAllBytes(StockBench.Root + @"b\app.bin"));
            Assert.Equal(ResultCode.ReadBackMismatch, _bench.Folders.Prepare(component, 16_384));
            DeviceFile.Delete(StockBench.Root + @"b\app.bin");
            Assert.Equal(ResultCode.ReadBackMismatch, _bench.Folders.Prepare(component, 4096));
        }

        [Fact]
        public void A_full_drive_is_a_failure_of_the_flash_and_leaves_what_runs()
        {
            var bench = new StockBench(capacity: 24_000);
            bench.Install("1.0.0");
            Assert.Equal(ResultCode.FlashFailed, bench.Write(StockBench.Image("1.1.0", 20_000)));
            bench.Boot();
            Assert.Equal("1.0.0", bench.Version);
        }

        [Fact]
        public void What_cannot_be_read_back_is_a_failure_of_the_flash()
        {
            byte[] image = StockBench.Image("1.0.0");
            Assert.Equal(ResultCode.None, _bench.Write(image));
            ManifestComponent component = StockBench.Manifest("1.0.0", image).Components[0];
            Assert.Equal(ResultCode.None, _bench.Folders.Read(component, 8192, new byte[4096], image.Length - 8192));
            Assert.Equal(ResultCode.FlashFailed, _bench.Folders.Read(component, 8192, new byte[4096], 4096));
        }

        [Fact]
        public void A_record_that_cannot_be_written_activates_nothing()
        {
            byte[] image = StockBench.Image("1.0.0");
            Assert.Equal(ResultCode.None, _bench.Verify("1.0.0", image));
            _bench.Files.BeforeOperation = operation => throw new IOException();
            Assert.Equal(ResultCode.ActivationFailed, _bench.Folders.Activate(StockBench.Manifest("1.0.0", image), new byte[32]));
            Assert.False(_bench.Folders.NeedsReboot());
            _bench.Files.BeforeOperation = null;
            _bench.Boot();
            Assert.Equal((TrialPhase.None, "0.0.0"), (_bench.Status.Trial, _bench.Version));
        }

        [Fact]
        public void A_damaged_record_gives_way_to_the_one_before_and_two_to_none()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            string newest = Newest();
            byte[] bytes = DeviceFile.ReadAllBytes(newest);
            bytes[40] ^= 1;
            DeviceFile.WriteAllBytes(newest, bytes);
            _bench.Boot();
            Assert.Equal((TrialPhase.None, "1.0.0"), (_bench.Status.Trial, _bench.Version));
            DeviceFile.WriteAllBytes(StockBench.Root + "record0", new byte[512]);
            DeviceFile.WriteAllBytes(StockBench.Root + "record1", new byte[17]);
            _bench.Boot();
            Assert.Equal("0.0.0", _bench.Version);

        }

        [Theory]
        [InlineData(AppRecord.Sets, 64)]
        [InlineData(AppRecord.Sets + AppRecord.SetLength, 96)]
        [InlineData(AppRecord.Sets + AppRecord.SetLength, Journal.RecordLength - 4 - AppRecord.Sets - AppRecord.SetLength)]
        public void A_record_that_names_no_version_does_not_stop_the_loader(int at, int length)
        {
            _bench.Install("1.0.0");
            _bench.Install("1.1.0");
            Alter(record => record.AsSpan(at, length).Fill((byte)'1'));
            _bench.Boot();
            Assert.Equal(at == AppRecord.Sets ? "0.0.0" : "1.1.0", _bench.Version);
            Assert.Contains(new string('1', AppRecord.SetDigest), new[] { _bench.Status.ConfirmedVersion, _bench.Status.TrialVersion });
        }

        [Fact]
        public void A_record_of_more_boots_than_are_allowed_ends_the_trial()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            Alter(record => record[AppRecord.Boots] = 200);
            _bench.Boot();
            Assert.Equal((TrialPhase.Ended, ResultCode.TrialCrashed, "1.0.0"), (_bench.Status.Trial, _bench.Status.Verdict, _bench.Version));
        }

        [Fact]
        public void A_trial_of_no_length_is_rolled_back()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            Alter(record => record[AppRecord.Sets + AppRecord.SetSize + 3] = 0x80);
            _bench.Boot();
            Assert.False(_bench.Folders.Start());
            _bench.Boot();
            Assert.Equal((ResultCode.NotStarted, "1.0.0"), (_bench.Status.Verdict, _bench.Version));
        }

        [Fact]
        public void It_takes_the_component_app_alone()
        {
            Assert.True(_bench.Folders.Handles("app"));
            Assert.False(_bench.Folders.Handles("deployment"));
            _bench.Install("1.2.0");
            Assert.Equal("1.2.0", _bench.Folders.VersionOf("app"));
        }

        // What the newest record says is changed, checksum included.
        private static void Alter(Action<byte[]> change)
        {
            byte[] record = DeviceFile.ReadAllBytes(Newest());
            change(record);
            Bytes.PutUInt32(record, Journal.RecordLength - 4, Crc.Of(record, Journal.RecordLength - 4));
            DeviceFile.WriteAllBytes(Newest(), record);
        }

        private static string Newest()
        {
            return StockBench.Root + "record" + (Sequence(0) > Sequence(1) ? 0 : 1);

            static uint Sequence(int file)
            {
                return Bytes.GetUInt32(DeviceFile.ReadAllBytes(StockBench.Root + "record" + file), 4);
            }
        }

        private ResultCode Check(int size)
        {
            return _bench.Folders.Check(new ManifestComponent { Id = "app", Size = size });
        }
    }
}
