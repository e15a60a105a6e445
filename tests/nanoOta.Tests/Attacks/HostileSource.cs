using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Attacks
{
    /// <summary>A server that answers for images as an attacker likes. The rest of its files come as they are.</summary>
    internal sealed class HostileSource(MemoryServer server) : IImageSource
    {
        private readonly IImageSource _inner = server.Connect();
        private bool _isImage;
        private bool _isTarget;
        private int _at;

        /// <summary>Whether images, or all files, are answered so.</summary>
        public bool AttacksAll { get; init; }

        /// <summary>Whether the length is left out of the answer, so that a body may have any.</summary>
        public bool HidesLength { get; init; }

        /// <summary>Whether the answer has no validator, so that nothing shows that a file has changed.</summary>
        public bool HidesTag { get; init; }

        /// <summary>The length that is announced in place of the file's; 0: the file's.</summary>
        public int AnnouncedLength { get; init; }

        /// <summary>Where the body ends; 0: where the file does; -1: never.</summary>
        public int BodyLength { get; init; }

        /// <summary>The most bytes that come at once; 0: as many as wanted.</summary>
        public int Drip { get; init; }

        /// <summary>Is called before each read of the attack.</summary>
        public Action? OnRead { get; init; }

        /// <summary>How often what is attacked was asked for.</summary>
        public int Opened { get; private set; }

        /// <summary>Bytes that the device read.</summary>
        public long BytesRead { get; private set; }

        public int Length => !_isTarget ? _inner.Length : HidesLength ? -1 : AnnouncedLength > 0 ? AnnouncedLength : _inner.Length;

        public int Offset => _inner.Offset;

        public uint Tag => HidesTag ? 0 : _inner.Tag;

        public int RetryAfter => 0;

        public ResultCode Open(string url, int offset, int count)
        {
            _isImage = url.Contains(".bin");
            _isTarget = _isImage || AttacksAll;
            Opened += _isTarget ? 1 : 0;
            _at = offset;
            return _inner.Open(url, offset, count);
        }

        public ResultCode Read(byte[] buffer, int offset, int count, out int read)
        {
            if (!_isTarget)
            {
                ResultCode code = _inner.Read(buffer, offset, count, out read);
                BytesRead += read;
                return code;
            }

            OnRead?.Invoke();
            count = Drip > 0 ? Math.Min(Drip, count) : count;
            count = BodyLength > 0 ? Math.Min(count, BodyLength - _at) : count;
            _inner.Read(buffer, offset, count, out read);
            if (read < count && BodyLength != 0)
            {
                buffer.AsSpan(offset + read, count - read).Fill((byte)' ');
                read = count;
            }

            _at += read;
            BytesRead += read;
            return read == 0 && !HidesLength ? ResultCode.ConnectionLost : ResultCode.None;
        }

        public void Close()
        {
            _inner.Close();
        }
    }
}
