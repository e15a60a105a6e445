extern alias StandIns;


namespace nanoOta.Tests.Stock
{
    public class AppLoaderTests
    {
        private readonly StockBench _bench = new();

        [Fact]
        public void It_loads_all_assemblies_in_order_and_starts_the_last()
        {
            _bench.Install("1.0.0");
            Assert.True(_bench.Loader.Start());
            Assert.Equal(["Library", "App"], _bench.Runtime.Loaded.Select(assembly => assembly.Name));
            Assert.True(_bench.Runtime.IsStarted);
        }

        [Fact]
        public void A_trial_without_an_entry_point_is_rolled_back_at_once()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            _bench.Boot(hasEntryPoint: false);
            Assert.False(_bench.Loader.Start());
            Assert.NotNull(_bench.Board.RebootRequested);
            _bench.Boot();
            Assert.Equal((TrialPhase.Ended, ResultCode.NotStarted, "1.0.0"), (_bench.Status.Trial, _bench.Status.Verdict, _bench.Folders.Version));
        }

        [Fact]
        public void A_confirmed_application_that_does_not_load_any_more_gives_way_to_the_one_before()
        {
            _bench.Install("1.0.0");
            _bench.Install("1.1.0");
            Damage("a");
            _bench.Boot();
            Assert.False(_bench.Loader.Start());
            Assert.NotNull(_bench.Board.RebootRequested);
            _bench.Boot();
            Assert.Equal(("1.0.0", "b", false), (_bench.Folders.Version, _bench.Status.Place, _bench.Status.HasFallback));
            Assert.True(_bench.Loader.Start());
        }

        [Fact]
        public void Without_one_before_the_loader_stays_alone_and_can_be_updated()
        {
            _bench.Install("1.0.0");
            Damage("b");
            _bench.Boot();
            Assert.False(_bench.Loader.Start());
            Assert.Null(_bench.Board.RebootRequested);
            Assert.Equal(("loader", "1.0.0"), (_bench.Status.Place, _bench.Status.AppliedVersion));
            _bench.Install("1.1.0");
            Assert.True(_bench.Loader.Start());
        }

        [Fact]
        public void A_trial_that_nobody_ends_is_ended_by_the_loader_a_minute_after_its_time()
        {
            _bench.Install("1.0.0");
            _bench.Activate("1.1.0");
            _bench.Boot();
            Assert.Equal(160_000, _bench.Loader.DeadlineMilliseconds);
            _bench.Loader.Expire();
            Assert.NotNull(_bench.Board.RebootRequested);
            _bench.Boot();
            Assert.Equal((ResultCode.TrialHung, "1.0.0"), (_bench.Status.Verdict, _bench.Folders.Version));
            _bench.Loader.Expire();
            Assert.Null(_bench.Board.RebootRequested);
        }

        [Fact]
        public void An_application_without_a_test_has_to_run_for_half_a_minute_and_must_not_throw()
        {
            _bench.Activate("1.0.0");
            _bench.Boot();
            Assert.True(_bench.Loader.Start());
            Assert.Equal(SelfTestResult.Running, _bench.Loader.SelfTest());
            _bench.Clock.Advance(29_999);
            Assert.Equal(SelfTestResult.Running, _bench.Loader.SelfTest());
            _bench.Clock.Advance(1);
            Assert.Equal(SelfTestResult.Passed, _bench.Loader.SelfTest());
            _bench.Runtime.Fault = new InvalidOperationException();
            Assert.Equal(SelfTestResult.Failed, _bench.Loader.SelfTest());
        }

        [Fact]
        public void An_application_that_sets_a_test_is_asked()
        {
            _bench.Activate("1.0.0");
            _bench.Boot();
            try
            {
                AppHost.SelfTest = () => SelfTestResult.Failed;
                Assert.Equal(SelfTestResult.Failed, _bench.Loader.SelfTest());
            }
            finally
            {
                AppHost.SelfTest = null;
            }
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
