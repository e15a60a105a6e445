// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta.DeviceTests
{
    /// <summary>A server with a manifest and an image. It counts what is fetched of the image.</summary>
    internal sealed class MemorySource : IImageSource
    {
        internal int Fetched;
        private readonly string _manifestUrl;
        private readonly byte[] _manifest;
        private readonly string _imageUrl;
        private readonly byte[] _image;
        private byte[] _open;
        private int _at;

        internal MemorySource(string manifestUrl, string manifest, string imageUrl, byte[] image)
        {
            _manifestUrl = manifestUrl;
            _manifest = Encoding.UTF8.GetBytes(manifest);
            _imageUrl = imageUrl;
            _image = image;
        }

        public int Length => _open.Length;

        public int Offset { get; private set; }

        public uint Tag => 7;

        public int RetryAfter => 0;

        public ResultCode Open(string url, int offset, int count)
        {
            _open = url == _manifestUrl ? _manifest : url == _imageUrl ? _image : null;
            _at = offset;
            Offset = offset;
            return _open == null ? ResultCode.NotFound : ResultCode.None;
        }

        public ResultCode Read(byte[] buffer, int offset, int count, out int read)
        {
            // In uneven pieces, as a network gives them.
            read = count < 1000 ? count : 1000;
            read = read < _open.Length - _at ? read : _open.Length - _at;
            Array.Copy(_open, _at, buffer, offset, read);
            _at += read;
            Fetched += _open == _image ? read : 0;
            return ResultCode.None;
        }

        public void Close()
        {
            _open = null;
        }
    }
}
