using System.Reflection;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Stock
{
    /// <summary>
    /// What the CLR of a stock device makes of assemblies that are loaded from files: it takes what is whole and whose references
    /// are there, and runs nothing.
    /// </summary>
    public sealed class AppRuntimeModel : ClrRuntime
    {
        /// <summary>The managed heap of a board without PSRAM as the loader finds it: a round number, not one that was measured.</summary>
        public const int Heap = 128 * 1024;

        private readonly List<NanoAssembly> _loaded = [];

        /// <summary>What a loader's deployment holds, at the versions that this library is compiled against.</summary>
        public static IReadOnlyList<ReferenceKey> LoaderAssemblies { get; } =
        [
            new("mscorlib", 1, 17),
            new("nanoFramework.Runtime.Native", 1, 7),
            new("nanoFramework.System.Text", 1, 3),
            new("System.IO.Streams", 1, 1),
            new("System.IO.FileSystem", 1, 1),
            new("System.Threading", 1, 1),
            new("System.Net", 1, 11),
            new("System.Net.Http", 1, 5),
            Own(typeof(UpdateAgent)),
            Own(typeof(HttpChannel)),
            Own(typeof(AppFolders)),
        ];

        /// <summary>What is loaded, in order.</summary>
        public IReadOnlyList<NanoAssembly> Loaded => _loaded;

        /// <summary>Whether the application has an entry point.</summary>
        public bool HasEntryPoint { get; set; } = true;

        /// <summary>Whether the application's entry point was called.</summary>
        public bool IsStarted { get; private set; }

        /// <summary>Bytes of the heap that are free.</summary>
        public int Free { get; init; } = Heap;

        /// <inheritdoc/>
        public override int FreeHeap()
        {
            return Free;
        }

        /// <inheritdoc/>
        public override bool Has(string name, string version)
        {
            return LoaderAssemblies.Any(own => own.Name == name && $"{own.Major}.{own.Minor}" == version);
        }

        /// <inheritdoc/>
        public override void Load(byte[] assembly)
        {
            _loaded.Add(Accept(assembly, _loaded));
        }

        /// <inheritdoc/>
        public override bool Start()
        {
            IsStarted = HasEntryPoint && _loaded.Count > 0;
            return IsStarted;
        }

        /// <summary>Judges an assembly as the CLR does that loads it.</summary>
        /// <param name="assembly">The whole of it.</param>
        /// <param name="loaded">What was loaded before.</param>
        /// <exception cref="ArgumentException">A checksum does not agree.</exception>
        /// <exception cref="NotSupportedException">A reference is not there.</exception>
        internal static NanoAssembly Accept(byte[] assembly, IEnumerable<NanoAssembly> loaded)
        {
            if (NanoAssembly.Read(assembly) is not { HeaderOk: true, BodyOk: true } read)
            {
                throw new ArgumentException("The CLR finds the assembly damaged.");
            }

            return read.References.All(r => LoaderAssemblies.Contains(r.Key) || loaded.Any(l => l.Key == r.Key)) ? read
                : throw new NotSupportedException("The CLR finds a reference that is not there.");
        }

        private static ReferenceKey Own(Type type)
        {
            AssemblyName name = type.Assembly.GetName();
            return new ReferenceKey(name.Name!, (ushort)name.Version!.Major, (ushort)name.Version.Minor);
        }
    }
}
