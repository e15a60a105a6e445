using Microsoft.CodeAnalysis;
using nanoOta.Profile.References;
using nanoOta.Profile.Tests;

[assembly: AssemblyFixture(typeof(Profile))]

namespace nanoOta.Profile.Tests
{
    /// <summary>What device projects are compiled against, made once for all tests.</summary>
    public sealed class Profile
    {
        public static readonly string Repository = FindRepository();

        public static readonly string Folder = Path.Combine(Repository, "build", "profile");

        /// <summary>A file of the package nanoFramework.CoreLibrary.</summary>
        public static string CoreLibrary(string file) => Path.Combine(AppContext.BaseDirectory, "CoreLibrary", file);

        public IReadOnlyList<ReferenceAssembly> References { get; } = ReferenceBuilder.Build(Folder, CoreLibrary("mscorlib.dll"));

        public IReadOnlyList<PortableExecutableReference> MetadataReferences => With("");

        /// <summary>A compiler takes one assembly of a name: the listing's that is asked for, otherwise the one whose listing has the bare name.</summary>
        public IReadOnlyList<PortableExecutableReference> With(string listing)
        {
            string? taken = References.FirstOrDefault(reference => reference.Name == listing)?.Assembly;
            return [.. References.Where(reference => reference.Name == (reference.Assembly == taken ? listing : reference.Assembly))
                .Select(reference => MetadataReference.CreateFromImage(reference.Image))];
        }

        private static string FindRepository()
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "nanoOta.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new DirectoryNotFoundException("the tests run inside a clone of the repository");
        }
    }
}
