using nanoOta.StandIns;

namespace System.IO
{
    /// <summary>The device's directories.</summary>
    public static class Directory
    {
        /// <summary>Creates a directory and those above it; one that is there is no error.</summary>
        public static DirectoryInfo CreateDirectory(string path)
        {
            path = Path.GetFullPath(path);
            StorageDriver.CreateDirectory(path);
            return new DirectoryInfo(path);
        }

        /// <summary>Removes an empty directory.</summary>
        public static void Delete(string path) => Delete(path, false);

        /// <summary>Removes a directory. Refused while anything in it is open.</summary>
        public static void Delete(string path, bool recursive)
        {
            path = Path.GetFullPath(path);
            OpenFileTable table = VirtualFileSystem.Current.OpenFiles;
            string locked = table.LockDirectory(path);
            try
            {
                switch (StorageDriver.Attributes(path))
                {
                    case null:
                        throw FileError.Managed(FileError.DirectoryNotFound);
                    case FileAttributes.Directory:
                        StorageDriver.Delete(path, recursive);
                        return;
                    default:
                        throw FileError.Managed(FileError.UnauthorizedAccess);
                }
            }
            finally
            {
                table.UnlockDirectory(locked);
            }
        }

        /// <summary>Whether there is a directory of that name. A drive that is not there is an exception, not false.</summary>
        public static bool Exists(string path)
        {
            path = Path.GetFullPath(path);
            return path == "\\" || StorageDriver.IsDirectory(path);
        }

        /// <summary>Always the root above the drives: nothing here changes it.</summary>
        public static string GetCurrentDirectory() => "\\";

        /// <summary>The full names of the directories in a directory; none at all when the path has no slash at its end.</summary>
        public static string[] GetDirectories(string path) => Children(path, directories: true);

        /// <summary>The full names of the files in a directory, without <c>*.sys</c>.</summary>
        public static string[] GetFiles(string path)
        {
            return Children(path.EndsWith('\\') || path.EndsWith('/') ? path : path + '\\', directories: false);
        }

        private static string[] Children(string path, bool directories)
        {
            path = Path.GetFullPath(path);
            return Exists(path)
                ? StorageDriver.Children(path, directories)
                : throw FileError.Managed(FileError.DirectoryNotFound);
        }
    }
}
