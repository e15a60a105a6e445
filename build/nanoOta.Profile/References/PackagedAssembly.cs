using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using nanoOta.Profile.Listings;

namespace nanoOta.Profile.References
{
    /// <summary>
    /// The assembly of a restored package, which device projects are compiled against in place of a stub. <c>PROFILE/packages</c>
    /// says what it must be.
    /// </summary>
    /// <param name="Listing">Its public surface, as a listing would have it.</param>
    /// <param name="Reference">The assembly itself.</param>
    internal sealed record PackagedAssembly(Listing Listing, ReferenceAssembly Reference)
    {
        /// <exception cref="InvalidDataException">The profile says nothing of it, or another identity or surface.</exception>
        public static PackagedAssembly Read(string profileFolder, string file)
        {
            string name = Path.GetFileNameWithoutExtension(file);
            string headFile = Path.Combine(profileFolder, "packages", name + ".txt");
            if (!File.Exists(headFile) || !File.Exists(file))
            {
                throw new InvalidDataException($"{(File.Exists(file) ? headFile : file)}: no such file");
            }

            string[] head = File.ReadAllLines(headFile);
            ImmutableArray<byte> image = [.. File.ReadAllBytes(file)];
            (string identity, string[] surface) = Describe(image);
            Require(head, "assembly", identity, headFile, file);
            Require(head, "surface", Hash(surface), headFile, file);
            return new PackagedAssembly(ListingReader.Read(headFile, [.. head, .. surface]), new ReferenceAssembly(name, name, image));
        }

        private static (string Identity, string[] Surface) Describe(ImmutableArray<byte> image)
        {
            PortableExecutableReference reference = MetadataReference.CreateFromImage(image);
            var assembly = (IAssemblySymbol)CSharpCompilation.Create("reader", references: [reference]).GetAssemblyOrModuleSymbol(reference)!;
            // In metadata a setter may come before its getter; sorted, it does not.
            return (assembly.Identity.ToString(), [.. ListingText.Of(assembly).Select(item => item.Line).Order(StringComparer.Ordinal)]);
        }

        private static string Hash(string[] surface)
        {
            string text = string.Concat(surface.Select(line => line + "\n"));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }

        private static void Require(string[] head, string what, string found, string headFile, string file)
        {
            if (!head.Contains($"# {what}: {found}"))
            {
                throw new InvalidDataException($"{file}: its {what} is {found}, which is not what {headFile} says");
            }
        }
    }
}
