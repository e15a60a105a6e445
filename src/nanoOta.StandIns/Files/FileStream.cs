using nanoOta.StandIns;

namespace System.IO
{
    /// <summary>
    /// A file of the device. What is written is durable after <see cref="Close"/> or Dispose, and not after Flush. Nothing
    /// is finalised here: a stream that is never closed keeps its file open until the power is cut.
    /// </summary>
    public class FileStream : Stream
    {
        private readonly OpenFileTable _table;
        private readonly OpenFileTable.Entry _entry;
        private readonly OpenFile _file;
        private readonly long _seekLimit;
        private bool _canRead;
        private bool _canWrite;
        private bool _disposed;

        /// <summary>Opens a file for reading and writing (Append: for writing); others may read.</summary>
        public FileStream(string path, FileMode mode)
            : this(path, mode, mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite)
        {
        }

        /// <summary>Opens a file; others may read.</summary>
        public FileStream(string path, FileMode mode, FileAccess access)
            : this(path, mode, access, FileShare.Read)
        {
        }

        /// <summary>Opens a file.</summary>
        public FileStream(string path, FileMode mode, FileAccess access, FileShare share)
            : this(path, mode, access, share, 0)
        {
        }

        /// <summary>Opens a file. There is no buffer here, whatever its size.</summary>
        /// <exception cref="IOException">Missing, there already, a directory, or in use; the code is in HResult.</exception>
        /// <exception cref="Exception">No such drive or directory, or too long a path; the code is in HResult.</exception>
        public FileStream(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize)
        {
            Name = Path.GetFullPath(path);
            if (mode is < FileMode.CreateNew or > FileMode.Append
                || access is < FileAccess.Read or > FileAccess.ReadWrite
                || share is < FileShare.None or > FileShare.ReadWrite)
            {
                throw new ArgumentOutOfRangeException();
            }

            _canRead = access.HasFlag(FileAccess.Read);
            _canWrite = access.HasFlag(FileAccess.Write);
            if (!_canWrite && mode is not (FileMode.Open or FileMode.OpenOrCreate))
            {
                throw new ArgumentException(string.Empty);
            }

            _table = VirtualFileSystem.Current.OpenFiles;
            _entry = _table.Add(Name, access, share);
            try
            {
                CheckExistence(mode);
                if (bufferSize < 0 || (mode == FileMode.Append && _canRead))
                {
                    throw new ArgumentException(string.Empty);
                }

                _file = StorageDriver.Open(Name);
                if (mode is FileMode.Create or FileMode.Truncate)
                {
                    _file.SetLength(0);
                }
                else if (mode == FileMode.Append)
                {
                    _seekLimit = _file.Seek(0, SeekOrigin.End);
                }
            }
            catch
            {
                _table.Remove(_entry);
                throw;
            }
        }

        /// <summary>The full path.</summary>
        public string Name { get; }

        /// <inheritdoc/>
        public override bool CanRead => _canRead && !_disposed;

        /// <inheritdoc/>
        public override bool CanWrite => _canWrite && !_disposed;

        /// <inheritdoc/>
        public override bool CanSeek => !_disposed;

        /// <inheritdoc/>
        public override long Length => Alive.Length;

        /// <inheritdoc/>
        public override long Position
        {
            get => Alive.Seek(0, SeekOrigin.Current);
            set
            {
                OpenFile file = Alive;
                if (value < _seekLimit)
                {
                    throw new IOException();
                }

                file.Seek(value, SeekOrigin.Begin);
            }
        }

        private OpenFile Alive => _disposed ? throw new ObjectDisposedException(Name) : _file;

        /// <summary>Makes the content durable.</summary>
        public override void Close() => Dispose(true);

        /// <summary>Makes nothing durable on ESP32.</summary>
        public override void Flush() => Alive.Flush();

        /// <inheritdoc/>
        public override int Read(byte[] buffer, int offset, int count)
        {
            OpenFile file = Alive;
            return _canRead ? file.Read(buffer, offset, count) : throw new NotSupportedException();
        }

        /// <inheritdoc/>
        public override int ReadByte()
        {
            byte[] one = new byte[1];
            return Read(one, 0, 1) == 1 ? one[0] : -1;
        }

        /// <summary>Moves; behind the end is allowed, and a later write fills the gap with zeros.</summary>
        /// <exception cref="IOException">Before the old end of a file that is open for appending.</exception>
        public override long Seek(long offset, SeekOrigin origin)
        {
            OpenFile file = Alive;
            long old = file.Seek(0, SeekOrigin.Current);
            long position = file.Seek(offset, origin);
            if (position < _seekLimit)
            {
                file.Seek(old, SeekOrigin.Begin);
                throw new IOException();
            }

            return position;
        }

        /// <inheritdoc/>
        public override void SetLength(long value)
        {
            OpenFile file = Alive;
            if (!_canWrite)
            {
                throw new NotSupportedException();
            }

            file.SetLength(value);
        }

        /// <inheritdoc/>
        /// <exception cref="Exception">The drive is full: HResult 0xE0000000, not an IOException.</exception>
        public override void Write(byte[] buffer, int offset, int count)
        {
            OpenFile file = Alive;
            if (!_canWrite)
            {
                throw new NotSupportedException();
            }

            file.Write(buffer, offset, count);
        }

        /// <inheritdoc/>
        public override void WriteByte(byte value) => Write([value], 0, 1);

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (_disposed)
            {
                return;
            }

            try
            {
                _file.Close();
                base.Dispose(disposing);
            }
            finally
            {
                _table.Remove(_entry);
                _disposed = true;
            }
        }

        /// <summary>For a move by copying, which removes the source before it gives up its place in the table.</summary>
        internal void DisposeAndDelete()
        {
            _file.Close();
            StorageDriver.Delete(Name, recursive: false);
            _table.Remove(_entry);
            _disposed = true;
        }

        private void CheckExistence(FileMode mode)
        {
            FileAttributes? attributes = StorageDriver.Attributes(Name);
            if (attributes == FileAttributes.Directory)
            {
                throw FileError.Managed(FileError.UnauthorizedAccess);
            }

            if (attributes is null && mode is (FileMode.Open or FileMode.Truncate))
            {
                throw FileError.Managed(FileError.FileNotFound);
            }

            if (attributes is not null && mode == FileMode.CreateNew)
            {
                throw FileError.Managed(FileError.PathAlreadyExists);
            }
        }
    }
}
