// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;

namespace nanoOta
{
    /// <summary>
    /// Reads files from a folder of a drive, and from the bundles in it. The drive may be pulled out at any time: that is a failure like that
    /// of a network, and the agent tries again. URLs of other places go to another source, if there is one.
    /// </summary>
    public sealed class FolderImageSource : IImageSource
    {
        /// <summary>
        /// What the folder's URLs begin with. Plain http, because nothing but a signature vouches for what lies on a drive; the application
        /// names the host <c>drive</c> if it sets <see cref="UpdateAgentOptions.AllowedHosts"/>.
        /// </summary>
        public const string BaseUrl = "http://drive/";

        private readonly string _folder;
        private readonly IImageSource _other;
        private readonly byte[] _header = new byte[BundleEntry.BlockLength];
        private FileStream _file;
        private IImageSource _open;
        private int _remaining;
        private int _length;
        private int _offset;

        /// <summary>Makes a source.</summary>
        /// <param name="folder">The folder, for example <c>D:\nanoota</c>.</param>
        /// <param name="other">Takes every URL that is not the folder's, for example mirrors of a manifest; null: they cannot be reached.</param>
        public FolderImageSource(string folder, IImageSource other)
        {
            _folder = folder.EndsWith("\\") ? folder : folder + "\\";
            _other = other;
        }

        /// <inheritdoc/>
        public int Length => _open != null ? _open.Length : _length;

        /// <inheritdoc/>
        public int Offset => _open != null ? _open.Offset : _offset;

        /// <inheritdoc/>
        public uint Tag => _open != null ? _open.Tag : 0;

        /// <inheritdoc/>
        public int RetryAfter => _open != null ? _open.RetryAfter : 0;

        /// <inheritdoc/>
        public ResultCode Open(string url, int offset, int count)
        {
            Close();
            _open = null;
            if (!url.StartsWith(BaseUrl))
            {
                _open = _other;
                return _other == null ? ResultCode.Unreachable : _other.Open(url, offset, count);
            }

            string path = url.Substring(BaseUrl.Length);
            int slash = path.IndexOf('/');
            string name = slash < 0 ? path : path.Substring(0, slash);
            ResultCode code = BundleEntry.IsPlainName(name) ? OpenFile(name, slash < 0 ? null : path.Substring(slash + 1)) : ResultCode.NotFound;
            if (code == ResultCode.None)
            {
                code = Skip(offset, count);
            }

            if (code != ResultCode.None)
            {
                Close();
            }

            return code;
        }

        /// <inheritdoc/>
        public ResultCode Read(byte[] buffer, int offset, int count, out int read)
        {
            if (_open != null)
            {
                return _open.Read(buffer, offset, count, out read);
            }

            read = 0;
            count = count < _remaining ? count : _remaining;
            if (count == 0)
            {
                return ResultCode.None;
            }

            try
            {
                read = _file.Read(buffer, offset, count);
            }
            catch (Exception)
            {
                // What the native half reports is no IOException on a device.
                read = 0;
            }

            _remaining -= read;
            return read == 0 ? ResultCode.ConnectionLost : ResultCode.None;
        }

        /// <inheritdoc/>
        public void Close()
        {
            if (_open != null)
            {
                _open.Close();
            }

            FileStream file = _file;
            _file = null;
            _remaining = 0;
            if (file != null)
            {
                try
                {
                    file.Dispose();
                }
                catch (Exception)
                {
                    // Its drive is gone.
                }
            }
        }

