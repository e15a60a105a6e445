using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;

namespace nanoOta.Budgets.Il
{
    /// <summary>
    /// A world of its own in which the device assemblies count their instructions: they, this program and the virtual device are
    /// loaded a second time, so that what is run in it is written in plain C#.
    /// </summary>
    internal sealed class InstrumentedContext : AssemblyLoadContext
    {
        private static readonly string _folder = AppContext.BaseDirectory;

        /// <summary>Runs a static method of this program in the other world.</summary>
        /// <param name="type">Its class here.</param>
        /// <param name="method">Its name; it takes and returns what both worlds know.</param>
        /// <param name="arguments">Its arguments.</param>
        public T Run<T>(Type type, string method, params object[] arguments)
        {
            Type other = LoadFromAssemblyName(type.Assembly.GetName()).GetType(type.FullName!, throwOnError: true)!;
            return (T)other.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.Invoke(null, arguments)!;
        }

        /// <inheritdoc/>
        protected override Assembly? Load(AssemblyName name)
        {
            string path = Path.Combine(_folder, name.Name + ".dll");
            if (name.Name == null || !name.Name.StartsWith("nanoOta", StringComparison.Ordinal) || !File.Exists(path))
            {
                return null;
            }

            bool ships = File.Exists(Path.Combine(_folder, "device", name.Name + ".dll"));
            using var image = new MemoryStream(ships
                ? IlInstrumenter.Instrument(path, CounterOf)
                : File.ReadAllBytes(path));
            return LoadFromStream(image);
        }

        private static string CounterOf(TypeDefinition type)
        {
            return type.Name switch
            {
                nameof(ManagedHasher) => nameof(IlTally.Hash),
                nameof(ManagedRsaVerifier) => nameof(IlTally.Rsa),
                _ => nameof(IlTally.Rest),
            };
        }
    }
}
