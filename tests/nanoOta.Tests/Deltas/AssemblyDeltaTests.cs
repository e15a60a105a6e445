using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Deltas;
using static nanoOta.Tests.Deltas.DeltaImages;

namespace nanoOta.Tests.Deltas
{
    /// <summary>The device's plan: what is copied, what comes in ranges, and what from a patch.</summary>
    public class AssemblyDeltaTests
    {
        private static readonly byte[] _kept = Part("Kept", 30_000);
        private static readonly byte[] _other = Part("Other", 20_000, 2);
        private static readonly byte[] _old = Join(Corlib, _kept, _other, App(0));

        [Fact]
        public void Without_a_patch_the_changed_application_alone_is_fetched()
        {
            byte[] image = Join(Corlib, _kept, _other, App(1));
            DeltaRun run = Rebuilt(image, null);
            Assert.Equal((7600, image.Length - 7600, 0), run.Counts);
        }

        [Fact]
        public void With_a_patch_a_changed_constant_costs_some_hundred_bytes()
        {
            byte[] image = Join(EditedAssembly.Overwrite(Corlib, 20_000, 7, 7), _kept, _other, App(1));
            DeltaRun run = Rebuilt(image, PatchWriter.Write(_old, image));
            Assert.Equal((50_000, Corlib.Length + 7600), (run.Counts.Copied, run.Counts.Patched));
            Assert.InRange(run.Counts.Fetched, 1, 600);
        }

        [Fact]
        public void Assemblies_may_change_their_order_and_others_come_between()
        {
            byte[] image = Join(_other, Part("New", 5000, 3), App(0), _kept, Corlib, App(2));
            Assert.Equal((12_600, image.Length - 12_600, 0), Rebuilt(image, null).Counts);
            byte[] patch = PatchWriter.Write(_old, image);
            Assert.Equal((patch.Length, image.Length - 12_600, 12_600), Rebuilt(image, patch).Counts);
        }

        [Theory]
        [InlineData(8192, 1)]
        [InlineData(8196, 2)]
        public void A_short_assembly_between_two_that_are_missing_is_fetched_rather_than_asked_for_again(int gap, int requests)
        {
            byte[] between = Part("Between", gap, 9);
            byte[] old = Join(_kept, between, App(0));
            byte[] image = Join(_kept, Part("New", 4000, 4), between, App(1));
            MemoryServer server = Server(image, null);
            var asked = new List<(int, int)>();
            server.OnRange = (_, offset, count) => asked.Add((offset, count));
            var run = new DeltaRun(old, Component(old, image, null), server);
            Assert.Equal((ResultCode.None, requests), (run.Run(), asked.Count));
            Assert.Equal(image, run.Idle);
            Assert.Equal(requests == 1 ? 11_600 + gap : 11_600, run.Counts.Fetched);
            Assert.Equal(requests == 1 ? [(30_000, 11_600 + gap)] : [(30_000, 4000), (34_000 + gap, 7600)], asked);
        }

        [Fact]
        public void An_image_of_which_little_or_nothing_is_there_is_fetched_as_a_whole()
        {
            byte[] image = Join(Part("A", 3000, 7), App(1));
            Assert.Equal(ResultCode.UpToDate, Run(_old, image, null).Run());
            Assert.Equal(ResultCode.UpToDate, new DeltaRun(_old, new ManifestComponent { Size = 100, Urls = [ImageFile] }, Server(image, null)).Run());
        }

        [Theory]
        [InlineData(8192, ResultCode.UpToDate)]
        [InlineData(8196, ResultCode.None)]
        public void To_copy_little_is_no_gain_and_a_patch_is_one(int common, ResultCode code)
        {
            byte[] shared = Part("Shared", common), old = Join(shared, App(0)), image = Join(shared, App(1));
            Assert.Equal(code, Run(old, image, null).Run());
            Assert.Equal(ResultCode.None, Run(old, image, PatchWriter.Write(old, image)).Run());
        }

        [Fact]
        public void An_empty_slot_gives_nothing_and_a_patch_for_another_image_is_not_used()
        {
            byte[] image = Join(Corlib, App(1));
            Assert.Equal(ResultCode.UpToDate, Run([], image, null).Run());
            byte[] patch = PatchWriter.Write(Join(Corlib, App(7)), image);
            var run = new DeltaRun(_old, Component(Join(Corlib, App(7)), image, patch), Server(image, patch));
            Assert.Equal((ResultCode.None, (7600, Corlib.Length, 0)), (run.Run(), run.Counts));
        }

