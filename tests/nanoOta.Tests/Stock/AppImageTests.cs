using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Stock
{
    public class AppImageTests
    {
        private readonly StockBench _bench = new();

        private static AssemblyVersion Core
        {
            get
            {
                Assert.True(AssemblyVersion.TryParse(typeof(UpdateAgent).Assembly.GetName().Version!.ToString(), out AssemblyVersion own));
                return own;
            }
        }

        [Fact]
        public void A_set_whose_references_are_in_it_or_in_the_loader_is_taken()
        {
            Assert.Equal(ResultCode.None, Verify(
                new("Helper", V("1.2.3")) { References = [new("mscorlib", V("1.17.99")), new("System.Net", V("1.11.60"))] },
                new("App", V("1.0.0")) { References = [new("Helper", V("1.2.0")), new("nanoOta", Core with { Build = 7 })] }));
        }

        [Fact]
        public void A_reference_that_nobody_has_in_that_version_is_missing()
        {
            Assert.Equal(ResultCode.ReferenceMissing, Verify(new AssemblySpec("App", V("1.0.0")) { References = [new("mscorlib", V("1.16.0"))] }));
            Assert.Equal(ResultCode.ReferenceMissing, Verify(new AssemblySpec("App", V("1.0.0")) { References = [new("Iot.Device.Bmp280", V("1.0.0"))] }));
            Assert.Equal(ResultCode.ReferenceMissing, Verify(
                new("Helper", V("2.2.3")),
                new("App", V("1.0.0")) { References = [new("Helper", V("1.2.0"))] }));
        }

        [Fact]
        public void An_assembly_that_comes_after_the_one_that_needs_it_is_missing()
        {
            Assert.Equal(ResultCode.ReferenceMissing, Verify(
                new("Helper", V("1.2.0")) { References = [new("Later", V("1.0.0"))] },
                new("Later", V("1.0.0")),
                new("App", V("1.0.0"))));
        }

        [Fact]
        public void An_assembly_with_natives_belongs_into_the_loader()
        {
            Assert.Equal(ResultCode.NativesMismatch, Verify(
                new("System.Device.Gpio", V("1.1.0")) { NativeChecksum = 0x12345678 },
                new("App", V("1.0.0"))));
            Assert.Equal(ResultCode.NativesMismatch, Verify(new AssemblySpec("App", V("1.0.0")) { NativeChecksum = 1 }));
        }

        [Fact]
        public void The_last_assembly_must_have_the_components_version()
        {
            Assert.Equal(ResultCode.ImageVersionMismatch, Verify(new("App", V("1.0.0")), new("Helper", V("1.2.0"))));
        }

        [Fact]
        public void What_is_no_assembly_is_malformed()
        {
            byte[] image = StockBench.Image("1.0.0");
            image[3]++;
            Assert.Equal(ResultCode.ImageMalformed, _bench.Verify("1.0.0", image));
            Assert.Equal(ResultCode.ImageMalformed, _bench.Verify("1.0.0", StockBench.Image("1.0.0")[..100]));
        }

        [Theory]
        [InlineData(100, 0x00)] // The first assembly has no length,
        [InlineData(103, 0x7F)] // or one beyond the end of the file,
        [InlineData(44, 0xF0)]  // more references than bytes,
        [InlineData(37, 0xFF)]  // a name that only the CLR knows,
        [InlineData(85, 0x7F)]  // or one that lies outside.
        public void A_set_that_is_not_made_of_assemblies_is_malformed(int at, byte value)
        {
            byte[] image = StockBench.Image("1.0.0");
            image[at] = value;
            Assert.Contains(_bench.Verify("1.0.0", image), new[] { ResultCode.ImageMalformed, ResultCode.ReferenceMissing });
        }

        [Fact]
        public void Bytes_behind_the_last_assembly_are_malformed()
        {
            Assert.Equal(ResultCode.ImageMalformed, _bench.Verify("1.0.0", [.. StockBench.Image("1.0.0"), .. new byte[8]]));
        }

        [Fact]
        public void More_assemblies_than_a_device_counts_are_malformed()
        {
            AssemblySpec[] specs = [.. Enumerable.Range(0, 65).Select(i => new AssemblySpec("A" + i, V("1.0.0")))];
            Assert.Equal(ResultCode.ImageMalformed, Verify(specs));
            Assert.Equal(ResultCode.None, Verify(specs[1..]));
        }

        private ResultCode Verify(params AssemblySpec[] specs)
        {
            return _bench.Verify("1.0.0", DeploymentBuilder.Build(specs, DeploymentBuilder.MinimumSize(specs)));
        }

        private static AssemblyVersion V(string text)
        {
            Assert.True(AssemblyVersion.TryParse(text, out AssemblyVersion version));
            return version;
        }
    }
}
