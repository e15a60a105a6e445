using System.Reflection;

namespace nanoOta.StandIns
{
    /// <summary>The CLR's <c>Assembly.Load</c>: .NET cannot load what a device does.</summary>
    public interface IAssemblyLoader
    {
        /// <summary>Loads an assembly in the device's format.</summary>
        /// <exception cref="ArgumentException">It is damaged.</exception>
        /// <exception cref="Exception">It refers to what is not there.</exception>
        Assembly Load(byte[] assembly);

        /// <summary>Finds an assembly that is deployed or was loaded.</summary>
        /// <exception cref="Exception">There is none.</exception>
        Assembly Load(string name);
    }
}
