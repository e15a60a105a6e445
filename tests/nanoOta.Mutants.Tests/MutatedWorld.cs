using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using nanoOta.Mutants.Il;

namespace nanoOta.Mutants.Tests
{
    /// <summary>An assembly from bytes, beside the one of the same name that is loaded.</summary>
    internal sealed class MutatedWorld : AssemblyLoadContext
    {
        private readonly ModuleDefinition _metadata;

        /// <summary>Loads it. What it refers to is what is loaded already.</summary>
        public MutatedWorld(byte[] image)
            : base(isCollectible: true)
        {
            _metadata = ModuleDefinition.ReadModule(new MemoryStream(image));
            Loaded = LoadFromStream(new MemoryStream(image));
        }

        /// <summary>The assembly.</summary>
        public Assembly Loaded { get; }

        /// <summary>Mutants of this very assembly's samples.</summary>
        public static AssemblyFile Samples { get; } = Own(typeof(Fixture.Samples));

        /// <summary>This very assembly, of which one class is mutated.</summary>
        public static AssemblyFile Own(Type subject)
        {
            return new AssemblyFile(subject.Assembly.Location, AppContext.BaseDirectory, 0, type => type.FullName == subject.FullName);
        }

        /// <summary>Methods by the names that <see cref="Mutant"/> has for them.</summary>
        public IEnumerable<MethodBase> Methods(ISet<string> names)
        {
            return _metadata.GetTypes().SelectMany(type => type.Methods).Where(method => names.Contains(method.FullName))
                .Select(method => Loaded.ManifestModule.ResolveMethod(method.MetadataToken.ToInt32())!);
        }
    }
}
