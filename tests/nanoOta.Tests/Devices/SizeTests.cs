using nanoOta.VirtualDevice.Flash;

namespace nanoOta.Tests.Devices
{
    /// <summary>Images larger than their slot, and bodies that are not as long as announced.</summary>
    public class SizeTests
    {
        [Theory]
        [InlineData(1, ResultCode.TooLarge)]
        [InlineData(int.MaxValue, ResultCode.TooLarge)]
        [InlineData(0, ResultCode.NotFound)]
        public void An_image_larger_than_its_slot_is_refused_before_a_byte_of_it_is_asked_for(int beyond, ResultCode code)
        {
            var bench = new Bench();
            long slot = bench.Layout.Table.Partitions.Single(p => p.Label == "deploy_1").Size;
            long size = Math.Min(int.MaxValue, slot + beyond);
            bench.Server.Put(Bench.Container + "v1_1_0.json", System.Text.Encoding.UTF8.GetBytes(
                $$"""{"schema":1,"version":"1.1.0","components":[{"id":"deployment","version":"1.1.0","size":{{size}},"sha256":"{{new string('0', 64)}}","urls":["x.bin"]}]}"""));
            var asked = new List<string>();
            bench.Server.OnOpen = (url, _) =>
            {
                asked.Add(url);
                return ResultCode.None;
            };
            byte[] before = Deployments(bench);
            bench.Request("1.1.0");
            Assert.Equal((code, "1.0.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.Equal(code == ResultCode.NotFound, asked.Contains(Bench.Container + "x.bin"));
            Assert.Equal(before, Deployments(bench));
        }

        [Theory]
        [InlineData(9001, ResultCode.SizeMismatch, 0)]
        [InlineData(8999, ResultCode.SizeMismatch, 0)]
        public void A_file_of_another_length_is_refused_before_it_is_read(int length, ResultCode code, int read)
        {
            var rig = new Rig();
            rig.Server.Put(Bench.Container + "v1_1_0.bin", new byte[length]);
            rig.Boot().Run();
            Assert.Equal((code, (long)read), (rig.Status.LastCode, rig.Server.ImageBytesRead));
        }

        // Without an announced length only the body itself tells.
        [Theory]
        [InlineData(9001, ResultCode.SizeMismatch)]
        [InlineData(90000, ResultCode.SizeMismatch)]
        [InlineData(8999, ResultCode.ConnectionLost)]
        [InlineData(8192, ResultCode.ConnectionLost)]
        [InlineData(0, ResultCode.ConnectionLost)]
        public void A_body_without_a_length_is_read_to_the_manifest_s_length_and_one_byte_further(int length, ResultCode code)
        {
            var file = new byte[length];
            Rig.Image.AsSpan(0, Math.Min(length, 9000)).CopyTo(file);
            var source = new Chunked(file);
            var rig = new Rig { Source = () => source };
            source.Manifests = rig.Server;
            rig.Boot().Run();
            Assert.Equal(code, rig.Status.LastCode);
            Assert.Equal([1], rig.Mcu.Running);
            Assert.InRange(source.MostRead, Math.Min(length, 9000), 9001);
            Assert.Equal(new byte[rig.Mcu.Staged.Length - 9000], rig.Mcu.Staged[9000..]);
        }

        private static byte[] Deployments(Bench bench)
        {
            var slot = bench.Layout.Table.Partitions.Single(p => p.Label == "deploy_1");
            return bench.Flash.Read((int)slot.Offset, (int)slot.Size);
        }

        /// <summary>Sends any image without saying how long it is, and any manifest as it should.</summary>
        [Fact]
        public void Of_several_components_the_progress_adds_up_and_each_is_resumed_where_it_was()
        {
            const int Length = 9000;
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Rig.Image));
            var rig = new Rig
            {
                Configure = options =>
                {
                    options.Modules = [new ScriptedModule("first"), new ScriptedModule("second")];
                    options.CheckpointInterval = 4096;
                },
            };
            rig.Server.MaxRead = 500;
            rig.Server.Put(Bench.Container + "v1_1_0.json", System.Text.Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"1.1.0","components":[{{Component("first")}},{{Component("second")}}]}"""));
            rig.Server.Put(Bench.Container + "first.bin", Rig.Image);
            rig.Server.Put(Bench.Container + "second.bin", Rig.Image);
            rig.Boot();
            var asked = new List<(string, int)>();
            rig.Server.OnRange = (url, offset, _) => asked.Add((url.Split('/')[^1], offset));
            long before = 0;
            for (int steps = 0; before < Length + 4096; steps++)
            {
                Assert.True(steps < 10_000, "The download does not go on.");
                rig.Agent.Step(steps);
                Assert.InRange(rig.Status.BytesDone, before, 2 * Length);
                before = rig.Status.BytesDone;
            }

            asked.Clear();
            rig.Boot().Run();
            Assert.Equal([("v1_1_0.json", 0), ("second.bin", 4096)], asked);
            Assert.Equal((ResultCode.Applied, 2 * Length, 2 * Length), (rig.Status.LastCode, rig.Status.BytesDone, rig.Status.BytesTotal));

            string Component(string id) => $$"""{"id":"{{id}}","version":"1.1.0","size":{{Length}},"sha256":"{{hash}}","urls":["{{id}}.bin"]}""";
        }

        private sealed class Chunked(byte[] image) : IImageSource
        {
            private IImageSource? _manifest;
            private int _at;

            public nanoOta.VirtualDevice.Cloud.MemoryServer? Manifests { get; set; }

            public int MostRead { get; private set; }

            public int Length => _manifest?.Length ?? -1;

            public int Offset => _manifest?.Offset ?? 0;

            public uint Tag => 0;

            public int RetryAfter => 0;

            public ResultCode Open(string url, int offset, int count)
            {
                _at = 0;
                _manifest = url.EndsWith(".bin", StringComparison.Ordinal) ? null : Manifests!.Connect();
                return _manifest?.Open(url, offset, count) ?? ResultCode.None;
            }

            public ResultCode Read(byte[] buffer, int offset, int count, out int read)
            {
                if (_manifest != null)
                {
                    return _manifest.Read(buffer, offset, count, out read);
                }

                read = Math.Min(count, image.Length - _at);
                image.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
                _at += read;
                MostRead = Math.Max(MostRead, _at);
                return ResultCode.None;
            }

            public void Close()
            {
            }
        }
    }
}