        /// <summary>The manifest's name in a bundle: it is among the first two files.</summary>
        /// <param name="bundle">The bundle's file name.</param>
        /// <param name="extension">The extension of the kind of manifest that is wanted.</param>
        /// <param name="name">Receives the name; null when there is none.</param>
        /// <returns>
        /// <see cref="ResultCode.None"/>, <see cref="ResultCode.BadResponse"/> when the file is no bundle, or a code for a drive that cannot
        /// be read.
        /// </returns>
        internal ResultCode FindManifest(string bundle, string extension, out string name)
        {
            name = null;
            ResultCode code = OpenRaw(bundle);
            for (int i = 0; i < 2 && code == ResultCode.None && name == null; i++)
            {
                code = MoveNext(out BundleEntry entry);
                if (code == ResultCode.None && entry.Name.EndsWith(extension))
                {
                    name = entry.Name;
                }
                else if (code == ResultCode.None)
                {
                    code = SkipContent(entry);
                }
            }

            Close();
            return code == ResultCode.NotFound ? ResultCode.None : code;
        }

        /// <summary>The names of the folder's files; null when there is no drive, or no such folder on it.</summary>
        internal string[] List()
        {
            try
            {
                string[] files = Directory.GetFiles(_folder);
                for (int i = 0; i < files.Length; i++)
                {
                    files[i] = files[i].Substring(files[i].LastIndexOf('\\') + 1);
                }

                return files;
            }
            catch (Exception)
            {
                return null;
            }
        }

        private ResultCode OpenFile(string name, string entryName)
        {
            ResultCode code = OpenRaw(name);
            if (entryName == null || code != ResultCode.None)
            {
                return code;
            }

            for (int i = 0; i < BundleEntry.MaxEntries; i++)
            {
                code = MoveNext(out BundleEntry entry);
                if (code != ResultCode.None)
                {
                    return code;
                }

                if (entry.Name == entryName)
                {
                    return SetLength(entry.Size);
                }

                code = SkipContent(entry);
                if (code != ResultCode.None)
                {
                    return code;
                }
            }

            return ResultCode.NotFound;
        }

        private ResultCode OpenRaw(string name)
        {
            try
            {
                if (!File.Exists(_folder + name))
                {
                    return List() == null ? ResultCode.Unreachable : ResultCode.NotFound;
                }

                _file = new FileStream(_folder + name, FileMode.Open, FileAccess.Read, FileShare.Read);
                long length = _file.Length;
                return length > int.MaxValue ? ResultCode.BadResponse : SetLength((int)length);
            }
            catch (Exception)
            {
                return ResultCode.Unreachable;
            }
        }

        private ResultCode SetLength(int length)
        {
            _length = length;
            _remaining = length;
            return ResultCode.None;
        }

        // NotFound: the bundle has no more files.
        private ResultCode MoveNext(out BundleEntry entry)
        {
            entry = null;
            try
            {
                int filled = 0;
                int read = 1;
                while (filled < _header.Length && read > 0)
                {
                    read = _file.Read(_header, filled, _header.Length - filled);
                    filled += read;
                }

                if (filled < _header.Length)
                {
                    return filled == 0 ? ResultCode.NotFound : ResultCode.BadResponse;
                }

                if (BundleEntry.IsEnd(_header))
                {
                    return ResultCode.NotFound;
                }

                entry = BundleEntry.Read(_header);

                // A file that is being copied, or was not copied to its end.
                return entry == null ? ResultCode.BadResponse
                    : entry.Size > _file.Length - _file.Position ? ResultCode.ConnectionLost : ResultCode.None;
            }
            catch (Exception)
            {
                return ResultCode.ConnectionLost;
            }
        }

        private ResultCode SkipContent(BundleEntry entry)
        {
            try
            {
                _file.Seek(entry.Padded, SeekOrigin.Current);
                return ResultCode.None;
            }
            catch (Exception)
            {
                return ResultCode.ConnectionLost;
            }
        }

        private ResultCode Skip(int offset, int count)
        {
            if (offset > _length)
            {
                return ResultCode.RangeMismatch;
            }

            try
            {
                _file.Seek(offset, SeekOrigin.Current);
            }
            catch (Exception)
            {
                return ResultCode.ConnectionLost;
            }

            _offset = offset;
            _remaining = _length - offset;
            _remaining = count > 0 && count < _remaining ? count : _remaining;
            return ResultCode.None;
        }
    }
}
