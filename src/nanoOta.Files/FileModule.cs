// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.IO;

namespace nanoOta
{
    /// <summary>
    /// Replaces a file, such as a root certificate or a configuration. The update becomes a second file beside it; the one before stays
    /// until the update is confirmed. The application asks <see cref="PathInUse"/> each time that it opens the file.
    /// </summary>
    public sealed class FileModule : PairModule
    {
        private readonly string _path;
        private readonly int _capacity;

        /// <summary>Makes the module.</summary>
        /// <param name="id">The component's id.</param>
        /// <param name="path">The file as the factory put it there, for example <c>I:\root.pem</c>. Beside it lie the second one, <c>I:\root.pem.1</c>, and the records.</param>
        /// <param name="capacity">How long it may become, in bytes.</param>
        /// <param name="factoryVersion">The version of the factory's file; null when it has none.</param>
        public FileModule(string id, string path, int capacity, string factoryVersion)
            : base(id, new FileRecordStore(path + ".r"), factoryVersion)
        {
            _path = path;
            _capacity = capacity;
        }

        /// <summary>The file that is in use: during a trial the new one.</summary>
        public string PathInUse => PathOf(InUse);

        /// <inheritdoc/>
        protected override int Capacity => _capacity;

        /// <inheritdoc/>
        protected override ResultCode Open(int place, int offset, int size)
        {
            // What lies behind is cut off. A file that has not come as far as the journal says is fetched anew.
            return FileRecordStore.Use(PathOf(place), FileMode.OpenOrCreate, offset, null, 0) ? ResultCode.None
                : offset > 0 ? ResultCode.ReadBackMismatch : ResultCode.FlashFailed;
        }

        /// <inheritdoc/>
        protected override ResultCode Put(int place, int offset, byte[] buffer, int count)
        {
            return FileRecordStore.Use(PathOf(place), FileMode.OpenOrCreate, offset, buffer, count) ? ResultCode.None : ResultCode.FlashFailed;
        }

        /// <inheritdoc/>
        protected override ResultCode Get(int place, int offset, byte[] buffer, int count)
        {
            return FileRecordStore.Use(PathOf(place), FileMode.Open, offset, buffer, count) ? ResultCode.None : ResultCode.FlashFailed;
        }

        private string PathOf(int place)
        {
            return place == 0 ? _path : _path + ".1";
        }
    }
}
