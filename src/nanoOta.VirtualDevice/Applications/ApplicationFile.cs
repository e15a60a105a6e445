extern alias StandIns;

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>
    /// An application as a developer's build made it for the device, with <c>static void Main()</c>. What it refers to lies beside it, in
    /// the folder above it, or with this program.
    /// </summary>
    public sealed class ApplicationFile
    {
        private readonly string[] _folders;
        private readonly byte[] _assembly;

        private ApplicationFile(string path, byte[] assembly, string name, AssemblyVersion version)
        {
            string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            _folders = [folder, System.IO.Path.GetDirectoryName(folder) ?? folder, AppContext.BaseDirectory];
            _assembly = assembly;
            Path = path;
            Name = name;
            Version = version;
        }

        /// <summary>Where it lies.</summary>
        public string Path { get; }

        /// <summary>Its assembly's name.</summary>
        public string Name { get; }

        /// <summary>Its version.</summary>
        public AssemblyVersion Version { get; }

        /// <summary>Reads an application.</summary>
        /// <exception cref="InvalidDataException">It is not an assembly with an entry point.</exception>
        /// <exception cref="IOException">It cannot be read.</exception>
        public static ApplicationFile Read(string path)
        {
            byte[] assembly = File.ReadAllBytes(path);
            try
            {
                using var image = new PEReader(ImmutableArray.Create(assembly));
                MetadataReader reader = image.GetMetadataReader();
                if (image.PEHeaders.CorHeader!.EntryPointTokenOrRelativeVirtualAddress == 0)
                {
                    throw new InvalidDataException($"{path} has no static void Main(): it is a library. Build it with <OutputType>Exe</OutputType>.");
                }

                AssemblyDefinition definition = reader.GetAssemblyDefinition();
                Version version = definition.Version;
                return new ApplicationFile(path, assembly, reader.GetString(definition.Name), new AssemblyVersion((ushort)version.Major, (ushort)version.Minor, (ushort)version.Build, (ushort)version.Revision));
            }
            catch (Exception e) when (e is BadImageFormatException or InvalidOperationException)
            {
                throw new InvalidDataException($"{path} is not an assembly: {e.Message}");
            }
        }

        /// <summary>Loads it with all that it uses, apart from what was loaded before: each load has its own static fields.</summary>
        /// <param name="version">The version that it says it has.</param>
        /// <returns>Its entry point.</returns>
        /// <exception cref="InvalidDataException">It, or something that it uses, cannot be loaded.</exception>
        internal StandIns::System.Threading.Thread Load(AssemblyVersion version) => Guarded(() => MainOf(Load(new Context(loads: false), version)));

        /// <summary>Loads it as <see cref="Load(AssemblyVersion)"/> does; its calls of <c>Assembly.Load</c> lead to the board.</summary>
        /// <exception cref="InvalidDataException">It, or something that it uses, cannot be loaded.</exception>
        internal Started LoadAsLoader()
        {
            var context = new Context(loads: true);
            StandIns::System.Threading.Thread main = Guarded(() => MainOf(Load(context, Version)));
            return new Started(main, (file, version) => file.Guarded(() => file.Load(context, version)));
        }

        private static StandIns::System.Threading.Thread MainOf(Assembly assembly) => new(assembly.EntryPoint!.CreateDelegate<ThreadStart>());

        private Assembly Load(Context context, AssemblyVersion version)
        {
            context.Folders.AddRange(_folders);
            return context.Load(WithVersion(_assembly, version));
        }

        private T Guarded<T>(Func<T> load)
        {
            try
            {
                return load();
            }
            catch (Exception e) when (e is BadImageFormatException or FileNotFoundException or FileLoadException or TypeLoadException or ArgumentException)
            {
                throw new InvalidDataException($"{Path} cannot be loaded: {e.Message}");
            }
        }

        // ECMA-335 II.22.2: the four numbers follow the hash algorithm's four bytes.
        private static byte[] WithVersion(byte[] assembly, AssemblyVersion version)
        {
            using var image = new PEReader(ImmutableArray.Create(assembly));
            MetadataReader reader = image.GetMetadataReader();
            byte[] changed = [.. assembly];
            Span<byte> row = changed.AsSpan(image.PEHeaders.MetadataStartOffset + reader.GetTableMetadataOffset(TableIndex.Assembly) + 4);
            BinaryPrimitives.WriteUInt16LittleEndian(row, version.Major);
            BinaryPrimitives.WriteUInt16LittleEndian(row[2..], version.Minor);
            BinaryPrimitives.WriteUInt16LittleEndian(row[4..], version.Build);
            BinaryPrimitives.WriteUInt16LittleEndian(row[6..], version.Revision);
            return changed;
        }

        /// <summary>A loader that is about to run.</summary>
        /// <param name="Main">Its entry point.</param>
        /// <param name="Load">Loads another application beside it: the two share nanoOta's assemblies, and their static fields.</param>
        internal sealed record Started(StandIns::System.Threading.Thread Main, Func<ApplicationFile, AssemblyVersion, Assembly> Load);

        private sealed class Context(bool loads) : AssemblyLoadContext("application")
        {
            public List<string> Folders { get; } = [];

            public Assembly Load(byte[] assembly)
            {
                return LoadFromStream(new MemoryStream(InternalCallBodies.Fill(DeviceAssembly.Redirect(assembly), loads)));
            }

            // Device assemblies are loaded anew each time; the stand-ins and .NET's own are this program's.
            protected override Assembly? Load(AssemblyName name)
            {
                if (name.Name == DeviceAssembly.StandInsAssembly.GetName().Name)
                {
                    return DeviceAssembly.StandInsAssembly;
                }

                string? path = Folders.Select(folder => System.IO.Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists);
                return path != null && File.ReadAllBytes(path) is var assembly && IsForDevices(assembly) ? Load(assembly) : null;
            }

            private static bool IsForDevices(byte[] assembly)
            {
                using var image = new PEReader(ImmutableArray.Create(assembly));
                MetadataReader reader = image.GetMetadataReader();
                return !reader.AssemblyReferences.Any(handle => reader.GetString(reader.GetAssemblyReference(handle).Name) == "System.Runtime");
            }
        }
    }
}
