using System.Text;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.Tests.Devices;

namespace nanoOta.Tests.PowerFail
{
    /// <summary>
    /// The smaller set of cuts over real HTTP: the same agent with HttpImageSource and a server on 127.0.0.1. Cuts fall into flash
    /// operations and into reads in the middle of a body.
    /// </summary>
    public sealed class HttpPowerFailTests : IDisposable
    {
        private const int ImageLength = 34_004;
        private const int Interval = 8192;

        // Every so manieth read and flash operation is cut: some twenty cuts.
        private const int Every = 5;

        private readonly byte[] _image = Bench.Deployment("1.1.0", ImageLength);
        private readonly byte[] _manifest;
        private readonly FlashLayout _layout = FlashLayouts.Find("esp32-4mb")!;
        private readonly FileServer _server;
        private readonly NorFlash _new;

        public HttpPowerFailTests()
        {
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_image));
            _manifest = Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":{{ImageLength}},"sha256":"{{hash}}","urls":["v1_1_0.bin"]}]}""");
            _server = new FileServer(path => path switch { "v1_1_0.json" => _manifest, "v1_1_0.bin" => _image, _ => null });
            _new = DeviceFactory.Make(_layout, Bench.Deployment("1.0.0"), null);
        }

        public void Dispose()
        {
            _server.Dispose();
        }

        [Fact]
        public void A_device_that_is_cut_in_the_middle_of_a_body_goes_on_by_a_range_and_fetches_little_twice()
        {
            Run uncut = Cut(0, 0);
            Assert.InRange(uncut.ImageBytes, ImageLength, ImageLength);
            Assert.True(uncut.Reads >= 9 && uncut.Operations >= 30, $"{uncut.Reads} reads, {uncut.Operations} operations");
            int resumed = 0;
            for (int at = 1; at <= Math.Max(uncut.Reads, uncut.Operations); at += Every)
            {
                foreach (Run run in new[] { Cut(readAt: at, operationAt: 0), Cut(readAt: 0, operationAt: at) })
                {
                    Assert.Equal((RunEnd.Settled, ResultCode.Applied, "1.1.0"), (run.End, run.Code, run.Current));
                    Assert.True(_image.AsSpan().SequenceEqual(run.Slot.AsSpan(0, ImageLength)), $"after a cut at {at}");
                    Assert.InRange(run.ImageBytes, ImageLength, ImageLength + Interval + NorFlash.BlockLength);
                    resumed += run.Offsets.Any(offset => offset > 0) ? 1 : 0;
                }
            }

            Assert.True(resumed >= 4, $"{resumed} downloads went on");
        }

        private Run Cut(int readAt, int operationAt)
        {
            NorFlash flash = _new.Copy();
            var offsets = new List<int>();
            long bytes = 0;
            long operations = 0;
            int reads = 0;
            RunEnd end;
            nanoOta.VirtualDevice.Device device;
            flash.CutAt = operationAt;
            flash.Tear = new Tear(TearKind.Prefix, operationAt);
            do
            {
                device = new nanoOta.VirtualDevice.Device(flash, _layout, new DeviceSetup
                {
                    Channel = _ => new DesiredChannel(() => $$"""{"updateVersion":"1.1.0","updateUrl":"{{_server.Url}}"}"""),
                    Clock = new VirtualClock(new DateTime(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)) { FollowsHost = false },
                    Configure = o =>
                    {
                        o.AllowUnsignedHttp = true;
                        o.CheckpointInterval = Interval;
                    },
                    Source = options => new Watched(new HttpImageSource(options, null))
                    {
                        Opens = offsets.Add,
                        HasRead = count =>
                        {
                            bytes += count;
                            if (++reads == readAt)
                            {
                                flash.CutPower();
                            }
                        },
                    },
                });
                end = device.Run(() => false);
                operations += flash.Operations;
                flash.PowerOn();
            }
            while (end == RunEnd.PowerCut);

            Partition slot = new SlotMap(_layout).Deploy[device.Slots!.ActiveDeploy];
            return new Run(end, device.Status!.LastCode, device.Status.Current, bytes, reads, (int)operations, offsets, flash.Read((int)slot.Offset, ImageLength));
        }

        // Tells of images only.
        private sealed class Watched(IImageSource inner) : IImageSource
        {
            private bool _isImage;

            public required Action<int> Opens { get; init; }

            public required Action<int> HasRead { get; init; }

            public int Length => inner.Length;

            public int Offset => inner.Offset;

            public uint Tag => inner.Tag;

            public int RetryAfter => inner.RetryAfter;

            public ResultCode Open(string url, int offset, int count)
            {
                _isImage = url.EndsWith(".bin", StringComparison.Ordinal);
                ResultCode code = inner.Open(url, offset, count);
                if (_isImage && code == ResultCode.None)
                {
                    Opens(inner.Offset);
                }

                return code;
            }

            public ResultCode Read(byte[] buffer, int offset, int count, out int read)
            {
                ResultCode code = inner.Read(buffer, offset, count, out read);
                if (_isImage)
                {
                    HasRead(read);
                }

                return code;
            }

            public void Close()
            {
                inner.Close();
            }
        }

        private sealed record Run(RunEnd End, ResultCode Code, string Current, long ImageBytes, int Reads, int Operations, List<int> Offsets, byte[] Slot);
    }
}
