using nanoOta.Tests.Documents;
using nanoOta.Tests.Images;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Deltas;

namespace nanoOta.Tests.Deltas
{
    public class VectorTests
    {
        public static TheoryData<string, string, string, string> Patches { get; } = new(DeltaVectors.Lines("patches/index.txt").Select(line => (line[0], line[1], line[2], line[3])));

        public static TheoryData<string, string, string> Cases { get; } = new(DeltaVectors.Lines("cases.txt").Select(line => (line[0], line[1], line[2])));

        [Theory]
        [MemberData(nameof(Patches))]
        public void Each_patch_gets_its_verdict(string file, string predecessor, string name, string verdict)
        {
            byte[] old = DeltaVectors.Image(predecessor), image = DeltaVectors.Image(name);
            byte[]? rebuilt = PatchReader.Apply(old, Identities(image), Vectors.Read("patches/" + file, "deltas"), out string? fault);
            Assert.Equal(rebuilt == null, fault != null);
            Assert.Contains(rebuilt == null ? "malformed" : rebuilt.SequenceEqual(image) ? "image" : "other", verdict == "other" ? ["other", "malformed"] : new[] { verdict });
        }

        [Theory]
        [MemberData(nameof(Patches))]
        public void Each_patch_gets_its_verdict_from_the_device_too(string file, string predecessor, string name, string verdict)
        {
            byte[] old = DeltaVectors.Image(predecessor), image = DeltaVectors.Image(name), patch = Vectors.Read("patches/" + file, "deltas");
            DeltaRun run = DeltaImages.Run(old, image, patch);
            ResultCode code = run.Run();
            if (patch.Length == 0)
            {
                // No manifest that devices read names it: the assemblies come in ranges, or all of an image that has little in common.
                Assert.Equal(0, run.Counts.Patched);
                Assert.True(code is ResultCode.None or ResultCode.UpToDate, $"{code}");
                return;
            }

            Assert.Contains(code == ResultCode.PatchMalformed ? "malformed" : run.Idle.AsSpan().SequenceEqual(image) ? "image" : "other", verdict == "other" ? ["other", "malformed"] : new[] { verdict });
            Assert.True(code is ResultCode.None or ResultCode.PatchMalformed, $"{code}");
        }

        [Fact]
        public void Each_file_of_patches_has_a_verdict()
        {
            string folder = Path.GetDirectoryName(Vectors.PathOf("patches/index.txt", "deltas"))!;
            Assert.Equal(Directory.GetFiles(folder, "*.lz4").Select(Path.GetFileName).Order()!, DeltaVectors.Lines("patches/index.txt").Select(line => line[0]).Order());
        }

        [Theory]
        [MemberData(nameof(Cases))]
        public void Every_pair_of_images_is_rebuilt_by_its_patch(string change, string predecessor, string name)
        {
            Assert.NotEmpty(change);
            byte[] old = DeltaVectors.Image(predecessor), image = DeltaVectors.Image(name);
            Assert.Equal(image, PatchReader.Apply(old, Identities(image), PatchWriter.Write(old, image), out _));
            Assert.Equal(old, PatchReader.Apply(image, Identities(old), PatchWriter.Write(image, old), out _));
        }

        [Fact]
        public void One_statement_costs_less_than_a_KiB()
        {
            string[] cases = [.. DeltaVectors.Lines("cases.txt").Where(line => line[0].Contains("one statement") || line[0].Contains("a constant")).Select(line => line[0])];
            Assert.Equal(4, cases.Length);
            Assert.All(DeltaVectors.Lines("cases.txt").Where(line => cases.Contains(line[0])), line => Assert.InRange(Diff(line).Patched, 1, 1024));
        }

        [Fact]
        public void The_page_has_the_figures_that_come_out()
        {
            string table = string.Concat(DeltaVectors.Lines("cases.txt").Select(line => (line[0], Diff(line))).Select(row => $"| {row.Item1} | {row.Item2.Whole:N0} | {row.Item2.Fetched:N0} | {row.Item2.Patched:N0} |\n"));
            Assert.True(Checkout.Text("docs/delta.md").Contains(table), "docs/delta.md needs this table:\n" + table);
        }

        private static ImageDiff Diff(string[] line)
        {
            return ImageDiff.Of(DeltaVectors.Image(line[1]), DeltaVectors.Image(line[2]));
        }

        private static PartIdentity[] Identities(byte[] image)
        {
            return [.. ImageParts.Read(image)!.Parts.Select(part => part.Identity)];
        }
    }
}
