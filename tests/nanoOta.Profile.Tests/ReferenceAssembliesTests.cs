using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using nanoOta.Profile.Listings;
using nanoOta.Profile.References;

namespace nanoOta.Profile.Tests
{
    public class ReferenceAssembliesTests(Profile profile)
    {
        public static TheoryData<string> Listings =>
            [.. Directory.GetFiles(Path.Combine(Profile.Folder, "api"), "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

        [Theory]
        [MemberData(nameof(Listings))]
        public void A_reference_assembly_gives_its_listing_back(string name)
        {
            string simpleName = profile.References.Single(reference => reference.Name == name).Assembly;
            var compilation = CSharpCompilation.Create("reader", references: profile.With(name));
            IAssemblySymbol assembly = compilation.References
                .Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().Single(a => a.Name == simpleName);

            string[] lines = File.ReadAllLines(Path.Combine(Profile.Folder, "api", name + ".txt"));
            List<string> missing = [.. lines.Where(line => line.Length > 0 && line[0] != '#').Select(SortInterfaces)];
            List<string> surplus = [.. ListingText.Of(assembly).Select(item => item.Line).Where(line => !missing.Remove(line))];

            Assert.Empty(missing);
            Assert.Empty(surplus);
            Assert.Contains($"# assembly: {assembly.Identity}", lines);
        }

        [Fact]
        public void Building_twice_gives_the_same_bytes()
        {
            foreach ((ReferenceAssembly first, ReferenceAssembly second) in profile.References.Zip(ReferenceBuilder.Build(Profile.Folder, Profile.CoreLibrary("mscorlib.dll"))))
            {
                Assert.Equal(first.Image.AsSpan(), second.Image.AsSpan());
            }
        }

        [Fact]
        public void An_unchanged_reference_assembly_is_not_written_again_and_an_unlisted_one_goes()
        {
            string folder = Directory.CreateTempSubdirectory("nanoOta").FullName;
            try
            {
                ReferenceFolder.Update(folder, profile.References);
                string kept = Path.Combine(folder, "mscorlib.dll");
                string changed = Path.Combine(folder, "System.Math.dll");
                string unlisted = Path.Combine(folder, "Unlisted.dll");
                var past = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
                File.SetLastWriteTimeUtc(kept, past);
                File.WriteAllBytes(changed, [1]);
                File.WriteAllBytes(unlisted, [1]);

                ReferenceFolder.Update(folder, profile.References);

                Assert.Equal(past, File.GetLastWriteTimeUtc(kept));
                Assert.NotEqual(1, new FileInfo(changed).Length);
                Assert.False(File.Exists(unlisted));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        [Fact]
        public void A_listing_that_cannot_be_read_is_refused_with_its_line()
        {
            string folder = Directory.CreateTempSubdirectory("nanoOta").FullName;
            try
            {
                string file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "api")).FullName, "Odd.txt");
                File.Copy(Path.Combine(Profile.Folder, "PublicKey.hex"), Path.Combine(folder, "PublicKey.hex"));
                File.WriteAllText(file, "# assembly: Odd, Version=1.0.0.0\nclass A.B\nA.C.Method() -> void\n");

                InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => ReferenceBuilder.Build(folder));

                Assert.StartsWith($"{file}(3): ", refusal.Message);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        // In metadata the order of a type's interfaces is the compiler's.
        private static string SortInterfaces(string line)
        {
            int colon = line.IndexOf(" : ", StringComparison.Ordinal);
            if (colon < 0 || line.Contains('('))
            {
                return line;
            }

            string[] bases = line[(colon + 3)..].Split(", ");
            int fixedOnes = line.Contains("class ") ? 1 : 0;
            return line[..(colon + 3)] + string.Join(", ", bases.Take(fixedOnes).Concat(bases.Skip(fixedOnes).Order(StringComparer.Ordinal)));
        }
    }
}
