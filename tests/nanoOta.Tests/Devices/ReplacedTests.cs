using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.Tests.Devices
{
    /// <summary>An update that takes the slot over from another one: what was there before must not be gone on with.</summary>
    public class ReplacedTests
    {
        private const int Size = 300_000;
        private const int Interval = 36 * 1024;

        [Theory]
        [InlineData("esp32-4mb")]
        [InlineData("stm32f769-2mb")]
        public void What_was_interrupted_is_begun_anew_when_another_update_has_erased_as_much_as_one_sector_since(string layout)
        {
            var bench = new Bench(layout) { Configure = options => options.CheckpointInterval = Interval };
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", Size)));
            bench.Publish("1.2.0", ("deployment", "1.2.0", Bench.Deployment("1.2.0", Size)));
            Cut(bench, "1.1.0", atProgram: 60);

            // The first erase for another one is cut so early that what was there before still reads as it was.
            Cut(bench, "1.2.0", atProgram: 0);
            long before = bench.Server.ImageBytesRead;
            Assert.Equal(RunEnd.Settled, bench.Wish("1.1.0"));
            Assert.Equal("1.1.0", bench.Status.Current);
            Assert.Equal(Size, bench.Server.ImageBytesRead - before);
            Assert.Null(bench.Flash.Misuse);
        }

        [Fact]
        public void A_download_that_starts_over_forgets_its_check_point_before_it_erases()
        {
            var bench = new Bench("stm32f769-2mb") { Configure = options => options.CheckpointInterval = Interval };
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", Size)));
            Cut(bench, "1.1.0", atProgram: 60);

            // For a while the server has another file there, and then again the right one.
            bench.Server.Put(Bench.Container + "v1_1_0.deployment.bin", Bench.Deployment("1.1.0", Size, seed: 1));
            Cut(bench, "1.1.0", atProgram: 0);
            bench.Server.Put(Bench.Container + "v1_1_0.deployment.bin", Bench.Deployment("1.1.0", Size));
            long before = bench.Server.ImageBytesRead;
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.Equal(("1.1.0", (long)Size), (bench.Status.Current, bench.Server.ImageBytesRead - before));
        }

        // The power goes at the program after so many in the slot, or at the first erase there.
        private static void Cut(Bench bench, string version, int atProgram)
        {
            var slot = new nanoOta.VirtualDevice.Boot.SlotMap(bench.Layout).Deploy[1];
            int programs = 0;
            bench.Flash.Watch = (erase, offset) =>
            {
                bool isThere = offset >= slot.Offset && offset < slot.End;
                programs += isThere && !erase ? 1 : 0;
                if (isThere && (atProgram == 0 ? erase && offset == slot.Offset : programs == atProgram + 1))
                {
                    (bench.Flash.CutAt, bench.Flash.Tear) = (bench.Flash.Operations + 1, new Tear(TearKind.Nothing, 0));
                }
            };
            Assert.Equal(RunEnd.PowerCut, bench.Wish(version));
            bench.Flash.PowerOn();
            bench.Flash.Watch = null;
        }
    }
}
