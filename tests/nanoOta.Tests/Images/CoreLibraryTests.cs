using System.Buffers.Binary;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    /// <summary>nanoFramework's own mscorlib.pe (tests/vectors/assemblies), read by the reader that has otherwise only seen files of its own.</summary>
    public class CoreLibraryTests
    {
        private static readonly byte[] _file = Vectors.Read("mscorlib.pe", "assemblies");
        private static readonly AssemblySpec _application = new("Washer", new(2, 0, 1)) { References = [new("mscorlib", new(1, 17, 11))] };
        private static readonly byte[] _deployment = [.. _file, .. DeploymentBuilder.Assembly(_application, 400)];

        [Fact]
        public void The_core_library_is_read_as_its_package_describes_it()
        {
            NanoAssembly read = NanoAssembly.Read(_file)!;

            Assert.Equal("mscorlib 1.17.11.0", read.ToString());
            Assert.Equal(AssemblyFormat.Nfmrk1, read.Format);
            Assert.Equal(0x1549C856u, read.NativeChecksum);
            Assert.Equal((uint)_file.Length, read.TotalSize);
            Assert.True(read.HeaderOk && read.BodyOk);
            Assert.Equal((0x4EDBC566u, 0x4EDBC566u), read.HeaderCrc);
            Assert.Equal((0x295617D1u, 0x295617D1u), read.BodyCrc);
            Assert.Empty(read.References);
            Assert.Empty(read.Faults);
        }

        /// <summary>The figures are those of the package's mscorlib.pdbx; the row sizes are the device's.</summary>
        [Theory]
        [InlineData("types", 4, 24, 141)]
        [InlineData("fields", 5, 8, 87)]
        [InlineData("methods", 6, 16, 803)]
        public void The_tables_have_the_rows_that_the_debugging_file_lists(string what, int table, int row, int rows)
        {
            // docs/images.md: table starts at offset 40, bytes of padding behind each table at offset 108.
            int At(int index) => BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(40 + 4 * index));
            int bytes = At(table + 1) - At(table) - _file[108 + table];
            Assert.Equal((what, rows * row), (what, bytes));
        }

        [Fact]
        public void A_deployment_of_the_core_library_and_an_application_is_sound()
        {
            Deployment deployment = Deployment.Read(_deployment);

            Assert.True(deployment.Sound, string.Join(" ", deployment.Checks.Where(check => !check.Ok)));
            Assert.Equal(["mscorlib 1.17.11.0", "Washer 2.0.1.0"], deployment.Assemblies.Select(assembly => assembly.ToString()));
            Assert.Equal(_deployment.Length, deployment.Length);
            ImageReport report = ImageFile.Identify(_deployment);
            Assert.Equal((ImageKind.Deployment, "2.0.1.0"), (report.Kind, report.Version));
            Assert.Contains("0x000000    32536 bytes  mscorlib 1.17.11.0  native 0x1549C856", report.Contents);
        }

        [Fact]
        public void An_application_for_another_core_library_is_not_sound()
        {
            AssemblySpec other = _application with { References = [new("mscorlib", new(2, 0))] };
            Deployment deployment = Deployment.Read([.. _file, .. DeploymentBuilder.Assembly(other, 400)]);

            ImageCheck failed = Assert.Single(deployment.Checks, check => !check.Ok);
            Assert.Contains("Washer 2.0.1.0: needs mscorlib 2.0.0.0, which is not there; on stock firmware the loader may have it.", failed.Sentence);
        }

        [Theory]
        [InlineData(0x1549C856u, true)]
        [InlineData(0x1549C857u, false)]
        public void The_core_librarys_checksum_must_be_the_firmwares(uint firmware, bool runs)
        {
            NativesDescriptor natives = NativesDescriptor.Read(NativesDescriptor.Write([new("mscorlib", firmware)]), out _)!;
            Assert.Equal(runs, Assert.Single(Deployment.Read(_deployment).CheckNatives(natives)).Ok);
        }

        [Fact]
        public void A_changed_bit_is_found_wherever_it_is()
        {
            byte[] damaged = [.. _file];
            for (int at = 0; at < damaged.Length; at += 7)
            {
                damaged[at] ^= 1;
                Assert.False(Deployment.Read(damaged).Sound, $"offset {at}");
                damaged[at] ^= 1;
            }
        }
    }
}
