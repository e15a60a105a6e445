using System.Runtime.InteropServices;

namespace nanoOta.VirtualDevice.Native
{
    /// <summary>The shared library with the C core: who runs a virtual device says where it is.</summary>
    public static unsafe class NativeLibraryFile
    {
        /// <summary>The environment variable with the library's path.</summary>
        public const string Variable = "NANOOTA_CORE";

        /// <summary>The library's path; null: there is none. To be set before the first use of the C core.</summary>
        public static string? Path { get; set; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;

        /// <summary>The sanitizers that the library was compiled with, by the compiler's names; empty: none.</summary>
        /// <exception cref="DllNotFoundException">There is no library, or it cannot be loaded; the message says.</exception>
        public static string Sanitizers => Marshal.PtrToStringUTF8((nint)NativeCore.nota_test_sanitizers())!;

        internal static nint Load()
        {
            return Path != null ? NativeLibrary.Load(Path) : throw new DllNotFoundException($"The C core is not compiled, or {Variable} does not name its library.");
        }
    }
}
