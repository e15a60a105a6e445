namespace nanoOta.StandIns
{
    /// <summary>
    /// A file as the native half has it open: its own view of the content, copied at the first change and made durable
    /// by closing only. There is no sync on ESP32: Flush empties the C library's buffer.
    /// </summary>
    internal sealed class OpenFile
    {
        private readonly VirtualFileSystem _fileSystem;
        private readonly VirtualVolume _volume;
        private readonly string _key;
        private readonly int _life;
        private readonly int _insertions;
        private byte[] _content;
        private int _length;
        private long _position;
        private int? _firstChange;

        internal OpenFile(VirtualFileSystem fileSystem, VirtualVolume volume, string key)
        {
            _fileSystem = fileSystem;
            _volume = volume;
            _key = key;
            _life = fileSystem.Life;
            _insertions = volume.Insertions;
            _content = volume.Content(key) ?? [];
            _length = _content.Length;
            volume.Opened(this);
        }

        /// <summary>Bytes from the first changed one on: what littlefs has to store anew beside the old content.</summary>
        internal int PendingBytes => _firstChange is int first ? _length - first : 0;

        internal int Read(byte[] buffer, int offset, int count)
        {
            EnsureAlive();
            CheckRange(buffer, offset, count);
            int taken = (int)Math.Clamp(_length - _position, 0, count);
            _content.AsSpan(0, _length).Slice((int)Math.Min(_position, _length), taken).CopyTo(buffer.AsSpan(offset));
            _position += taken;
            return taken;
        }

        internal void Write(byte[] buffer, int offset, int count)
        {
            EnsureAlive();
            CheckRange(buffer, offset, count);
            if (count == 0)
            {
                return;
            }

            Change(Math.Min(_position, _length), Math.Max(_length, _position + count));
            buffer.AsSpan(offset, count).CopyTo(_content.AsSpan((int)_position));
            _position += count;
        }

        internal long Seek(long offset, SeekOrigin origin)
        {
            EnsureAlive();
            long start = origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => _position,
                SeekOrigin.End => _length,
                _ => throw new ArgumentException(string.Empty),
            };
            long position = unchecked(start + offset);
            if (position is < 0 or > int.MaxValue)
            {
                throw FileError.Native(FileError.Others);
            }

            return _position = position;
        }

        internal long Length
        {
            get
            {
                EnsureAlive();
                return _length;
            }
        }

        internal void SetLength(long length)
        {
            EnsureAlive();
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            if (length != _length)
            {
                Change(Math.Min(length, _length), length);
            }
        }

        internal void Flush() => EnsureAlive();

        internal void Close()
        {
            EnsureAlive();
            _volume.Closed(this);
            if (_firstChange is not null)
            {
                _fileSystem.Perform(
                    FileOperationKind.CommitFile, _volume, _key, () => _volume.Put(_key, _content[.._length]));
            }
        }

        private void EnsureAlive()
        {
            _fileSystem.EnsureLife(_life);
            _fileSystem.EnsurePresent(_volume, _insertions);
        }

        // Null and range are judged in the native half, with these exceptions.
        private static void CheckRange(byte[] buffer, int offset, int count)
        {
            ArgumentNullException.ThrowIfNull(buffer);
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            if (buffer.Length - offset < count)
            {
                throw new ArgumentException(string.Empty);
            }
        }

        private void Change(long first, long length)
        {
            int firstChange = (int)Math.Min(first, _firstChange ?? int.MaxValue);
            if (length > int.MaxValue || !_volume.HasRoom(this, length - firstChange))
            {
                throw FileError.Native(FileError.Others);
            }

            // The array may be the volume's own, and what lies behind the length must read as zero when the file grows.
            bool isOwn = _firstChange is not null;
            if (!isOwn || length > _content.Length)
            {
                int room = isOwn ? (int)Math.Min(Math.Max(length, 2L * _content.Length), Array.MaxLength) : (int)length;
                byte[] copy = new byte[room];
                _content.AsSpan(0, (int)Math.Min(_length, length)).CopyTo(copy);
                _content = copy;
            }
            else if (length < _length)
            {
                _content.AsSpan((int)length, _length - (int)length).Clear();
            }

            _firstChange = firstChange;
            _length = (int)length;
        }
    }
}
