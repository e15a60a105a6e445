using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using nanoOta.Profile.Fixture;
using nanoOta.Profile.Redirect;

namespace nanoOta.Profile.Tests
{
    public class RedirectTests(Profile profile)
    {
        public static TheoryData<string> Names => DeviceAssemblies.Names;

        [Fact]
        public void Every_device_project_is_tested_here()
        {
            Assert.Empty(DeviceAssemblies.Projects.Except(Names.Select(row => row.Data)));
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void Method_bodies_are_those_that_ship(string name)
        {
            using var shipped = new PEReader(new MemoryStream(DeviceAssemblies.ReadShipped(name)));
            using var redirected = new PEReader(new MemoryStream(DeviceAssemblies.ReadRedirected(name)));
            MetadataReader before = shipped.GetMetadataReader();
            MetadataReader after = redirected.GetMetadataReader();

            Assert.NotEmpty(before.MethodDefinitions);
            Assert.Equal(before.MethodDefinitions, after.MethodDefinitions);
            foreach (MethodDefinitionHandle method in before.MethodDefinitions)
            {
                Assert.Equal(Body(shipped, before.GetMethodDefinition(method)), Body(redirected, after.GetMethodDefinition(method)));
            }
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void Of_the_metadata_only_assembly_references_change(string name)
        {
            using var shipped = new PEReader(new MemoryStream(DeviceAssemblies.ReadShipped(name)));
            using var redirected = new PEReader(new MemoryStream(DeviceAssemblies.ReadRedirected(name)));
            foreach (TableIndex table in Enum.GetValues<TableIndex>().Where(table => table <= TableIndex.GenericParamConstraint))
            {
                if (table != TableIndex.AssemblyRef)
                {
                    Assert.Equal(Rows(shipped, table), Rows(redirected, table));
                }
            }

            foreach (HeapIndex heap in Enum.GetValues<HeapIndex>())
            {
                ImmutableArray<byte> before = Heap(shipped, heap);
                Assert.Equal(before, Heap(redirected, heap)[..before.Length]);
            }
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void Of_the_file_only_headers_and_what_is_appended_change(string name)
        {
            byte[] shipped = DeviceAssemblies.ReadShipped(name);
            byte[] redirected = DeviceAssemblies.ReadRedirected(name);
            using var image = new PEReader(new MemoryStream(shipped));
            int directory = image.PEHeaders.CorHeaderStartOffset + 8;
            redirected.AsSpan(directory, 8).CopyTo(shipped.AsSpan(directory));

            Range contents = image.PEHeaders.PEHeader!.SizeOfHeaders..shipped.Length;
            Assert.Equal(shipped.AsSpan(contents), redirected.AsSpan(contents));
        }

        [Theory]
        [MemberData(nameof(Names))]
        public void No_reference_to_nanoFramework_is_left(string name)
        {
            Assembly assembly = Assembly.Load(name);
            Version? standIns = Assembly.Load("nanoOta.StandIns").GetName().Version;

            Assert.Contains(assembly.GetReferencedAssemblies(), reference => reference.Name == "nanoOta.StandIns" && reference.Version == standIns);
            Assert.All(assembly.GetReferencedAssemblies(), reference => Assert.Empty(reference.GetPublicKeyToken() ?? []));
        }

        /// <summary>Guards the surface of the stand-ins: what a device project uses of the device must be there.</summary>
        [Theory]
        [MemberData(nameof(Names))]
        public void Every_type_and_member_a_device_assembly_refers_to_is_there(string name)
        {
            Module module = Assembly.Load(name).ManifestModule;
            using var image = new PEReader(new MemoryStream(DeviceAssemblies.ReadRedirected(name)));
            MetadataReader reader = image.GetMetadataReader();

            var missing = new List<string>();
            foreach (int token in References(reader))
            {
                try
                {
                    _ = MetadataTokens.EntityHandle(token).Kind == HandleKind.MemberReference
                        ? module.ResolveMember(token)
                        : module.ResolveType(token);
                }
                catch (Exception e) when (e is MissingMemberException or TypeLoadException or FileNotFoundException)
                {
                    missing.Add(e.Message);
                }
            }

            Assert.Empty(missing);
            Assert.NotEmpty(module.GetTypes());
        }

        [Fact]
        public void What_works_on_the_device_does_the_same_here()
        {
            Assert.Equal(56, Language.Closures(4));
            Assert.Equal((8, -1), (Language.Named("eight"), Language.Named("nine")));
            Assert.Equal("negative number empty text other nothing", string.Join(' ', new object?[] { -1, 1, "", "text", 1L, null }.Select(Language.Kind)));
            Assert.Equal(("filtered finally ", "finally code"), (Language.Caught(1), Language.Caught(2)));
            Assert.Equal(0xE40C292Cu + 31 - 6, Language.Loops("a"));
            Assert.Equal("001F|  1922|2", Language.Text(31));
            Assert.Equal(42, Language.Hidden);
            Assert.Equal("04-03-02-01BAMCAQ==00000000-0000-0000-0000-00000000000021121.2.3.4", Library.Values());
            Assert.Equal("cba3", Library.Streams());
            Assert.True(Library.Threads());
            Assert.Equal(1, Library.Collections());
        }

        [Fact]
        public void Symbols_fit_the_redirected_assembly()
        {
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(Language.Throw);

            StackFrame frame = new StackTrace(thrown, fNeedFileInfo: true).GetFrame(0)!;
            string[] source = File.ReadAllLines(frame.GetFileName()!);
            Assert.Contains("throw new InvalidOperationException()", source[frame.GetFileLineNumber() - 1]);
        }

        [Fact]
        public void An_assembly_whose_string_heap_is_full_is_refused()
        {
            using var compiler = new DeviceCompiler();
            string fields = string.Concat(Enumerable.Range(0, 258).Select(i => $"int F{i:D3}{new string('x', 246)};"));
            int used = StringHeapSize(fields);
            int full = StringHeapSize(fields + $"int {new string('y', 0xFFFC - used)};");

            InvalidDataException refusal = Assert.Throws<InvalidDataException>(
                () => AssemblyRedirect.Apply(File.ReadAllBytes(compiler.Assembly), new Version(1, 0, 0, 0)));

            Assert.InRange(full, 0xFFF0, 0xFFFF);
            Assert.Contains("string heap", refusal.Message);

            int StringHeapSize(string members)
            {
                compiler.Compile(profile, $"class B {{ {members} }}");
                using var image = new PEReader(File.OpenRead(compiler.Assembly));
                return image.GetMetadataReader().GetHeapSize(HeapIndex.String);
            }
        }

        private static byte[] Body(PEReader image, MethodDefinition method) => method.RelativeVirtualAddress == 0
            ? []
            : [.. image.GetSectionData(method.RelativeVirtualAddress).GetContent(0, image.GetMethodBody(method.RelativeVirtualAddress).Size)];

        private static ImmutableArray<byte> Rows(PEReader image, TableIndex table)
        {
            MetadataReader reader = image.GetMetadataReader();
            return image.GetMetadata().GetContent(
                reader.GetTableMetadataOffset(table), reader.GetTableRowCount(table) * reader.GetTableRowSize(table));
        }

        private static ImmutableArray<byte> Heap(PEReader image, HeapIndex heap)
        {
            MetadataReader reader = image.GetMetadataReader();
            return image.GetMetadata().GetContent(reader.GetHeapMetadataOffset(heap), reader.GetHeapSize(heap));
        }

        private static IEnumerable<int> References(MetadataReader reader) => reader.TypeReferences.Select(handle => MetadataTokens.GetToken(handle))
            .Concat(reader.MemberReferences.Select(handle => MetadataTokens.GetToken(handle)))
            .Concat(Enumerable.Range(1, reader.GetTableRowCount(TableIndex.TypeSpec)).Select(row => (0x1B << 24) | row));
    }
}
