// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// An image on a block device, for whoever reads it there: sectors for the record, then two places. Nothing is programmed anywhere
    /// else: readers go by <see cref="OffsetInUse"/>.
    /// </summary>
    public class BlockModule : PairModule
    {
        /// <summary>Sectors that the record takes.</summary>
        public const int RecordSectors = 4;

        // Erasing so much at once takes a third of the time of sector by sector.
        private const int BigErase = 65536;

        private readonly int _offset;
        private readonly int _placeLength;
        private int _size;
        private int _erased;

        /// <summary>Makes the module.</summary>
        /// <param name="id">The component's id.</param>
        /// <param name="device">The block device.</param>
        /// <param name="offset">Where it may begin, a multiple of the sector's length.</param>
        /// <param name="placeLength">The length of a place, a multiple of the sector's length. All takes two of them and <see cref="RecordSectors"/>.</param>
        /// <param name="factoryVersion">The version of what the factory wrote; null when it is not known.</param>
        public BlockModule(string id, IBlockDevice device, int offset, int placeLength, string factoryVersion)
            : base(id, new BlockRecordStore(device, offset, RecordSectors), factoryVersion)
        {
            Device = device;
            _offset = offset + RecordSectors * device.EraseLength;
            _placeLength = placeLength;
        }

        /// <summary>Where the image in use begins, in bytes.</summary>
        public int OffsetInUse => OffsetOf(InUse);

        /// <summary>The block device.</summary>
        protected readonly IBlockDevice Device;

        /// <inheritdoc/>
        protected override int Capacity => _placeLength;

        /// <summary>Where a place begins, in bytes.</summary>
        /// <param name="place">0 or 1.</param>
        public int OffsetOf(int place)
        {
            return _offset + place * _placeLength;
        }

        /// <inheritdoc/>
        protected override ResultCode Open(int place, int offset, int size)
        {
            _size = size;
            _erased = offset;
            // A sector that holds what is gone on with cannot be erased for what follows: then the image is fetched anew.
            return offset % Device.EraseLength == 0 ? ResultCode.None : ResultCode.ReadBackMismatch;
        }

        /// <inheritdoc/>
        protected override ResultCode Put(int place, int offset, byte[] buffer, int count)
        {
            int at = OffsetOf(place) + offset;
            while (_erased < offset + count)
            {
                int from = OffsetOf(place) + _erased;
                // Never more than the image takes, nor less than the device erases.
                int length = Device.EraseLength;
                length = from % BigErase == 0 && _size - _erased >= BigErase && length < BigErase ? BigErase : length;
                ResultCode code = Device.Erase(from, length);
                if (code != ResultCode.None)
                {
                    return code;
                }

                _erased += length;
            }

            return Device.Program(at, buffer, 0, count);
        }

        /// <inheritdoc/>
        protected override ResultCode Get(int place, int offset, byte[] buffer, int count)
        {
            return Device.Read(OffsetOf(place) + offset, buffer, 0, count);
        }
    }
}
