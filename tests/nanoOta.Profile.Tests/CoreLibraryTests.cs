using System.Buffers.Binary;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Mono.Cecil;
using nanoOta.Profile.Listings;
using nanoOta.Profile.References;

namespace nanoOta.Profile.Tests
{
    /// <summary>Device projects are compiled against the mscorlib of the package nanoFramework.CoreLibrary itself.</summary>
    public class CoreLibraryTests(Profile profile)
    {
        private static readonly string HeadFile = Path.Combine(Profile.Folder, "packages", "mscorlib.txt");
        private static readonly string Key = File.ReadAllText(Path.Combine(Profile.Folder, "PublicKey.hex")).Trim();

        public static TheoryData<string> Stubs => [.. ReferenceAssembliesTests.Listings];

        [Fact]
        public void The_restored_package_is_what_the_profile_says()
        {
            using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(Profile.CoreLibrary("mscorlib.dll"));
            CustomAttribute native = assembly.CustomAttributes.Single(attribute => attribute.AttributeType.Name == "AssemblyNativeVersionAttribute");
            uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(File.ReadAllBytes(Profile.CoreLibrary("mscorlib.pe")).AsSpan(20));
            string[] surface = [.. Surface()];
            int types = surface.Count(line => !line.Contains(" -> ") || line.StartsWith("delegate ", StringComparison.Ordinal));
            string[] head = File.ReadAllLines(HeadFile);

            Assert.Equal(Key, Convert.ToHexStringLower(assembly.Name.PublicKey));
            Assert.Contains($"# assembly: {assembly.Name.FullName}", head);
            Assert.Contains($"# native: AssemblyNativeVersion {native.ConstructorArguments[0].Value}, checksum 0x{checksum:X8}", head);
            Assert.Contains($"# counts: {types} types, {surface.Length - types} members", head);
        }

        [Fact]
        public void The_version_that_is_restored_is_the_one_that_packages_depend_on()
        {
            string versions = File.ReadAllText(Path.Combine(Profile.Repository, "Directory.Packages.props"));
            string package = File.ReadAllLines(HeadFile).Single(line => line.StartsWith("# package: ", StringComparison.Ordinal));
            string[] parts = package["# package: ".Length..].Split(' ');

            Assert.Contains($"<PackageVersion Include=\"{parts[0]}\" Version=\"{parts[1]}\" />", versions);
        }

        [Fact]
        public void The_test_vector_is_the_packages_own_file()
        {
            byte[] vector = File.ReadAllBytes(Path.Combine(Profile.Repository, "tests", "vectors", "assemblies", "mscorlib.pe"));

            Assert.Equal(File.ReadAllBytes(Profile.CoreLibrary("mscorlib.pe")).AsSpan(), vector.AsSpan());
        }

        [Theory]
        [InlineData("Version=1.17.11.0", "Version=1.17.12.0", "assembly")]
        [InlineData("c07d481e9758c731", "b77a5c561934e089", "assembly")]
        [InlineData("# surface: f054875a", "# surface: f054875b", "surface")]
        public void A_package_that_is_not_what_the_profile_says_breaks_the_build(string said, string instead, string fault)
        {
            string folder = Directory.CreateTempSubdirectory("nanoOta").FullName;
            try
            {
                string head = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "packages")).FullName, "mscorlib.txt");
                Directory.CreateDirectory(Path.Combine(folder, "api"));
                File.Copy(Path.Combine(Profile.Folder, "PublicKey.hex"), Path.Combine(folder, "PublicKey.hex"));
                File.Copy(HeadFile, head);
                Assert.Equal("mscorlib", Assert.Single(ReferenceBuilder.Build(folder, Profile.CoreLibrary("mscorlib.dll"))).Name);
                File.WriteAllText(head, File.ReadAllText(HeadFile).Replace(said, instead));

                InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => ReferenceBuilder.Build(folder, Profile.CoreLibrary("mscorlib.dll")));

                Assert.Contains($"mscorlib.dll: its {fault} is ", refusal.Message);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        [Theory]
        [MemberData(nameof(DeviceAssemblies.Names), MemberType = typeof(DeviceAssemblies))]
        public void A_device_assembly_takes_only_what_is_public(string name)
        {
            using var use = new CoreLibraryUse();

            (int count, string[] hidden) = use.Of(new MemoryStream(DeviceAssemblies.ReadShipped(name)));

            Assert.True(count > 1);
            Assert.Empty(hidden);
        }

        /// <summary>The library shows its internal members to eight assemblies by name and key, and the stubs have both.</summary>
        [Theory]
        [MemberData(nameof(Stubs))]
        public void A_stub_takes_only_what_is_public(string name)
        {
            using var use = new CoreLibraryUse();

            (int count, string[] hidden) = use.Of(new MemoryStream([.. profile.References.Single(reference => reference.Name == name).Image]));

            Assert.True(count > 1);
            Assert.Empty(hidden);
        }

        [Fact]
        public void What_takes_an_internal_member_is_found()
        {
            using var use = new CoreLibraryUse();
            using var image = new MemoryStream();
            ImmutableArray<byte> key = [.. Convert.FromHexString(Key)];
            var friend = CSharpCompilation.Create(
                "System.Math", [CSharpSyntaxTree.ParseText("class A { void B(System.Array c) { c.SetByIndex(0, null); } }", cancellationToken: Cancelled)], [Library],
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, cryptoPublicKey: key, publicSign: true));
            EmitResult result = friend.Emit(image, cancellationToken: Cancelled);
            Assert.True(result.Success, string.Join('\n', result.Diagnostics));

            (int _, string[] hidden) = use.Of(new MemoryStream(image.ToArray()));

            Assert.Equal(["System.Void System.Array::SetByIndex(System.Int32,System.Object)"], hidden);
        }

        private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

        private static PortableExecutableReference Library => MetadataReference.CreateFromFile(Profile.CoreLibrary("mscorlib.dll"));

        private static IEnumerable<string> Surface()
        {
            PortableExecutableReference library = Library;
            var assembly = (IAssemblySymbol)CSharpCompilation.Create("reader", references: [library]).GetAssemblyOrModuleSymbol(library)!;
            return ListingText.Of(assembly).Select(item => item.Line);
        }
    }
}
