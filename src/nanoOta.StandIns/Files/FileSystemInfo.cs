namespace System.IO
{
    /// <summary>A file or a directory by its name.</summary>
    public abstract class FileSystemInfo : MarshalByRefObject
    {
        private protected FileSystemInfo(string path)
        {
            FullName = Path.GetFullPath(path);
        }

        /// <summary>The full path.</summary>
        public virtual string FullName { get; }

        /// <summary>The extension with its dot.</summary>
        public string Extension => Path.GetExtension(FullName)!;

        /// <summary>Whether it is there now.</summary>
        public abstract bool Exists { get; }

        /// <summary>The last name of the path.</summary>
        public abstract string Name { get; }

        /// <summary>Removes it.</summary>
        public abstract void Delete();
    }
}
