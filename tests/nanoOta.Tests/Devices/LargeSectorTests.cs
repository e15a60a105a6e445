using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.Tests.Devices
{
    /// <summary>An update where sectors are larger than what is written at once: STM32.</summary>
    public class LargeSectorTests
    {
        private const int Size = 300_000; // ends in the second sector of 256 KB
        private const int Interval = 36 * 1024;

        private readonly Bench _bench = new("stm32f769-2mb");
        private readonly byte[] _image = Bench.Deployment("1.1.0", Size);

        [Theory]
        [InlineData(TearKind.Nothing)]
        [InlineData(TearKind.Prefix)]
        [InlineData(TearKind.SomeBits)]
        [InlineData(TearKind.Unstable)]
        public void A_download_goes_on_in_the_middle_of_a_sector_and_erases_each_but_once(TearKind tear)
        {
            Begin(tear);
            long fetched = _bench.Server.ImageBytesRead;
            int[] before = [.. _bench.Flash.Erases];
            Assert.Equal(RunEnd.Settled, _bench.Run());
            Assert.Equal("1.1.0", _bench.Status.Current);
            Assert.Null(_bench.Flash.Misuse);
            Assert.InRange(_bench.Server.ImageBytesRead - fetched, Size - 60 * NorFlash.BlockLength, Size - 60 * NorFlash.BlockLength + Interval + NorFlash.BlockLength);
            Assert.Equal((before[Block(1, 0)], 1), (_bench.Flash.Erases[Block(1, 0)], _bench.Flash.Erases[Block(1, 0x40000)]));
        }

        [Fact]
        public void What_is_not_what_a_download_goes_on_with_is_given_up_and_fetched_anew_in_the_next_round()
        {
            Begin(TearKind.Nothing);
            _bench.Flash.Decay(0x140000 + 59 * NorFlash.BlockLength, 4); // behind the last checkpoint
            RunRounds();
            Assert.Equal(("1.1.0", 2), (_bench.Status.Current, _bench.Flash.Erases[Block(1, 0)]));
            Assert.Null(_bench.Flash.Misuse);
        }

        [Fact]
        public void Remains_behind_the_image_in_its_last_sector_are_found_and_erased_with_it()
        {
            Begin(TearKind.Nothing, atBlock: 73);
            _bench.Flash.Decay(0x140000 + 100 * NorFlash.BlockLength, 4);
            RunRounds();
            Assert.Equal(("1.1.0", 2), (_bench.Status.Current, _bench.Flash.Erases[Block(1, 0x40000)]));
            Assert.True(_bench.Flash.IsBlank(0x140000 + 100 * NorFlash.BlockLength, NorFlash.BlockLength));
        }

        // Up to a cut in the middle of the image, when some checkpoints are written.
        private void Begin(TearKind tear, int atBlock = 60)
        {
            _bench.Publish("1.1.0", ("deployment", "1.1.0", _image));
            _bench.Configure = options => options.CheckpointInterval = Interval;
            _bench.CutAfter(atBlock, "1.1.0", new Tear(tear, 3));
        }

        // The next round is hours later.
        private void RunRounds()
        {
            _bench.KeepsRunning = () => _bench.Status.Current != "1.1.0" && _bench.Status.LastCode is ResultCode.None or ResultCode.ReadBackMismatch;
            Assert.Equal(RunEnd.Settled, _bench.Run());
        }

        private int Block(int deploy, int offset)
        {
            return ((int)new SlotMap(_bench.Layout).Deploy[deploy].Offset + offset) / NorFlash.BlockLength;
        }
    }
}
