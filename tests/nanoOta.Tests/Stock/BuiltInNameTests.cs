using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Stock
{
    /// <summary>
    /// Assemblies as nanoFramework's metadata processor writes them: a name that is among the 860 strings of the CLR is its number,
    /// counted downwards from 0xFFFF, and not in the assembly's own strings.
    /// </summary>
    public class BuiltInNameTests
    {
        private const ushort Mscorlib = 0xFFFF - 0x32D;
        private const ushort Threading = 0xFFFF - 0x1D7;

        // "Thread", and "yearMonthPattern", the last of them.
        private const ushort Thread = 0xFFFF - 0x1E0;
        private const ushort LastBuiltIn = 0xFFFF - 859;
        private readonly StockBench _bench = new();

        [Fact]
        public void An_application_that_uses_threads_is_taken()
        {
            Assert.Equal(ResultCode.None, Verify(App((Mscorlib, 1, 17), (Threading, 1, 1))));
            Start();
        }

        [Fact]
        public void The_sample_builder_writes_the_same_numbers()
        {
            var spec = new AssemblySpec("App", new(1, 0)) { References = [new("mscorlib", new(1, 17)), new("System.Threading", new(1, 1))] };
            byte[] bytes = DeploymentBuilder.Build([spec], DeploymentBuilder.MinimumSize([spec]));
            Assert.Equal([Mscorlib, Threading], [BitConverter.ToUInt16(bytes, 124), BitConverter.ToUInt16(bytes, 136)]);
            Assert.Equal(ResultCode.None, _bench.Verify("1.0.0", bytes));
        }

        [Theory]
        [InlineData(Mscorlib, 1, 16)]
        [InlineData(Threading, 1, 2)]
        [InlineData(Threading, 2, 1)]
        public void A_library_of_the_loader_in_another_version_is_missing(int name, int major, int minor)
        {
            Assert.Equal(ResultCode.ReferenceMissing, Verify(App(((ushort)name, major, minor))));
        }

        [Theory]
        [InlineData(Thread)]
        [InlineData(LastBuiltIn)]
        [InlineData(0xFFFF)]
        public void A_built_in_name_that_no_library_has_is_missing_unless_an_assembly_of_the_file_has_it(int name)
        {
            Assert.Equal(ResultCode.ReferenceMissing, Verify(App(((ushort)name, 1, 2))));
            Assert.Equal(ResultCode.None, Verify(new PeMaker((ushort)name, 1, 2, 3), App(((ushort)name, 1, 2))));
            Assert.Equal(ResultCode.ReferenceMissing, Verify(new PeMaker((ushort)name, 1, 3, 3), App(((ushort)name, 1, 2))));
            Assert.Equal(ResultCode.ReferenceMissing, Verify(new PeMaker((ushort)(name - 1), 1, 2, 3), App(((ushort)name, 1, 2))));
        }

        [Fact]
        public void The_number_below_the_last_built_in_one_is_an_offset_into_the_strings()
        {
            PeMaker app = new(LastBuiltIn - 1, 1, 0, 0) { Strings = [(LastBuiltIn - 1, "Far")], References = [(Mscorlib, 1, 17)] };
            PeMaker user = new(1, 1, 0, 0) { Strings = [(1, "App"), (5, "Far")], References = [(5, 1, 0)] };
            Assert.Equal(ResultCode.None, Verify(app, user));
            Assert.Equal(ResultCode.ReferenceMissing, Verify(app with { Name = LastBuiltIn }, user));
        }

        private static PeMaker App(params (ushort Name, int Major, int Minor)[] references)
        {
            return new PeMaker(1, 1, 0, 0) { Strings = [(1, "App")], References = references };
        }

        private ResultCode Verify(params PeMaker[] assemblies)
        {
            return _bench.Verify("1.0.0", [.. assemblies.SelectMany(assembly => assembly.Make())]);
        }

        private void Start()
        {
            byte[] image = App((Mscorlib, 1, 17), (Threading, 1, 1)).Make();
            Assert.Equal(ResultCode.None, _bench.Folders.Activate(StockBench.Manifest("1.0.0", image), StockBench.Digest("1.0.0")));
            _bench.Boot();
            Assert.True(_bench.Folders.Start());
            Assert.Equal(["mscorlib", "System.Threading"], _bench.Runtime.Loaded.Single().References.Select(reference => reference.Name));
        }
    }
}
