using System.Text;
using System.Text.Json.Nodes;
using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using static nanoOta.Tests.Deltas.DeltaImages;

namespace nanoOta.Tests.Deltas
{
    /// <summary>Updates of whole devices that fetch only what changed: what they fetch, what a wrong part costs, and what is reported.</summary>
    public class DeltaUpdateTests
    {
        private static readonly byte[] _kept = Part("Kept", 60_000);
        private static readonly byte[] _old = Join(_kept, Part("Tool", 20_000), App(0));
        private static readonly byte[] _new = Join(_kept, EditedAssembly.Overwrite(Part("Tool", 20_000), 9000, 1, 2, 3), Version(App(0), 1));
        private readonly Bench _bench = new();
        private readonly List<(long Fetched, long Copied, long Patched)> _reports = [];

        public DeltaUpdateTests()
        {
            _bench.Flash = DeviceFactory.Make(_bench.Layout, _old, SampleImages.Esp32("1.16.0.0", 4096));
            _bench.OnAgent = agent => agent.StatusChanged += (_, status) => _reports.Add((status.BytesFetched, status.BytesCopied, status.BytesPatched));
        }

        [Fact]
        public void The_version_before_is_in_the_idle_slot_and_going_back_to_it_fetches_nothing()
        {
            Publish("1.1.0", _new, null, null);
            _bench.Publish("1.2.0", "\"allowDowngrade\":true,", ("deployment", "1.0.0", _old));
            Applied("1.1.0");
            Assert.Equal(_new.Length, _bench.Server.ImageBytesRead);
            Applied("1.2.0");
            Assert.Equal(_new.Length, _bench.Server.ImageBytesRead);
            Assert.Equal("ota_0/deploy_0", _bench.Status.Slot);
        }

        [Fact]
        public void Something_stale_behind_the_image_in_the_idle_slot_is_erased_or_the_image_is_fetched()
        {
            foreach (int gap in new[] { 1, 4096, 70_000 })
            {
                var bench = new Bench();
                bench.Flash = DeviceFactory.Make(bench.Layout, _old, SampleImages.Esp32("1.16.0.0", 4096));
                int slot = (int)new nanoOta.VirtualDevice.Boot.SlotMap(bench.Layout).Deploy[1].Offset;
                Fill(bench.Flash, slot, _new);
                bench.Flash.Program(slot + _new.Length + gap, [0x4E]);
                bench.Publish("1.1.0", ("deployment", "1.1.0", _new));
                Assert.Equal(RunEnd.Settled, bench.Request("1.1.0"));
                Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
                Assert.Equal(gap == 1 ? _new.Length : 0, bench.Server.ImageBytesRead);
                byte[] after = bench.Flash.Read(slot, 0x100000);
                Assert.Equal(_new, after[.._new.Length]);
                Assert.All(after[_new.Length..], b => Assert.Equal(0xFF, b));
            }
        }

        [Fact]
        public void An_image_whose_trial_failed_is_known_to_be_bad_though_it_lies_in_the_idle_slot()
        {
            Publish("1.1.0", _new, null, null);
            _bench.SelfTest = SelfTestMode.Fail;
            _bench.Request("1.1.0");
            Assert.Equal(ResultCode.SelfTestFailed, _bench.Status.LastCode);
            long fetched = _bench.Server.ImageBytesRead;
            _bench.Desired = _bench.Desired.Replace("updateUrl", "other");
            _bench.Run();
            _bench.SelfTest = SelfTestMode.Pass;
            _bench.Request("1.1.0");
            Assert.Equal(("1.0.0", fetched), (_bench.Status.Current, _bench.Server.ImageBytesRead));
            _bench.Request("1.1.0", "\"updateRetry\":\"again\",");
            Assert.Equal(("1.1.0", fetched), (_bench.Status.Current, _bench.Server.ImageBytesRead));
        }

        [Fact]
        public void A_copy_fetches_what_changed_and_reports_it()
        {
            Publish("1.1.0", _new, _old, null);
            Applied("1.1.0");
            Assert.Equal(27_600, _bench.Server.ImageBytesRead);
            Assert.Contains((27_600, 60_000, 0), _reports);
        }