        [Fact]
        public void After_a_reboot_behind_any_block_it_goes_on_and_fetches_next_to_nothing_again()
        {
            byte[] image = Join(EditedAssembly.Insert(Corlib, 20_000, new byte[64]), Part("New", 70_000, 8), _kept, App(1), _other, App(2));
            byte[] patch = PatchWriter.Write(_old, image);
            for (int block = 1; block < image.Length / 4096; block++)
            {
                DeltaRun patched = Rebuilt(image, patch, at => at == block * 4096);
                Assert.InRange(patched.Counts.Fetched, patch.Length, patch.Length + 512);
                Assert.Equal(50_000, patched.Counts.Copied);
                Rebuilt(image, null, at => at == block * 4096);
            }

            DeltaRun often = Rebuilt(image, patch, _ => true, maxRead: 100);
            Assert.InRange(often.Counts.Fetched, patch.Length, patch.Length + (512 * image.Length / 4096));
        }

        [Fact]
        public void Nothing_is_allocated_from_block_to_block()
        {
            byte[] image = Join(EditedAssembly.Insert(Corlib, 20_000, new byte[64]), Part("New", 70_000, 8), _kept, App(1));
            Assert.Equal(0, Rebuilt(image, PatchWriter.Write(_old, image)).Allocated);
            Assert.Equal(0, Rebuilt(image, null).Allocated);
        }

        [Fact]
        public void A_broken_connection_costs_no_more_than_what_was_read_ahead()
        {
            byte[] image = Join(EditedAssembly.Insert(Corlib, 20_000, new byte[64]), Part("New", 70_000, 8), _kept, App(1));
            byte[] patch = PatchWriter.Write(_old, image);
            MemoryServer server = Server(image, patch);
            int reads = 0;
            server.OnRead = _ => ++reads % 3 == 0 ? ResultCode.ConnectionLost : ResultCode.None;
            var run = new DeltaRun(_old, Component(_old, image, patch), server);
            Assert.Equal(ResultCode.None, run.Run());
            Assert.Equal(image, run.Idle);
            Assert.InRange(run.Failures.Count, 10, 1000);
            Assert.InRange(run.Counts.Fetched, patch.Length, patch.Length + (512 * run.Failures.Count));
        }

        [Theory]
        [InlineData(ResultCode.NotFound, 0)]
        [InlineData(ResultCode.AccessDenied, 0)]
        [InlineData(ResultCode.RedirectRefused, 0)]
        [InlineData(ResultCode.Unreachable, 2)]
        [InlineData(ResultCode.ServerBusy, 2)]
        public void Without_its_patch_the_missing_assemblies_come_in_ranges(ResultCode fault, int failures)
        {
            byte[] image = Join(Corlib, _kept, _other, App(1));
            byte[] patch = PatchWriter.Write(_old, image);
            MemoryServer server = Server(image, patch);
            server.OnOpen = (url, _) => url.EndsWith(PatchFile) ? fault : ResultCode.None;
            var run = new DeltaRun(_old, Component(_old, image, patch), server);
            Assert.Equal((ResultCode.None, failures), (run.Run(), run.Failures.Count));
            Assert.Equal(image, run.Idle);
            Assert.Equal((7600, image.Length - 7600, 0), run.Counts);
        }

        [Fact]
        public void A_patch_that_goes_away_in_the_middle_of_an_assembly_is_replaced_by_a_range()
        {
            byte[] image = Join(Part("New", 70_000, 8), _kept, App(1));
            byte[] patch = PatchWriter.Write(_old, image);
            MemoryServer server = Server(image, patch);
            bool isGone = false;
            server.OnRead = at => (isGone |= at > 20_000) ? ResultCode.ConnectionLost : ResultCode.None;
            server.OnOpen = (url, _) =>
            {
                server.OnRead = isGone ? null : server.OnRead;
                return isGone && url.EndsWith(PatchFile) ? ResultCode.NotFound : ResultCode.None;
            };
            var run = new DeltaRun(_old, Component(_old, image, patch), server);
            Assert.Equal(ResultCode.None, run.Run());
            Assert.Equal(image, run.Idle);
            Assert.InRange(run.Counts.Fetched, 77_600, 77_600 + 1024);
            Assert.InRange(run.Counts.Patched, 19_000, 22_000);
        }

        [Fact]
        public void A_server_without_ranges_is_asked_for_the_whole_image()
        {
            byte[] image = Join(Corlib, _kept, _other, App(1));
            MemoryServer server = Server(image, null);
            server.HasRanges = false;
            var run = new DeltaRun(_old, Component(_old, image, null), server);
            Assert.Equal(ResultCode.RangeMismatch, run.Run());
        }

        [Fact]
        public void A_range_of_a_file_of_another_length_is_not_read()
        {
            byte[] image = Join(Corlib, _kept, _other, App(1));
            var run = new DeltaRun(_old, Component(_old, image, null), Server([.. image, 0, 0, 0, 0], null));
            run.Run();
            Assert.Equal(ResultCode.SizeMismatch, run.Failures[0]);
        }

        private static DeltaRun Rebuilt(byte[] image, byte[]? patch, Func<int, bool>? reboots = null, int maxRead = 4096)
        {
            DeltaRun run = Run(_old, image, patch, reboots, maxRead);
            Assert.Equal(ResultCode.None, run.Run());
            Assert.Equal(image, run.Idle);
            return run;
        }
    }
}
