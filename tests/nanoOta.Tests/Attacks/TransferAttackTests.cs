using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;

namespace nanoOta.Tests.Attacks
{
    /// <summary>Attacks on the way: what a server, or somebody before it, can do with the bytes.</summary>
    public class TransferAttackTests
    {
        private readonly Victim _victim = new();

        private Bench Bench => _victim.Bench;

        [Fact]
        public void Endless_data_for_an_image_is_given_up_at_its_length()
        {
            Withstands(new HostileSource(Bench.Server) { HidesLength = true, BodyLength = -1 }, ResultCode.SizeMismatch, images: 1);
        }

        [Fact]
        public void Endless_data_for_a_manifest_is_given_up_at_its_limit()
        {
            var source = new HostileSource(Bench.Server) { AttacksAll = true, HidesLength = true, BodyLength = -1 };
            Bench.Source = _ => source;
            _victim.Withstands(ResultCode.ManifestTooLarge, bytesRead: () => source.BytesRead / source.Opened);
            Assert.InRange(source.Opened, 1, 8);
        }

        [Fact]
        public void Endless_data_that_is_announced_is_not_even_begun()
        {
            Withstands(new HostileSource(Bench.Server) { AnnouncedLength = int.MaxValue, BodyLength = -1 }, ResultCode.SizeMismatch, images: 0);
        }

        [Fact]
        public void Slow_retrieval_of_an_image_is_given_up_after_its_tries()
        {
            var reads = new List<double>();
            var source = new HostileSource(Bench.Server)
            {
                Drip = 1,
                OnRead = () =>
                {
                    reads.Add(Bench.Clock!.Elapsed.TotalSeconds);
                    Bench.Clock.Skip(1000);
                },
            };
            Withstands(source, ResultCode.TooSlow, images: 0);

            // Half a minute each, and between them back-off that doubles from five seconds on, a quarter more or less.
            const int Waits = 5 * (1 + 2 + 4 + 8 + 16 + 32 + 64);
            Assert.Equal(8, source.Opened);
            Assert.InRange(reads.Count, 8 * 30, 8 * 32);
            Assert.InRange(reads[^1] - reads[0], 8 * 30 + Waits * 3 / 4, 8 * 32 + Waits * 5 / 4);
            Assert.Contains(Bench.Log, line => line.Contains("waiting=TooSlow"));
        }

        [Fact]
        public void Slow_retrieval_just_above_the_limit_still_ends()
        {
            Bench.Source = _ => new HostileSource(Bench.Server) { Drip = 140, OnRead = () => Bench.Clock!.Skip(1000) };
            Assert.Equal(RunEnd.Settled, Bench.Run());
            Assert.Equal((ResultCode.Applied, "1.1.0"), (Bench.Status.LastCode, Bench.Status.Current));
            Assert.DoesNotContain(Bench.Log, line => line.Contains("TooSlow"));
            Assert.InRange(Bench.Clock!.Elapsed.TotalSeconds, Victim.ImageLength / 140, Victim.ImageLength / 140 + 10);
        }

        [Fact]
        public void Truncated_image_that_is_announced_so_is_refused_before_its_first_byte()
        {
            Bench.Server.Put(Victim.ImageUrl, Bench.Deployment("1.1.0")[..^4]);
            _victim.Withstands(ResultCode.SizeMismatch);
        }

        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public void Truncated_image_that_breaks_off_is_never_taken_for_whole(bool hidesLength)
        {
            Withstands(new HostileSource(Bench.Server) { BodyLength = Victim.ImageLength - 4, HidesLength = hidesLength }, ResultCode.ConnectionLost, images: 1);
        }

        [Fact]
        public void Extended_image_that_is_announced_so_is_refused_before_its_first_byte()
        {
            Bench.Server.Put(Victim.ImageUrl, [.. Bench.Deployment("1.1.0"), 1, 2, 3, 4]);
            _victim.Withstands(ResultCode.SizeMismatch);
        }

        [Fact]
        public void Extended_image_whose_length_is_hidden_is_found_at_its_end()
        {
            Withstands(new HostileSource(Bench.Server) { HidesLength = true, BodyLength = Victim.ImageLength + 4 }, ResultCode.SizeMismatch, images: 1);
        }

        [Fact]
        public void Extended_image_with_a_manifest_to_match_is_found_when_it_is_walked()
        {
            Bench.Publish("1.1.0", ("deployment", "1.1.0", [.. Bench.Deployment("1.1.0"), .. new byte[200]]));
            _victim.Withstands(ResultCode.ImageMalformed, images: 2);
        }

        private void Withstands(HostileSource source, ResultCode code, int images)
        {
            Bench.Source = _ => source;
            _victim.Withstands(code, images, () => source.BytesRead);
        }
    }
}
