extern alias StandIns;

using System.Reflection;
using nanoOta.Profile.Redirect;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>Assemblies that were compiled for nanoFramework, on .NET.</summary>
    public static class DeviceAssembly
    {
        /// <summary>What device code finds in place of nanoFramework's assemblies.</summary>
        public static Assembly StandInsAssembly { get; } = typeof(StandIns::nanoOta.StandIns.DeviceBoard).Assembly;

        /// <summary>Redirects its references to the stand-ins; its method bodies stay as they are.</summary>
        /// <exception cref="InvalidDataException">It cannot be patched.</exception>
        /// <exception cref="BadImageFormatException">It is no assembly.</exception>
        public static byte[] Redirect(byte[] assembly) => AssemblyRedirect.Apply(assembly, StandInsAssembly.GetName().Version!);
    }
}
