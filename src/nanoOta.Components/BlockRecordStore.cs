// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>The copies of a durable record on a block device, one in each sector.</summary>
    public sealed class BlockRecordStore : IRecordStore
    {
        private readonly IBlockDevice _device;
        private readonly int _offset;
        private readonly int _count;

        /// <summary>Takes its sectors.</summary>
        /// <param name="device">The device.</param>
        /// <param name="offset">Where the first sector begins, in bytes.</param>
        /// <param name="count">How many sectors, at least 2: one wears out after some 100,000 records.</param>
        public BlockRecordStore(IBlockDevice device, int offset, int count)
        {
            _device = device;
            _offset = offset;
            _count = count;
        }

        /// <inheritdoc/>
        public int Count => _count;

        /// <inheritdoc/>
        public bool Read(int index, byte[] record)
        {
            return _device.Read(At(index), record, 0, record.Length) == ResultCode.None;
        }

        /// <inheritdoc/>
        public bool Write(int index, byte[] record)
        {
            return _device.Erase(At(index), _device.EraseLength) == ResultCode.None
                && _device.Program(At(index), record, 0, record.Length) == ResultCode.None;
        }

        private int At(int index)
        {
            return _offset + index * _device.EraseLength;
        }
    }
}
