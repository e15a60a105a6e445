using System.Runtime.CompilerServices;

namespace nanoOta.Native.Tests
{
    /// <summary>The library that <c>./test.sh</c> builds into artifacts/native/shared of the repository that the tests were built from.</summary>
    internal static class CoreUnderTest
    {
        [ModuleInitializer]
        internal static void Initialize()
        {
            NativeLibraryFile.Path ??= Find();
        }

        private static string Find()
        {
            string? folder = AppContext.BaseDirectory;
            while (folder != null && !File.Exists(Path.Combine(folder, "nanoOta.sln")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            string[] names = ["libnanoota_native.so", "libnanoota_native.dylib", "nanoota_native.dll"];
            return folder == null ? throw new DllNotFoundException("The repository that this was built from is not above the program.")
                : names.Select(name => Path.Combine(folder, "artifacts", "native", "shared", name)).FirstOrDefault(File.Exists)
                ?? throw new DllNotFoundException("The native core is not built: run ./test.sh.");
        }
    }
}
