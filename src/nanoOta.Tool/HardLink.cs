using System.Runtime.InteropServices;

namespace nanoOta.Tool
{
    /// <summary>
    /// A second name for a file: of several commands that give the same name at the same time, the file system lets one have it. .NET's
    /// File.Move looks whether the name is there and renames then, so that on Linux and macOS the last one wins.
    /// </summary>
    internal static class HardLink
    {
        // EEXIST of Linux and macOS.
        private const int Exists = 17;

        /// <summary>Gives a file a second name.</summary>
        /// <param name="file">The file.</param>
        /// <param name="name">The name, in the same folder.</param>
        /// <returns>True: it has it; false: there is a file of that name; null: the system or the file system cannot do that.</returns>
        public static bool? Create(string file, string name)
        {
            if (OperatingSystem.IsWindows())
            {
                // Its File.Move is safe.
                return null;
            }

            return Link(file, name) == 0 ? true : Marshal.GetLastPInvokeError() == Exists ? false : null;
        }

        // link(2) of POSIX.
        [DllImport("libc", EntryPoint = "link", SetLastError = true)]
        private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
    }
}
