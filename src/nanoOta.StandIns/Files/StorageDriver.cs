namespace nanoOta.StandIns
{
    /// <summary>What the native half of the device's file system does with full paths, on the current file system.</summary>
    internal static class StorageDriver
    {
        /// <summary>Null when there is nothing of that name; 0 for a file, for no attribute is ever stored.</summary>
        internal static FileAttributes? Attributes(string path)
        {
            VirtualVolume volume = VirtualFileSystem.Current.Resolve(path, out string key);
            return !volume.Exists(key) ? null : volume.IsDirectory(key) ? FileAttributes.Directory : 0;
        }

        internal static bool IsDirectory(string path) => Attributes(path) == FileAttributes.Directory;

        internal static int Size(string path)
        {
            return VirtualFileSystem.Current.Resolve(path, out string key).Content(key)?.Length ?? 0;
        }

        /// <summary>Setting attributes checks that the name exists, and stores nothing.</summary>
        internal static void SetAttributes(string path)
        {
            if (Attributes(path) is null)
            {
                throw FileError.Native(FileError.Others);
            }
        }

        /// <summary>Opens for reading and writing, and creates what is missing.</summary>
        internal static OpenFile Open(string path)
        {
            VirtualFileSystem fileSystem = VirtualFileSystem.Current;
            VirtualVolume volume = fileSystem.Resolve(path, out string key);
            if (volume.IsDirectory(key) || !volume.ParentExists(key))
            {
                throw FileError.Native(FileError.Others);
            }

            if (!volume.Exists(key))
            {
                fileSystem.Perform(FileOperationKind.CreateFile, volume, key, () => volume.Put(key, []));
            }

            return new OpenFile(fileSystem, volume, key);
        }

        internal static void Delete(string path, bool recursive)
        {
            VirtualVolume volume = VirtualFileSystem.Current.Resolve(path, out string key);
            if (!volume.Exists(key))
            {
                throw FileError.Native(FileError.FileNotFound);
            }

            if (!recursive && volume.IsDirectory(key) && volume.Children(key).Count > 0)
            {
                throw FileError.Native(FileError.DirectoryNotEmpty);
            }

            DeleteTree(volume, key);
        }

        /// <summary>
        /// False for two drives, and for every refusal as well: the interop code turns the driver's error into a bool and
        /// takes it for "cannot move, copy instead".
        /// </summary>
        internal static bool Move(string from, string to)
        {
            VirtualFileSystem fileSystem = VirtualFileSystem.Current;
            VirtualVolume volume = fileSystem.Resolve(from, out string fromKey);
            if (fileSystem.Resolve(to, out string toKey) != volume || !volume.CanRename(fromKey, toKey))
            {
                return false;
            }

            fileSystem.Perform(FileOperationKind.Rename, volume, fromKey, () => volume.Rename(fromKey, toKey));
            return true;
        }

        /// <summary>Creates a directory and those above it. A file of that name passes for one.</summary>
        internal static void CreateDirectory(string path)
        {
            VirtualFileSystem fileSystem = VirtualFileSystem.Current;
            VirtualVolume volume = fileSystem.Resolve(path, out string key);
            string[] names = key.Split('/', StringSplitOptions.RemoveEmptyEntries);
            for (int depth = 1; depth <= names.Length; depth++)
            {
                string directory = string.Join('/', names[..depth]);
                if (volume.Exists(directory))
                {
                    continue;
                }

                if (!volume.ParentExists(directory))
                {
                    throw FileError.Native(FileError.Others);
                }

                fileSystem.Perform(FileOperationKind.CreateDirectory, volume, directory, () => volume.Put(directory, null));
            }
        }

        /// <summary>The full names of the files, or of the directories, in a directory.</summary>
        /// <param name="path">
        /// With a slash at its end: the driver glues path and name together, so that without one it finds no attributes,
        /// and reports no directory at all.
        /// </param>
        /// <param name="directories">Directories instead of files; of the files, <c>*.sys</c> are left out.</param>
        internal static string[] Children(string path, bool directories)
        {
            VirtualVolume volume = VirtualFileSystem.Current.Resolve(path, out string key);
            string prefix = key.Length == 0 ? "" : key + '/';
            IEnumerable<string> names = volume.Children(key).Where(name => volume.IsDirectory(prefix + name) == directories);
            if (directories)
            {
                return path.EndsWith('\\') ? [.. names.Select(name => path + name)] : [];
            }

            return [.. names.Where(name => !name.EndsWith(".sys", StringComparison.Ordinal)).Select(name => path + name)];
        }

        private static void DeleteTree(VirtualVolume volume, string key)
        {
            bool isDirectory = volume.IsDirectory(key);
            if (isDirectory)
            {
                volume.Children(key).ForEach(name => DeleteTree(volume, key.Length == 0 ? name : key + '/' + name));
            }

            // The root itself stays.
            if (key.Length > 0)
            {
                FileOperationKind kind = isDirectory ? FileOperationKind.DeleteDirectory : FileOperationKind.DeleteFile;
                VirtualFileSystem.Current.Perform(kind, volume, key, () => volume.Remove(key));
            }
        }
    }
}
