// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Writes an image to a fixed offset of a block device, where something reads it that knows of no updates: a table, a bit stream, a font. The update
    /// is written to a spare area behind it. Activation exchanges the two, sector by sector, and reversal exchanges them back: a
    /// power failure costs at most one sector's work.
    /// </summary>
    public sealed class RawAreaModule : PairModule
    {
        /// <summary>Sectors that it takes beside the two areas: two records and one for a sector on its way.</summary>
        public const int ExtraSectors = 4 + 4 + 1;

        private const uint Kind = 0x5761524E;
        private const int ProgressLength = 28;

        // Sectors exchanged so far; of the exchange under way: its stage, its sector, and how many it makes.
        private const int Done = DurableRecord.FirstField;
        private const int Stage = 12;
        private const int Sector = 16;
        private const int Next = 20;

        private readonly IBlockDevice _device;
        private readonly ModuleRecord _progress;
        private readonly byte[] _chunk = new byte[256];
        private readonly int _offset;
        private readonly int _length;
        private readonly int _extra;

        /// <summary>Makes the module.</summary>
        /// <param name="id">The component's id.</param>
        /// <param name="device">The block device.</param>
        /// <param name="offset">Where the area begins, a multiple of the sector's length.</param>
        /// <param name="length">Its length, a multiple of the sector's length. The spare area of the same length follows it.</param>
        /// <param name="extra">Where <see cref="ExtraSectors"/> sectors are for records and work.</param>
        /// <param name="factoryVersion">The version of what the factory wrote; null when it is not known.</param>
        public RawAreaModule(string id, IBlockDevice device, int offset, int length, int extra, string factoryVersion)
            : base(id, new BlockRecordStore(device, extra, 4), factoryVersion)
        {
            _device = device;
            _offset = offset;
            _length = length;
            _extra = extra + 8 * device.EraseLength;
            _progress = new ModuleRecord(new BlockRecordStore(device, extra + 4 * device.EraseLength, 4), Kind, ProgressLength);
        }

        /// <inheritdoc/>
        protected override int Capacity => _length;

        /// <inheritdoc/>
        protected override ResultCode Open(int place, int offset, int size)
        {
            if (!_progress.Read())
            {
                return ResultCode.FlashFailed;
            }

            if (_progress[Done] == 0 && _progress[Stage] == 0)
            {
                // A sector is erased where it begins, and only there.
                return offset % _device.EraseLength == 0 ? ResultCode.None : ResultCode.ReadBackMismatch;
            }

            ModuleStatus status = new ModuleStatus();
            GetStatus(status);
            if (status.Trial == TrialPhase.Activating)
            {
                // An exchange that could not be undone: the spare area holds part of the former image.
                return ResultCode.SlotBusy;
            }

            // What was exchanged is confirmed, and the spare area holds the image before it.
            _progress[Done] = 0;
            return !_progress.Save() ? ResultCode.FlashFailed : offset == 0 ? ResultCode.None : ResultCode.ReadBackMismatch;
        }

        /// <inheritdoc/>
        protected override ResultCode Put(int place, int offset, byte[] buffer, int count)
        {
            int at = _offset + _length + offset;
            ResultCode code = at % _device.EraseLength == 0 ? _device.Erase(at, _device.EraseLength) : ResultCode.None;
            return code == ResultCode.None ? _device.Program(at, buffer, 0, count) : code;
        }

        /// <inheritdoc/>
        protected override ResultCode Get(int place, int offset, byte[] buffer, int count)
        {
            return _device.Read(_offset + _length + offset, buffer, 0, count);
        }

        /// <inheritdoc/>
        protected override ResultCode Install(int place, bool begins)
        {
            return Exchange((uint)((SizeOf(place) + _device.EraseLength - 1) / _device.EraseLength));
        }

        /// <inheritdoc/>
        protected override ResultCode Restore(int place, bool begins)
        {
            return Exchange(0);
        }

        // One stage of one sector. An exchange that was begun is ended first, whichever way it goes.
        private ResultCode Exchange(uint goal)
        {
            // How far an exchange has come, nothing else knows.
            if (!_progress.Read())
            {
                return ResultCode.FlashFailed;
            }

            uint stage = _progress[Stage];
            uint sector = _progress[Sector];
            uint next = _progress[Next];
            if (stage == 0)
            {
                uint done = _progress[Done];
                if (done == goal)
                {
                    return ResultCode.None;
                }

                sector = done < goal ? done : done - 1;
                next = done < goal ? done + 1 : done - 1;
            }

            int area = _offset + (int)sector * _device.EraseLength;
            ResultCode code = stage == 0 ? Copy(area, _extra) : stage == 1 ? Copy(area + _length, area) : Copy(_extra, area + _length);
            if (code != ResultCode.None)
            {
                return code;
            }

            _progress[Sector] = sector;
            _progress[Next] = next;
            _progress[Stage] = (stage + 1) % 3;
            if (stage == 2)
            {
                _progress[Done] = next;
            }

            return _progress.Save() ? ResultCode.Pending : ResultCode.FlashFailed;
        }

        private ResultCode Copy(int from, int to)
        {
            ResultCode code = _device.Erase(to, _device.EraseLength);
            for (int at = 0; at < _device.EraseLength && code == ResultCode.None; at += _chunk.Length)
            {
                code = _device.Read(from + at, _chunk, 0, _chunk.Length);
                code = code == ResultCode.None ? _device.Program(to + at, _chunk, 0, _chunk.Length) : code;
            }

            return code;
        }
    }
}
