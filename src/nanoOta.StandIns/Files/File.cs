using System.Text;
using nanoOta.StandIns;

namespace System.IO
{
    /// <summary>The device's files as a whole. Failures carry their code in HResult and no message.</summary>
    public static class File
    {
        private const int ChunkSize = 2048;

        /// <summary>Appends UTF-8 text.</summary>
        public static void AppendAllText(string path, string contents)
        {
            using FileStream stream = new(path, FileMode.Append, FileAccess.Write);
            byte[] bytes = Encoding.UTF8.GetBytes(contents);
            stream.Write(bytes, 0, bytes.Length);
        }

        /// <summary>Copies to a new file.</summary>
        public static void Copy(string sourceFileName, string destFileName) => Copy(sourceFileName, destFileName, false);

        /// <summary>Copies a file.</summary>
        public static void Copy(string sourceFileName, string destFileName, bool overwrite)
        {
            Copy(sourceFileName, destFileName, overwrite, deleteOriginal: false);
        }

        /// <summary>Creates or empties a file, for one user alone.</summary>
        public static FileStream Create(string path) => Create(path, 0);

        /// <inheritdoc cref="Create(string)"/>
        public static FileStream Create(string path, int bufferSize)
        {
            return new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize);
        }

        /// <summary>Removes a file; none there is no error, no directory is.</summary>
        public static void Delete(string path)
        {
            path = Path.GetFullPath(path);
            OpenFileTable table = VirtualFileSystem.Current.OpenFiles;
            OpenFileTable.Entry entry = table.AddAlone(path);
            try
            {
                string directory = Path.GetDirectoryName(path) ?? throw new ArgumentNullException(nameof(path));
                if (StorageDriver.Attributes(directory) is null)
                {
                    throw FileError.Managed(FileError.DirectoryNotFound);
                }

                switch (StorageDriver.Attributes(path))
                {
                    case null:
                        return;
                    case FileAttributes.Directory:
                        throw FileError.Managed(FileError.UnauthorizedAccess);
                    default:
                        StorageDriver.Delete(path, recursive: false);
                        return;
                }
            }
            finally
            {
                table.Remove(entry);
            }
        }

        /// <summary>Whether there is a file of that name; false for whatever is wrong with the name.</summary>
        public static bool Exists(string path)
        {
            try
            {
                path = Path.GetFullPath(path);
                return Path.GetPathRoot(path) != path && StorageDriver.Attributes(path) is 0;
            }
            catch (Exception e) when (e is not PowerCutException)
            {
                // As on the device, and as .NET's own does.
                return false;
            }
        }

        /// <summary>Normal for every file: nothing else is stored.</summary>
        public static FileAttributes GetAttributes(string path)
        {
            FileAttributes attributes = StorageDriver.Attributes(Path.GetFullPath(path))
                ?? throw FileError.Managed(FileError.FileNotFound);
            return attributes == 0 ? FileAttributes.Normal : attributes;
        }

        /// <summary>
        /// Renames a file; an existing target is refused. When the driver refuses (another drive, no such directory) the
        /// file is copied and removed, and it is removed also when the copy broke off: the drive that is full then costs
        /// the source.
        /// </summary>
        public static void Move(string sourceFileName, string destFileName)
        {
            sourceFileName = Path.GetFullPath(sourceFileName);
            destFileName = Path.GetFullPath(destFileName);
            OpenFileTable table = VirtualFileSystem.Current.OpenFiles;
            OpenFileTable.Entry entry = table.AddAlone(sourceFileName);
            bool isMoved;
            try
            {
                if (!Exists(sourceFileName))
                {
                    throw FileError.Managed(FileError.FileNotFound);
                }

                if (Exists(destFileName))
                {
                    throw FileError.Managed(FileError.PathAlreadyExists);
                }

                isMoved = StorageDriver.Move(sourceFileName, destFileName);
            }
            finally
            {
                table.Remove(entry);
            }

            if (!isMoved)
            {
                Copy(sourceFileName, destFileName, overwrite: false, deleteOriginal: true);
            }
        }

        /// <summary>Opens a file for one user alone.</summary>
        public static FileStream Open(string path, FileMode mode)
        {
            return Open(path, mode, mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite);
        }

        /// <summary>Opens a file for one user alone.</summary>
        public static FileStream Open(string path, FileMode mode, FileAccess access) => Open(path, mode, access, FileShare.None);

        /// <summary>Opens a file.</summary>
        public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
        {
            return new FileStream(path, mode, access, share);
        }

        /// <summary>Opens for reading, and for one user alone: the device passes a buffer size of 0 where the share goes.</summary>
        public static FileStream OpenRead(string path) => Open(path, FileMode.Open, FileAccess.Read);

        /// <summary>Opens or creates for writing, for one user alone; what was longer before keeps its tail.</summary>
        public static FileStream OpenWrite(string path) => Open(path, FileMode.OpenOrCreate, FileAccess.Write);

        /// <summary>Reads a whole file.</summary>
        public static byte[] ReadAllBytes(string path)
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read);
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes, 0, bytes.Length);
            return bytes;
        }

        /// <summary>Reads a whole file as UTF-8, for one user alone.</summary>
        public static string ReadAllText(string path)
        {
            using FileStream stream = OpenRead(path);
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes, 0, bytes.Length);
            return Encoding.UTF8.GetString(bytes);
        }

        /// <summary>Stores nothing on littlefs; the file must be there.</summary>
        public static void SetAttributes(string path, FileAttributes fileAttributes)
        {
            if (!Exists(path))
            {
                throw FileError.Managed(FileError.FileNotFound);
            }

            StorageDriver.SetAttributes(path);
        }

        /// <summary>Creates or replaces a file.</summary>
        public static void WriteAllBytes(string path, byte[] bytes)
        {
            ArgumentNullException.ThrowIfNull(bytes);
            using FileStream stream = new(path, FileMode.Create, FileAccess.Write);
            stream.Write(bytes, 0, bytes.Length);
        }

        /// <summary>Creates or replaces a file with UTF-8 text; null is empty.</summary>
        public static void WriteAllText(string path, string? contents)
        {
            WriteAllBytes(path, Encoding.UTF8.GetBytes(contents ?? ""));
        }

        private static void Copy(string from, string to, bool overwrite, bool deleteOriginal)
        {
            from = Path.GetFullPath(from);
            to = Path.GetFullPath(to);
            FileStream reader = new(from, FileMode.Open, FileAccess.Read);
            try
            {
                FileMode mode = overwrite ? FileMode.Create : FileMode.CreateNew;
                using FileStream writer = new(to, mode, FileAccess.Write, FileShare.None);
                writer.SetLength(reader.Length);
                byte[] buffer = new byte[ChunkSize];
                for (int read; (read = reader.Read(buffer, 0, ChunkSize)) > 0;)
                {
                    writer.Write(buffer, 0, read);
                }
            }
            finally
            {
                // As on the device: when the target could not even be created this throws in turn, and leaves the reader
                // open; when the copy broke off, the source goes all the same.
                StorageDriver.SetAttributes(to);
                if (deleteOriginal)
                {
                    reader.DisposeAndDelete();
                }
                else
                {
                    reader.Dispose();
                }
            }
        }
    }
}
