using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.Tests.Devices
{
    /// <summary>An update that takes the slot over from another one: what was there before must not be gone on with.</summary>
    public class ReplacedTests
    {
        private const int Size = 300_000;
        private const int Interval = 36 * 1024;

        private static readonly Tear _untouched = new(TearKind.Nothing, 0);

        [Theory]
        [InlineData("esp32-4mb")]
        [InlineData("stm32f769-2mb")]
        public void What_was_interrupted_is_begun_anew_when_another_update_has_erased_as_much_as_one_sector_since(string layout)
        {
            var bench = new Bench(layout) { Configure = options => options.CheckpointInterval = Interval };
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", Size)));
            bench.Publish("1.2.0", ("deployment", "1.2.0", Bench.Deployment("1.2.0", Size)));
            bench.CutAfter(60, "1.1.0", _untouched);

            // The first erase for another one is cut so early that what was there before still reads as it was.
            bench.CutAfter(0, "1.2.0", _untouched);
            long before = bench.Server.ImageBytesRead;
            Assert.Equal(RunEnd.Settled, bench.Request("1.1.0"));
            Assert.Equal("1.1.0", bench.Status.Current);
            Assert.Equal(Size, bench.Server.ImageBytesRead - before);
            Assert.Null(bench.Flash.Misuse);
        }

        [Fact]
        public void A_download_that_starts_over_forgets_its_check_point_before_it_erases()
        {
            var bench = new Bench("stm32f769-2mb") { Configure = options => options.CheckpointInterval = Interval };
            bench.Publish("1.1.0", ("deployment", "1.1.0", Bench.Deployment("1.1.0", Size)));
            bench.CutAfter(60, "1.1.0", _untouched);

            // For a while the server has another file there, and then again the right one.
            bench.Server.Put(Bench.Container + "v1_1_0.deployment.bin", Bench.Deployment("1.1.0", Size, seed: 1));
            bench.CutAfter(0, "1.1.0", _untouched);
            bench.Server.Put(Bench.Container + "v1_1_0.deployment.bin", Bench.Deployment("1.1.0", Size));
            long before = bench.Server.ImageBytesRead;
            Assert.Equal(RunEnd.Settled, bench.Run());
            Assert.Equal(("1.1.0", (long)Size), (bench.Status.Current, bench.Server.ImageBytesRead - before));
        }

        [Fact]
        public void A_page_in_the_image_s_stead_is_no_end_of_the_round_when_the_image_lies_there_at_the_next_try()
        {
            var bench = new Bench();
            byte[] image = Bench.Deployment("1.1.0");
            bench.Publish("1.1.0", ("deployment", "1.1.0", image));
            int opens = 0;
            bench.Server.OnOpen = (url, _) =>
            {
                opens += url.EndsWith(".bin", StringComparison.Ordinal) ? 1 : 0;
                if (opens is 1 or 2 && url.EndsWith(".bin", StringComparison.Ordinal))
                {
                    bench.Server.Put(url, opens == 1 ? new byte[image.Length] : image);
                }

                return ResultCode.None;
            };
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, 2), (bench.Status.LastCode, opens));
            Assert.Contains(bench.Log, line => line.Contains("waiting=ImageMalformed"));
            Assert.DoesNotContain(bench.Log, line => line.Contains("state=discarding"));
        }
    }
}
