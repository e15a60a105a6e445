using System.Buffers.Binary;
using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class NanoAssemblyTests
    {
        private static readonly AssemblySpec _spec = new("Contoso.Washer", new AssemblyVersion(1, 2, 3, 4))
        {
            NativeChecksum = 0xA1B2C3D4,
            References = [new("mscorlib", new(1, 17, 11)), new("Contoso.Drum", new(7, 8, 9, 10))],
        };

        // Offsets written out from docs/images.md, so that maker and reader cannot agree on a wrong one.
        [Theory]
        [InlineData("NFMRK1", 124, 28, 36, 38, 100, 40 + (4 * 11), 12)]
        [InlineData("NFMRK2", 128, 24, 32, 34, 104, 36 + (4 * 13), 10)]
        public void A_made_assembly_has_its_fields_where_the_CLR_reads_them(string marker, int header, int version, int name, int stringTable, int total, int strings, int row)
        {
            byte[] pe = DeploymentBuilder.Assembly(_spec, 400, 1, Format(marker));

            Assert.Equal(marker + "\0\0", Encoding.ASCII.GetString(pe, 0, 8));
            Assert.Equal(Crc32.Nano(pe.AsSpan(header)), U32(pe, 12));
            Assert.Equal(0xA1B2C3D4, U32(pe, 20));
            Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 4).Select(i => U16(pe, version + (2 * i))).Select(n => (int)n));
            Assert.Equal(1, U16(pe, stringTable));
            Assert.Equal(400u, U32(pe, total));
            Assert.Equal("Contoso.Washer\0", Encoding.UTF8.GetString(pe, (int)U32(pe, strings) + U16(pe, name), 15));
            Assert.Equal(0, pe[(int)U32(pe, strings)]);
            Assert.Equal(0xFCD2, U16(pe, header)); // mscorlib, built into the CLR
            Assert.Equal("Contoso.Drum\0", Encoding.UTF8.GetString(pe, (int)U32(pe, strings) + U16(pe, header + row), 13));
            Assert.Equal(10, U16(pe, header + row + row - 2));
        }

        [Fact]
        public void The_padding_of_each_table_is_recorded()
        {
            // One reference of 10 bytes, and the strings "\0", "Drum\0" and "Tub\0".
            byte[] pe = DeploymentBuilder.Assembly(new AssemblySpec("Tub", new(1, 0)) { References = [new("Drum", new(1, 0))] }, 400, 1, AssemblyFormat.Nfmrk2);
            Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0], pe[108..128]);
        }

        [Theory]
        [InlineData("NFMRK1")]
        [InlineData("NFMRK2")]
        public void What_was_made_is_read_back(string marker)
        {
            NanoAssembly? read = NanoAssembly.Read(DeploymentBuilder.Assembly(_spec, 1000, 1, Format(marker)));

            Assert.NotNull(read);
            Assert.Equal((marker, "Contoso.Washer", _spec.Version, 0xA1B2C3D4u, 1000u), (read.Format.Marker, read.Name, read.Version, read.NativeChecksum, read.TotalSize));
            Assert.Equal(_spec.References, read.References);
            Assert.True(read.HeaderOk && read.BodyOk);
            Assert.Empty(read.Faults);
        }

        [Theory]
        [InlineData(0xFCD2, "mscorlib")]
        [InlineData(0xFE28, "System.Threading")]
        [InlineData(0xFFFE, "built-in string 0x001")]
        public void A_name_from_the_table_built_into_the_CLR_is_found(int index, string name)
        {
            byte[] pe = DeploymentBuilder.Assembly(_spec, 400);
            BinaryPrimitives.WriteUInt16LittleEndian(pe.AsSpan(36), (ushort)index);
            Assert.Equal(name, NanoAssembly.Read(pe)!.Name);
        }

        [Fact]
        public void A_string_index_just_below_the_built_in_ones_is_looked_for_in_the_assembly()
        {
            byte[] pe = DeploymentBuilder.Assembly(_spec, 400);
            BinaryPrimitives.WriteUInt16LittleEndian(pe.AsSpan(36), 0xFFFF - 860);
            NanoAssembly read = NanoAssembly.Read(pe)!;
            Assert.Equal("", read.Name);
            Assert.Contains("string 0xFCA3", Assert.Single(read.Faults));
        }

        [Fact]
        public void Another_string_table_version_is_no_good_header_even_with_a_right_CRC()
        {
            byte[] pe = DeploymentBuilder.Assembly(_spec, 400);
            pe[38] = 2;
            Repair(pe);
            Assert.False(NanoAssembly.Read(pe)!.HeaderOk);
        }

        [Theory]
        [InlineData(100, 0u, "the header states 0 bytes")]
        [InlineData(100, 123u, "the header states 123 bytes")]
        [InlineData(100, 404u, "400 bytes are left")]
        [InlineData(100, 0xFFFFFFFFu, "400 bytes are left")]
        [InlineData(44, 0xFFFFFFF0u, "table 1 begins at 0xFFFFFFF0")]
        [InlineData(44, 126u, "table 1 begins at 0x7E")]
        [InlineData(40, 0u, "table 0 begins at 0x0")]
        [InlineData(108, 4u, "4 bytes of padding")]
        public void A_size_or_table_that_would_lead_the_CLR_astray_is_named(int offset, uint value, string expected)
        {
            byte[] pe = DeploymentBuilder.Assembly(_spec, 400);
            BinaryPrimitives.WriteUInt32LittleEndian(pe.AsSpan(offset), value);
            Repair(pe);

            NanoAssembly read = NanoAssembly.Read(pe)!;
            Assert.True(read.HeaderOk);
            Assert.Contains(expected, Assert.Single(read.Faults));
            Deployment deployment = Deployment.Read(pe);
            Assert.False(deployment.Sound);
            Assert.Single(deployment.Assemblies);
        }

        [Fact]
        public void Control_characters_in_a_name_do_not_reach_the_terminal()
        {
            byte[] pe = DeploymentBuilder.Assembly(new AssemblySpec("\u001b[2Jevil", new(1, 0)), 400);
            Assert.Equal("\uFFFD[2Jevil", NanoAssembly.Read(pe)!.Name);
        }

        [Theory]
        [InlineData("1.2.3.4", true)]
        [InlineData("1.2", true)]
        [InlineData("65535.0.0", true)]
        [InlineData("65536.0.0", false)]
        [InlineData("1", false)]
        [InlineData("1.2.3.4.5", false)]
        [InlineData("1.-2", false)]
        [InlineData("1.2-rc", false)]
        [InlineData("", false)]
        public void A_version_has_two_to_four_numbers_of_16_bits(string text, bool valid)
        {
            Assert.Equal(valid, AssemblyVersion.TryParse(text, out _));
        }

        internal static void Repair(byte[] pe)
        {
            int header = Format(Encoding.ASCII.GetString(pe, 0, 6)).HeaderSize;
            BinaryPrimitives.WriteUInt32LittleEndian(pe.AsSpan(12), Crc32.Nano(pe.AsSpan(header)));
            BinaryPrimitives.WriteUInt32LittleEndian(pe.AsSpan(8), 0);
            BinaryPrimitives.WriteUInt32LittleEndian(pe.AsSpan(8), Crc32.Nano(pe.AsSpan(0, header)));
        }

        internal static AssemblyFormat Format(string marker)
        {
            return marker == "NFMRK2" ? AssemblyFormat.Nfmrk2 : AssemblyFormat.Nfmrk1;
        }

        private static ushort U16(byte[] bytes, int offset)
        {
            return BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset));
        }

        private static uint U32(byte[] bytes, int offset)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
        }
    }
}
