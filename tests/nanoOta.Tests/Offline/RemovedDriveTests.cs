using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Offline
{
    /// <summary>A bundle from a drive that is removed in the middle, with and without the power failing as well.</summary>
    public class RemovedDriveTests
    {
        private const int ImageLength = 34_004;
        private const int Interval = 8192;

        private readonly byte[] _image = Bench.Deployment("1.1.0", ImageLength);
        private readonly Drive _drive = new();
        private readonly Bench _bench = new("esp32-4mb");
        private int _reads;
        private long _bytes;

        public RemovedDriveTests()
        {
            _drive.Put("washer.tar", Drive.Bundle("1.1.0", _image));
            _bench.MakeChannel = options => new FolderChannel(options, Drive.Folder, 60);
            _bench.Configure = options =>
            {
                options.AllowUnsignedHttp = true;
                options.CheckpointInterval = Interval;
            };
            _bench.Source = _ => Watched(0, 0);
        }

        [Fact]
        public void An_update_is_installed_from_a_bundle()
        {
            Assert.Equal(RunEnd.Settled, _bench.Run());
            AssertUpdated();
            Assert.Equal(ImageLength, _bytes);
        }

        [Fact]
        public void A_drive_that_is_removed_at_any_read_and_put_back_costs_at_most_a_block()
        {
            NorFlash before = _bench.Flash.Copy();
            _bench.Run();
            int reads = _reads;
            Assert.InRange(reads, 9, 30);
            for (int at = 1; at <= reads; at++)
            {
                (_reads, _bytes) = (0, 0);
                _bench.Flash = before.Copy();
                _bench.Source = _ => Watched(removeAt: at, cutAt: 0);
                Assert.Equal(RunEnd.Settled, _bench.Run());
                AssertUpdated();
                Assert.InRange(_bytes, ImageLength, ImageLength + NorFlash.BlockLength);
            }
        }

        [Fact]
        public void A_drive_that_is_removed_and_a_power_failure_cost_at_most_a_checkpoint_and_a_block()
        {
            NorFlash before = _bench.Flash.Copy();
            for (int at = 1; at <= 9; at++)
            {
                (_reads, _bytes) = (0, 0);
                _bench.Flash = before.Copy();
                _bench.Source = _ => Watched(removeAt: at, cutAt: at);
                Assert.Equal(RunEnd.PowerCut, _bench.Run());
                _bench.Flash.PowerOn();
                _bench.Source = _ => Watched(0, 0);
                Assert.Equal(RunEnd.Stopped, _bench.Run());
                Assert.Equal("1.0.0", _bench.Status.Current);
                _drive.Files.InsertDrive("D:");
                Assert.Equal(RunEnd.Settled, _bench.Run());
                AssertUpdated();
                Assert.InRange(_bytes, ImageLength, ImageLength + Interval + NorFlash.BlockLength);
            }
        }

        [Fact]
        public void A_drive_that_does_not_come_back_leaves_the_running_version_and_is_the_result()
        {
            _bench.Source = _ => Watched(removeAt: 3, cutAt: 0, comesBack: false);
            _bench.Run();
            Assert.Equal(("1.0.0", ResultCode.Unreachable), (_bench.Status.Current, _bench.Status.LastCode));
        }

        [Fact]
        public void A_version_that_cannot_read_the_drive_on_trial_is_rolled_back()
        {
            _bench.MakeChannel = options =>
            {
                if (options.ApplicationVersion == "1.1.0" && _drive.Files.HasDrive("D:"))
                {
                    _drive.Files.RemoveDrive("D:");
                }

                return new FolderChannel(options, Drive.Folder, 60);
            };
            _bench.Run();
            Assert.Equal(("1.0.0", ResultCode.NoCloudContact), (_bench.Status.Current, _bench.Status.LastCode));
        }

        private void AssertUpdated()
        {
            Assert.Equal(("1.1.0", ResultCode.Applied), (_bench.Status.Current, _bench.Status.LastCode));
            Partition slot = new SlotMap(_bench.Layout).Deploy[_bench.Device!.Slots!.ActiveDeploy];
            Assert.True(_image.AsSpan().SequenceEqual(_bench.Flash.Read((int)slot.Offset, ImageLength)));
        }

        private Watch Watched(int removeAt, int cutAt, bool comesBack = true)
        {
            return new Watch(new FolderImageSource(Drive.Folder, null), this, removeAt, cutAt, comesBack);
        }

        private sealed class Watch(FolderImageSource inner, RemovedDriveTests test, int removeAt, int cutAt, bool comesBack) : IImageSource
        {
            private int _failures;

            public int Length => inner.Length;

            public int Offset => inner.Offset;

            public uint Tag => inner.Tag;

            public int RetryAfter => inner.RetryAfter;

            public ResultCode Open(string url, int offset, int count)
            {
                ResultCode code = inner.Open(url, offset, count);
                if (code == ResultCode.Unreachable && comesBack && cutAt == 0 && ++_failures == 2)
                {
                    test._drive.Files.InsertDrive("D:");
                }

                return code;
            }

            public ResultCode Read(byte[] buffer, int offset, int count, out int read)
            {
                if (++test._reads == removeAt)
                {
                    test._drive.Files.RemoveDrive("D:");
                    if (cutAt > 0)
                    {
                        test._bench.Flash.CutPower();
                    }
                }

                ResultCode code = inner.Read(buffer, offset, count, out read);
                test._bytes += read;
                return code;
            }

            public void Close()
            {
                inner.Close();
            }
        }
    }
}
