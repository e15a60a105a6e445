using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Slots
{
    // What lies in the slots: reading, and writing the idle ones.
    public sealed partial class SlotCore
    {
        // A call goes so many bytes further, or by one sector where that is longer.
        private const int TailAtOnce = 65536;

        private const int HashAtOnce = 16384;

        private FirmwareParts _openPart;
        private int _at;
        private int _end;

        /// <inheritdoc/>
        public int Capacity(FirmwareParts part)
        {
            return (int)(Slot(part, idle: true)?.Size ?? 0);
        }

        /// <inheritdoc/>
        public ResultCode Open(FirmwareParts part, int offset)
        {
            // What was rejected and still runs has its way back in the idle slot.
            if (IsOnTrial || _record.HasTrial || Slot(part, idle: true) is not { } slot)
            {
                return ResultCode.SlotBusy;
            }

            if (offset % NorFlash.BlockLength != 0 || offset < 0 || offset > slot.Size)
            {
                return ResultCode.FlashFailed;
            }

            // The idle slot is idle by what the record says today: before it is given up, that must be what it says tomorrow.
            _store.Firm();
            if (part == FirmwareParts.Clr && _otaData != null)
            {
                // Had otadata named this slot since a trial began, the next power-up would boot what nobody activated.
                Settle(_otaData);
            }

            int other = 1 - Running;
            if (part == FirmwareParts.Deployment && _record.DeployFor[other] == 1 - ActiveDeploy)
            {
                // The other firmware would start with what is about to be overwritten: never again, and this must be durable first.
                _record.DeployFor[other] = SlotRecord.None;
                if (!Save())
                {
                    return ResultCode.FlashFailed;
                }
            }

            _hasFallback = null;
            _openPart = part;
            _at = (int)slot.Offset + offset;
            _end = (int)slot.End;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Write(byte[] buffer, int count)
        {
            if (_openPart == FirmwareParts.None || count <= 0 || count > NorFlash.BlockLength || _at >= _end)
            {
                return ResultCode.FlashFailed;
            }

            if (_flash.Sectors.LengthAt(_at) > 0)
            {
                _flash.Erase(_at);
            }
            else if (!CanProgram(buffer, count))
            {
                return ResultCode.ReadBackMismatch;
            }

            _flash.Program(_at, buffer.AsSpan(0, count));
            _at += NorFlash.BlockLength;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode EraseTail()
        {
            // Behind a firmware image nothing is looked for.
            bool deployment = _openPart == FirmwareParts.Deployment;
            int done = 0;
            while (deployment && done < TailAtOnce && _at < _end)
            {
                int length = _flash.Sectors.LengthAt(_at);
                int step = length > 0 ? length : NorFlash.BlockLength;
                if (!_flash.IsBlank(_at, step))
                {
                    if (length == 0)
                    {
                        // The image ends in this sector.
                        return ResultCode.ReadBackMismatch;
                    }

                    _flash.Erase(_at);
                }

                _at += step;
                done += step;
            }

            bool more = deployment && _at < _end;
            _openPart = more ? _openPart : FirmwareParts.None;
            _hasFallback = null;
            return more ? ResultCode.Pending : ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Read(FirmwareParts part, bool idle, int offset, byte[] buffer, int count)
        {
            if (Slot(part, idle) is not { } slot || offset < 0 || count < 0 || offset > slot.Size - count)
            {
                return ResultCode.FlashFailed;
            }

            _flash.Read((int)slot.Offset + offset, buffer.AsSpan(0, count));
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Hash(FirmwareParts part, bool idle, int offset, int count, byte[] state, int at)
        {
            if (count > HashAtOnce || count < 0)
            {
                return ResultCode.FlashFailed;
            }

            var bytes = new byte[count];
            ResultCode code = Read(part, idle, offset, bytes, count);
            if (code == ResultCode.None)
            {
                HostHasher.Append(state.AsSpan(at, HostHasher.StateLength), bytes);
            }

            return code;
        }

        // Where no sector begins: over erased flash, or over what the bytes were meant to become when the power went. Of a cut program
        // only bits that were to be cleared read as they please. Behind the image's end the block is blank.
        private bool CanProgram(byte[] buffer, int count)
        {
            return !_flash.Read(_at, NorFlash.BlockLength).Where((there, i) => ((i < count ? buffer[i] : 0xFF) & ~there) != 0).Any();
        }

        private Partition? Slot(FirmwareParts part, bool idle)
        {
            return part == FirmwareParts.Deployment ? _map.Deploy[idle ? 1 - ActiveDeploy : ActiveDeploy]
                : !idle ? _map.Firmware[Running]
                : _map.Firmware.Count > 1 ? _map.Firmware[1 - Running] : null;
        }
    }
}