        [Fact]
        public void A_patch_fetches_less_than_a_kilobyte_and_reports_it()
        {
            byte[] patch = PatchWriter.Write(_old, _new);
            Publish("1.1.0", _new, _old, patch);
            Applied("1.1.0");
            Assert.InRange(patch.Length, 1, 1024);
            Assert.Equal(patch.Length, _bench.Server.ImageBytesRead);
            Assert.Contains((patch.Length, 60_000, 27_600), _reports);
        }

        [Fact]
        public void A_patch_that_does_not_fit_costs_one_whole_fetch_and_is_reported_as_that()
        {
            byte[] patch = PatchWriter.Write(_old, _new);
            byte[] damaged = [.. patch];
            damaged[2] = 9;
            Publish("1.1.0", _new, _old, damaged);
            Applied("1.1.0");
            Assert.Contains(_bench.Log, line => line.Contains($"waiting={ResultCode.PatchMalformed}"));
            Assert.InRange(_bench.Server.ImageBytesRead, _new.Length + 1, _new.Length + patch.Length);
        }

        [Fact]
        public void A_patch_that_gives_another_image_costs_one_whole_fetch_and_is_reported_as_that()
        {
            byte[] patch = PatchWriter.Write(_old, _new);
            byte[] other = [.. patch];
            other[^2] ^= 1;
            Publish("1.1.0", _new, _old, other);
            Applied("1.1.0");
            Assert.Contains(_bench.Log, line => line.Contains($"waiting={ResultCode.RebuildMismatch}"));
            Assert.Equal(_new.Length + patch.Length, _bench.Server.ImageBytesRead);
        }

        [Fact]
        public void An_assembly_with_the_identity_of_another_costs_one_whole_fetch_and_no_more_also_after_a_power_cut()
        {
            foreach (int cut in new[] { 0, 5, 15, 20, 23, 30, 40 })
            {
                var bench = new Bench();

                // Same size and checksums, other bytes: to the device, it is the same assembly.
                bench.Flash = DeviceFactory.Make(bench.Layout, [.. EditedAssembly.Collide(_kept), .. _old[60_000..]], SampleImages.Esp32("1.16.0.0", 4096));
                Put(bench, "1.1.0", _new, _old, null);
                bench.Configure = o => o.CheckpointInterval = 8192;
                if (cut > 0)
                {
                    bench.CutAfter(cut, "1.1.0", default);
                }

                bench.Request("1.1.0");
                Assert.True(bench.Status.LastCode == ResultCode.Applied, string.Join("\n", bench.Log));
                Assert.Contains(bench.Log, line => line.Contains($"waiting={ResultCode.RebuildMismatch}"));
                Assert.InRange(bench.Server.ImageBytesRead, _new.Length + 27_600, _new.Length + 27_600 + (cut > 0 ? 12_288 : 0));
            }
        }

        [Fact]
        public void A_server_without_ranges_sends_the_whole_image_once()
        {
            Publish("1.1.0", _new, _old, null);
            _bench.Server.HasRanges = false;
            Applied("1.1.0");
            Assert.InRange(_bench.Server.ImageBytesRead, _new.Length, _new.Length + 4096);
        }

        [Fact]
        public void Parts_that_are_not_as_they_should_be_are_passed_over()
        {
            string sound = ImageParts.Read(_new)!.Base64;
            string[] hostile = ["", "x", sound[..^1], sound[..^16], sound + sound, "AAAA" + sound[4..], "____" + sound[4..], "////" + sound[4..], string.Concat(Enumerable.Repeat(sound, 30))];
            int number = 1;
            foreach (string parts in hostile)
            {
                var bench = new Bench();
                bench.Flash = DeviceFactory.Make(bench.Layout, _old, SampleImages.Esp32("1.16.0.0", 4096));
                Put(bench, "1.1.0", _new, _old, null, parts);
                bench.Request("1.1.0");
                Assert.True(bench.Status.LastCode == ResultCode.Applied, $"{number++}: {bench.Status.LastCode}");
                Assert.Equal(_new.Length, bench.Server.ImageBytesRead);
            }
        }

