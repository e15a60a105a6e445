// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;

namespace nanoOta.DeviceTests
{
    /// <summary>A server with manifests and images. It counts what is fetched of images.</summary>
    internal sealed class MemorySource : IImageSource
    {
        internal int Fetched;
        private readonly string[] _urls = new string[4];
        private readonly byte[][] _files = new byte[4][];
        private int _count;
        private byte[] _open;
        private bool _isImage;
        private int _at;

        public int Length => _open.Length;

        public int Offset { get; private set; }

        public uint Tag => 7;

        public int RetryAfter => 0;

        public ResultCode Open(string url, int offset, int count)
        {
            int file = Array.IndexOf(_urls, url);
            _open = file < 0 ? null : _files[file];
            _isImage = file % 2 == 1;
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
            Fetched += _isImage ? read : 0;
            return ResultCode.None;
        }

        public void Close()
        {
            _open = null;
        }

        /// <summary>Adds a manifest and its image.</summary>
        internal void Add(string manifestUrl, string manifest, string imageUrl, byte[] image)
        {
            _urls[_count] = manifestUrl;
            _files[_count++] = Encoding.UTF8.GetBytes(manifest);
            _urls[_count] = imageUrl;
            _files[_count++] = image;
        }
    }
}
