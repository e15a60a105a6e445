extern alias StandIns;

using System.Reflection;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>
    /// <c>Assembly.Load</c> of a device on which a loader runs. It judges the bytes as the CLR does; the code that then runs is that of the
    /// assembly which was given for this name and version.
    /// </summary>
    /// <param name="load">Loads a given assembly beside the loader, with a version in it.</param>
    /// <param name="find">The assembly that an image is made from; null: the image holds no code.</param>
    internal sealed class ClrLoader(Func<ApplicationFile, AssemblyVersion, Assembly> load, Func<NanoAssembly, ApplicationFile?> find) : IAssemblyLoader
    {
        private readonly List<NanoAssembly> _loaded = [];
        private readonly List<Assembly> _assemblies = [];

        /// <summary>What is loaded, in order.</summary>
        public IReadOnlyList<NanoAssembly> Loaded => _loaded;

        public Assembly Load(byte[] assembly)
        {
            NanoAssembly read = AppRuntimeModel.Accept(assembly, _loaded);
            _loaded.Add(read);
            _assemblies.Add(find(read) is { } file ? load(file, read.Version) : new EmptyAssembly(read.Name, read.Version));
            return _assemblies[^1];
        }

        public Assembly Load(string name)
        {
            int at = _loaded.FindIndex(loaded => loaded.Name == name);
            return at >= 0 ? _assemblies[at]
                : AppRuntimeModel.LoaderAssemblies.FirstOrDefault(own => own.Name == name) is { Name: not null } key ? new EmptyAssembly(key.Name, new AssemblyVersion(key.Major, key.Minor))
                : throw new ArgumentException("There is no such assembly.", nameof(name));
        }

        /// <summary>One of which nothing but its name and version is asked.</summary>
        private sealed class EmptyAssembly(string name, AssemblyVersion version) : Assembly
        {
            public override AssemblyName GetName() => new(name) { Version = new Version(version.Major, version.Minor, version.Build, version.Revision) };

            public override Type[] GetTypes() => [];
        }
    }
}
