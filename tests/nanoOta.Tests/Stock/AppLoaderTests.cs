extern alias StandIns;

using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Stock
{
    public class AppLoaderTests
    {
        private readonly StockBench _bench = new();

        [Fact]
        public void It_loads_all_assemblies_in_order_and_starts_the_last()
        {
            _bench.Install("1.0.0");
            Assert.True(_bench.Folders.Start());
            Assert.Equal(["Library", "App"], _bench.Runtime.Loaded.Select(assembly => assembly.Name));
            Assert.True(_bench.Runtime.IsStarted);
        }

        [Fact]
        public void A_trial_without_an_entry_point_is_rolled_back_at_once()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            _bench.Boot(hasEntryPoint: false);
            Assert.False(_bench.Folders.Start());
            Assert.NotNull(_bench.Board.RebootRequested);
            _bench.Boot();
            Assert.Equal((TrialPhase.Ended, ResultCode.NotStarted, "1.0.0"), (_bench.Status.Trial, _bench.Status.Verdict, _bench.Version));
        }

        [Fact]
        public void A_confirmed_application_that_does_not_load_any_more_gives_way_to_the_one_before()
        {
            _bench.Install("1.0.0");
            _bench.Install("1.1.0");
            Damage("a");
            _bench.Boot();
            Assert.False(_bench.Folders.Start());
            Assert.NotNull(_bench.Board.RebootRequested);
            _bench.Boot();
            Assert.Equal(("1.0.0", "b", false), (_bench.Version, _bench.Status.Slot, _bench.Status.HasFallback));
            Assert.True(_bench.Folders.Start());
        }

        [Fact]
        public void Without_one_before_the_loader_stays_alone_and_can_be_updated()
        {
            _bench.Install("1.0.0");
            Damage("b");
            _bench.Boot();
            Assert.False(_bench.Folders.Start());
            Assert.Null(_bench.Board.RebootRequested);
            Assert.Equal(("loader", "1.0.0"), (_bench.Status.Slot, _bench.Status.ConfirmedVersion));
            _bench.Install("1.1.0");
            Assert.True(_bench.Folders.Start());
        }

        [Theory]
        [InlineData(4500, true, 5000)]
        [InlineData(3_600_000, false, 30_000)]
        public void An_application_whose_file_is_in_use_at_boot_is_waited_for_up_to_half_a_minute(int milliseconds, bool runs, int waited)
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            _bench.InUse["a\\app.bin"] = milliseconds;
            _bench.Boot();
            long before = _bench.Clock.TickCount64;
            bool started = false;

            _bench.Run(() => started = _bench.Folders.Start());

            Assert.Equal((runs, waited), (started, _bench.Clock.TickCount64 - before));
            Assert.Equal(runs ? ResultCode.None : ResultCode.NotStarted, _bench.Status.Verdict);
        }

        [Fact]
        public void A_trial_that_nobody_ends_is_ended_by_the_loader()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            _bench.Boot();
            _bench.Folders.Watch(0);
            Assert.NotNull(_bench.Board.RebootRequested);
            _bench.Boot();
            Assert.Equal((ResultCode.TrialHung, "1.0.0"), (_bench.Status.Verdict, _bench.Version));
            _bench.Folders.Watch(0);
            Assert.Null(_bench.Board.RebootRequested);
        }

        [Fact]
        public void An_application_that_runs_although_its_record_takes_nothing_any_more_is_not_rebooted()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            string other = Record(0) > Record(1) ? "record1" : "record0";
            _bench.InUse[other] = 3_600_000;
            _bench.Boot();
            Assert.Equal(("1.0.0", TrialPhase.Unknown), (_bench.Version, _bench.Status.Trial));
            Assert.True(_bench.Folders.Start());

            _bench.Folders.Watch(0);

            Assert.Null(_bench.Board.RebootRequested);

            static uint Record(int index) => Bytes.GetUInt32(DeviceFile.ReadAllBytes(StockBench.Root + "record" + index), 4);
        }

        [Fact]
        public void An_application_is_asked_for_its_test_fails_when_it_throws_and_does_not_pass_in_silence()
        {
            _bench.Activate("1.0.0");
            _bench.Boot();
            Assert.True(_bench.Folders.Start());
            Assert.Equal(SelfTestResult.Running, _bench.Folders.SelfTest(new SelfTestReport()));
            try
            {
                AppFolders.ApplicationTest = _ => SelfTestResult.Passed;
                Assert.Equal(SelfTestResult.Passed, _bench.Folders.SelfTest(new SelfTestReport()));
                _bench.Runtime.Fault = new InvalidOperationException();
                Assert.Equal(SelfTestResult.Failed, _bench.Folders.SelfTest(new SelfTestReport()));
            }
            finally
            {
                AppFolders.ApplicationTest = null;
            }
        }

        [Fact]
        public void The_CLR_throws_for_an_assembly_that_is_damaged_and_for_one_whose_reference_is_missing()
        {
            byte[] image = StockBench.Image("1.0.0");
            byte[] library = image[..(int)NanoAssembly.Read(image)!.TotalSize];
            byte[] app = image[library.Length..];
            Assert.Throws<NotSupportedException>(() => _bench.Runtime.Load(app));
            library[^1] ^= 1;
            Assert.Throws<ArgumentException>(() => _bench.Runtime.Load(library));
            library[^1] ^= 1;
            _bench.Runtime.Load(library);
            _bench.Runtime.Load(app);
            Assert.Equal(["Library", "App"], _bench.Runtime.Loaded.Select(assembly => assembly.Name));
        }

        [Fact]
        public void A_trial_that_the_CLR_finds_damaged_is_rolled_back_at_once()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            Damage("a");
            _bench.Boot();
            Assert.False(_bench.Folders.Start());
            Assert.NotNull(_bench.Board.RebootRequested);
            _bench.Boot();
            Assert.Equal((TrialPhase.Ended, ResultCode.NotStarted, "1.0.0"), (_bench.Status.Trial, _bench.Status.Verdict, _bench.Version));
        }

        private static void Damage(string folder)
        {
            string path = $@"{StockBench.Root}{folder}\app.bin";
            byte[] bytes = DeviceFile.ReadAllBytes(path);
            bytes[^100] ^= 1;
            DeviceFile.WriteAllBytes(path, bytes);
        }
    }
}
