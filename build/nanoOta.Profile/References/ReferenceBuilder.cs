using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using nanoOta.Profile.Listings;

namespace nanoOta.Profile.References
{
    /// <summary>What device projects are compiled against: a package's own assembly, or one with its identity and surface and no code.</summary>
    /// <param name="Name">The listing's name, or the packaged assembly's.</param>
    /// <param name="Assembly">The assembly's name, which two of them may have.</param>
    /// <param name="Image">The assembly.</param>
    public sealed record ReferenceAssembly(string Name, string Assembly, ImmutableArray<byte> Image);

    /// <summary>Compiles the listings into reference assemblies.</summary>
    public static class ReferenceBuilder
    {
        /// <summary>Builds one reference assembly for every listing in <c>PROFILE/api</c>. Packages' own assemblies are taken as they are.</summary>
        /// <param name="profileFolder">The profile.</param>
        /// <param name="packaged">Files of assemblies from packages; <c>PROFILE/packages</c> says what each must be.</param>
        /// <exception cref="InvalidDataException">A listing cannot be read or does not compile, or a package is not what the profile says.</exception>
        public static IReadOnlyList<ReferenceAssembly> Build(string profileFolder, params IReadOnlyList<string> packaged)
        {
            PackagedAssembly[] packages = [.. packaged.Select(file => PackagedAssembly.Read(profileFolder, file))];
            ImmutableArray<byte> key = [.. Convert.FromHexString(File.ReadAllText(Path.Combine(profileFolder, "PublicKey.hex")).Trim())];
            Dictionary<string, Listing> listings = Directory.GetFiles(Path.Combine(profileFolder, "api"), "*.txt")
                .Order(StringComparer.Ordinal)
                .Select(ListingReader.Read)
                .Concat(packages.Select(package => package.Listing))
                .ToDictionary(listing => listing.Name);

            var explicitImplementations = new ExplicitImplementations(listings.Values);
            Dictionary<string, ReferenceAssembly> images = packages.Select(package => package.Reference).ToDictionary(reference => reference.Name);
            foreach (Listing listing in InBuildOrder(listings).Where(listing => !images.ContainsKey(listing.Name)))
            {
                string source = StubSource.Write(listing, explicitImplementations);
                images[listing.Name] = Compile(listing, source, key, listing.References.Select(name => images[name]));
            }

            return [.. images.Values];
        }

        private static List<Listing> InBuildOrder(Dictionary<string, Listing> listings)
        {
            var order = new List<Listing>();
            var visited = new HashSet<string>();
            foreach (string name in listings.Keys)
            {
                Visit(name);
            }

            return order;

            void Visit(string name)
            {
                if (!listings.TryGetValue(name, out Listing? listing))
                {
                    throw new InvalidDataException($"a listing refers to '{name}', of which there is none");
                }

                if (visited.Add(name))
                {
                    foreach (string reference in listing.References)
                    {
                        Visit(reference);
                    }

                    order.Add(listing);
                }
            }
        }

        private static ReferenceAssembly Compile(Listing listing, string source, ImmutableArray<byte> key, IEnumerable<ReferenceAssembly> references)
        {
            // C# 9, as the real packages: later versions add attributes that change how callers are compiled.
            SyntaxTree tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp9));
            var options = new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, deterministic: true, cryptoPublicKey: key, publicSign: true);
            var compilation = CSharpCompilation.Create(
                listing.Assembly, [tree], references.Select(reference => MetadataReference.CreateFromImage(reference.Image)), options);

            using var image = new MemoryStream();
            EmitResult result = compilation.Emit(image, options: new EmitOptions(
                metadataOnly: true, includePrivateMembers: false, runtimeMetadataVersion: "v4.0.30319"));
            if (!result.Success)
            {
                IEnumerable<Diagnostic> errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
                throw new InvalidDataException($"{listing.Name}.txt does not compile:\n{string.Join('\n', errors.Select(Describe))}");
            }

            return new ReferenceAssembly(listing.Name, listing.Assembly, [.. image.ToArray()]);
        }

        private static string Describe(Diagnostic error)
        {
            int line = error.Location.GetLineSpan().StartLinePosition.Line;
            return $"{error.GetMessage()}: {error.Location.SourceTree?.GetText().Lines[line].ToString().Trim()}";
        }
    }
}
