namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>Files that devices fetch without a network in between.</summary>
    public sealed class MemoryServer
    {
        private readonly Dictionary<string, byte[]> _files = [];

        /// <summary>Puts a file where devices find it.</summary>
        public void Put(string url, byte[] content)
        {
            _files[url] = content;
        }

        /// <summary>A file that was put there; null: none was.</summary>
        public byte[]? Get(string url)
        {
            return _files.GetValueOrDefault(url);
        }

        /// <summary>Takes a file away.</summary>
        public void Remove(string url)
        {
            _files.Remove(url);
        }

        /// <summary>Bytes that devices read.</summary>
        public long BytesRead { get; private set; }

        /// <summary>Those of them that were of images and patches: of files called *.bin and *.lz4.</summary>
        public long ImageBytesRead { get; private set; }

        /// <summary>Answers a request, by URL and offset, in the server's place: other than <see cref="ResultCode.None"/>, it fails so.</summary>
        public Func<string, int, ResultCode>? OnOpen { get; set; }

        /// <summary>Called with each request that is answered: URL, offset, and how many bytes are wanted at the most, 0 for all.</summary>
        public Action<string, int, int>? OnRange { get; set; }

        /// <summary>The most bytes that one read brings.</summary>
        public int MaxRead { get; set; } = int.MaxValue;

        /// <summary>Whether ranges are answered as such; otherwise, each answer is the whole file.</summary>
        public bool HasRanges { get; set; } = true;

        /// <summary>Answers a read, by its position in the file, in the server's place.</summary>
        public Func<int, ResultCode>? OnRead { get; set; }

        /// <summary>A device's connection to this server.</summary>
        public IImageSource Connect()
        {
            return new Connection(this);
        }

        private sealed class Connection(MemoryServer server) : IImageSource
        {
            private byte[]? _file;
            private int _at;
            private int _end;
            private bool _isImage;

            public int Length { get; private set; }

            public int Offset { get; private set; }

            public uint Tag { get; private set; }

            public int RetryAfter => 0;

            public ResultCode Open(string url, int offset, int count)
            {
                if (server.OnOpen?.Invoke(url, offset) is { } fault and not ResultCode.None)
                {
                    return fault;
                }

                if (!server._files.TryGetValue(url.Split('?')[0], out _file))
                {
                    return ResultCode.NotFound;
                }

                if (!server.HasRanges)
                {
                    (offset, count) = (0, 0);
                }

                server.OnRange?.Invoke(url, offset, count);
                _isImage = Path.GetExtension(url.Split('?')[0]) is ".bin" or ".enc" or ".lz4";
                Offset = _at = offset;
                Length = _file.Length;
                _end = count > 0 && count < Length - offset ? offset + count : Length;
                Tag = Images.Crc32.Ieee(_file);
                return offset < _file.Length ? ResultCode.None : ResultCode.RangeMismatch;
            }

            public ResultCode Read(byte[] buffer, int offset, int count, out int read)
            {
                read = 0;
                if (server.OnRead?.Invoke(_at) is { } fault and not ResultCode.None)
                {
                    return fault;
                }

                read = Math.Min(Math.Min(count, server.MaxRead), _end - _at);
                _file!.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset, count));
                _at += read;
                server.BytesRead += read;
                server.ImageBytesRead += _isImage ? read : 0;
                return ResultCode.None;
            }

            public void Close()
            {
                _file = null;
            }
        }
    }
}
