extern alias StandIns;

using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.Samples.Tests
{
    /// <summary>StockLoader's Main loads StockApp's.</summary>
    public sealed class StockTests : IDisposable
    {
        private readonly StockBench _bench = new();

        public void Dispose() => _bench.Dispose();

        [Fact]
        public void Main_of_the_loader_fetches_an_application_onto_an_empty_drive_runs_it_and_confirms_it()
        {
            _bench.Install("1.0.0");

            _bench.RunUntilPrinted("application 1.0.0 works");
            Assert.Empty(_bench.Device.Uncaught);
            SampleFile.HasPrinted("StockLoader", _bench.Device.Console);
            SampleFile.HasPrinted("StockApp", _bench.Device.Console);
        }

        [Fact]
        public void An_application_replaces_the_one_before_which_stays_as_the_fallback()
        {
            _bench.Install("1.0.0");
            _bench.Install("1.1.0");

            Assert.Equal(("a", true), (_bench.Device.Recorded.Slot, _bench.Device.Recorded.HasFallback));
            Assert.Contains("application 1.1.0 works", _bench.Device.Console);
        }

        [Fact]
        public void An_application_whose_self_test_fails_is_rolled_back_and_not_tried_again()
        {
            _bench.Install("1.0.0");
            _bench.Break("1.1.0");
            _bench.Publish("1.1.0");

            _bench.RunUntilPrinted($"update: last result {(int)ResultCode.SelfTestFailed}");
            Assert.Equal("1.0.0", _bench.Device.Recorded.ConfirmedVersion);
            int reboots = _bench.Device.Reboots;
            TimeSpan later = _bench.Device.Clock.Elapsed + TimeSpan.FromHours(3);
            _bench.RunUntil(() => _bench.Device.Clock.Elapsed > later);

            // The power came on once more, for the second run.
            Assert.Equal((reboots, "1.0.0"), (_bench.Device.Reboots, _bench.Device.Version));
        }

        [Theory]
        [InlineData("torn")]
        [InlineData("damaged")]
        [InlineData("missing")]
        public void An_application_whose_file_is_spoiled_gives_way_to_the_one_before(string how)
        {
            _bench.Install("1.0.0");
            _bench.Install("1.1.0");

            _bench.Spoil("a", path => Spoil(path, how));
            _bench.RunUntilPrinted("application 1.0.0 works");
        }

        [Theory]
        [InlineData("torn")]
        [InlineData("damaged")]
        [InlineData("missing")]
        public void Without_one_before_the_loader_stays_alone_and_takes_an_update(string how)
        {
            _bench.Install("1.0.0");

            _bench.Spoil("b", path => Spoil(path, how));
            _bench.RunUntilPrinted("loader: no application");
            _bench.Install("1.1.0");
        }

        [Fact]
        public void An_application_that_refers_to_what_the_loader_does_not_have_is_refused_before_it_is_tried()
        {
            _bench.Publish("1.0.0", StockBench.Image("1.0.0", new AssemblyReference("Iot.Device.Nobody", new AssemblyVersion(1, 0))));

            _bench.RunUntilPrinted($"update: last result {(int)ResultCode.ReferenceMissing}");
            Assert.Equal(0, _bench.Device.Reboots);
        }

        [Fact]
        public void A_power_cut_before_or_after_any_change_of_a_file_is_survived()
        {
            _bench.Install("1.0.0");
            int from = _bench.Device.Files.OperationCount;
            _bench.Install("1.1.0");
            int changes = _bench.Device.Files.OperationCount - from;
            int cuts = 0;
            for (int at = 1; at <= changes; at++)
            {
                using var bench = new StockBench();
                bench.Install("1.0.0");
                bench.Publish("1.1.0");
                cuts += CutAt(bench, at, at % 2 == 0 ? CutPoint.Before : CutPoint.After) ? 1 : 0;

                bench.Install("1.1.0");
            }

            Assert.True(changes > 10 && cuts >= changes - 1, $"{cuts} cuts at {changes} changes");
        }

        [Fact]
        public void What_the_model_says_a_loaders_deployment_holds_is_what_this_loader_refers_to()
        {
            string[] ours = ["nanoOta", "nanoOta.Http", "nanoOta.Stock"];
            IEnumerable<string> files = ours.Select(name => Path.Combine(SampleFile.Repository, "src", name, "bin/Release/net10.0/device", name + ".dll"));

            IEnumerable<ReferenceKey> wanted = files.Append(SampleFile.PathOf("StockLoader")).SelectMany(StockBench.ReferencesOf).Select(one => one.Key).Distinct();
            Assert.Equal([], wanted.Except(AppRuntimeModel.LoaderAssemblies));
        }

        private static void Spoil(string path, string how)
        {
            byte[] file = DeviceFile.ReadAllBytes(path);
            DeviceFile.Delete(path);
            if (how != "missing")
            {
                file[file.Length / 2] ^= 1;
                DeviceFile.WriteAllBytes(path, how == "torn" ? file[..(file.Length / 2)] : file);
            }
        }

        private static bool CutAt(StockBench bench, int change, CutPoint point)
        {
            VirtualFileSystem files = bench.Device.Files;
            int at = files.OperationCount + change;
            files.BeforeOperation = operation => operation.Number == at ? point : CutPoint.None;
            TimeSpan end = bench.Device.Clock.Elapsed + TimeSpan.FromHours(2);
            bool isCut = bench.Device.Run(() => bench.Device.Clock.Elapsed > end) == RunEnd.PowerCut;
            files.BeforeOperation = null;
            files.RestorePower();
            return isCut;
        }
    }
}
