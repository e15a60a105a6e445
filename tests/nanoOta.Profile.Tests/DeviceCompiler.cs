using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace nanoOta.Profile.Tests
{
    /// <summary>Compiles a source file against the reference assemblies, as a device project is, into a folder of its own.</summary>
    internal sealed class DeviceCompiler : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nanoOta").FullName;

        public string Assembly => Path.Combine(_folder, "Sample.dll");

        public string Source => Path.Combine(_folder, "Sample.cs");

        public void Compile(Profile profile, string source, OptimizationLevel optimization = OptimizationLevel.Release)
        {
            File.WriteAllText(Source, source);
            SyntaxTree tree = CSharpSyntaxTree.ParseText(
                source, new CSharpParseOptions(LanguageVersion.CSharp9), Source, System.Text.Encoding.UTF8);
            var compilation = CSharpCompilation.Create("Sample", [tree], profile.MetadataReferences, new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: optimization));
            using FileStream assembly = File.Create(Assembly);
            using FileStream pdb = File.Create(Path.ChangeExtension(Assembly, ".pdb"));
            EmitResult result = compilation.Emit(
                assembly, pdb, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
            Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        }

        /// <summary>Replaces bytes that occur once: for what C# cannot be made to say.</summary>
        public void Patch(ReadOnlySpan<byte> old, ReadOnlySpan<byte> replacement)
        {
            byte[] image = File.ReadAllBytes(Assembly);
            int position = image.AsSpan().IndexOf(old);
            Assert.True(position > 0 && image.AsSpan(position + 1).IndexOf(old) < 0);
            replacement.CopyTo(image.AsSpan(position));
            File.WriteAllBytes(Assembly, image);
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