        [Theory]
        [InlineData("7")]
        [InlineData("{}")]
        [InlineData("[7]")]
        [InlineData("[[]]")]
        [InlineData("[{}]")]
        [InlineData("""[{"from":7,"url":{"a":1},"size":"x"}]""")]
        [InlineData("""[{"from":"FROM","url":"p.lz4","size":0}]""")]
        [InlineData("""[{"from":"FROM","url":"p.lz4","size":-5}]""")]
        [InlineData("""[{"from":"FROM","url":"p.lz4","size":4294967297}]""")]
        [InlineData("""[{"from":"FROM","url":"p.lz4","size":27600}]""")]
        [InlineData("""[{"from":"FROM","url":"p lz4","size":300}]""")]
        [InlineData("""[{"from":"FROM","url":"https://evil.example/p.lz4","size":300}]""")]
        [InlineData("""[{"from":"FROM","size":300}]""")]
        public void Patches_that_are_not_as_they_should_be_are_passed_over(string patches)
        {
            _bench.Configure = o => o.AllowedHosts = ["files.example"];
            Put(_bench, "1.1.0", _new, _old, null, null, patches.Replace("FROM", ImageParts.Read(_old)!.Id));
            Applied("1.1.0");
            Assert.Equal(27_600, _bench.Server.ImageBytesRead);
        }

        [Fact]
        public void A_delta_that_cannot_go_on_costs_one_whole_fetch()
        {
            Publish("1.1.0", _new, _old, null);
            _bench.Configure = o => o.Delta = new Unreadable();
            Applied("1.1.0");
            Assert.Equal(_new.Length, _bench.Server.ImageBytesRead);
        }

        private static byte[] Version(byte[] app, byte minor)
        {
            return EditedAssembly.Overwrite(app, 30, minor, 0);
        }

        private static void Fill(NorFlash flash, int at, byte[] image)
        {
            for (int done = 0; done < image.Length; done += 4096)
            {
                flash.Program(at + done, image.AsSpan(done, Math.Min(4096, image.Length - done)));
            }
        }

        private void Applied(string version)
        {
            Assert.Equal(RunEnd.Settled, _bench.Request(version));
            Assert.True(_bench.Status.LastCode == ResultCode.Applied && _bench.Status.LastVersion == version, string.Join("\n", _bench.Log.Append($"{_bench.Status.LastCode}")));
        }

        private void Publish(string version, byte[] image, byte[]? old, byte[]? patch)
        {
            Put(_bench, version, image, old, patch);
        }

        private static void Put(Bench bench, string version, byte[] image, byte[]? old, byte[]? patch, string? parts = null, string? patches = null)
        {
            bench.Publish(version, ("deployment", version, image));
            string url = $"{Bench.Container}{SemanticVersion.Parse(version).FileStem}.json";
            JsonNode manifest = JsonNode.Parse(bench.Server.Get(url)!)!;
            JsonNode component = manifest["components"]![0]!;
            if (old != null)
            {
                component["parts"] = parts ?? ImageParts.Read(image)!.Base64;
            }

            if (patch != null)
            {
                patches = Patches(old!, patch);
                bench.Server.Put(Bench.Container + PatchFile, patch);
            }

            component["patches"] = patches == null ? null : JsonNode.Parse(patches);
            bench.Server.Put(url, Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        }

        // As where the active slot cannot be read.
        private sealed class Unreadable : ImageDelta, IImageSource
        {
            public Unreadable() => Source = this;

            public int Length => 0;

            public int Offset => 0;

            public uint Tag => 0;

            public int RetryAfter => 0;

            public ResultCode Open(string url, int offset, int count) => ResultCode.RebuildMismatch;

            public ResultCode Read(byte[] buffer, int offset, int count, out int read) => throw new InvalidOperationException();

            public void Close()
            {
            }

            internal override bool Begin(UpdateContext context, ManifestComponent component, UpdateModule module, int position) => true;

            internal override void SaveState()
            {
            }
        }
    }
}
