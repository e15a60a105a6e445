using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>
    /// Keeps the slot record in two sectors, each write into the one that does not hold the newest record, so that a cut at any
    /// point leaves a whole one. A record that was being written when the power went may read whole today and not tomorrow: so
    /// before anything is built on it, the newest record is programmed once more over itself, which makes its bits firm.
    /// </summary>
    public sealed class SlotRecordStore(NorFlash flash, Partition place, StateWrites writes)
    {
        private readonly int[] _sectors = [.. flash.Sectors.In(place.Offset, (uint)place.End)];
        private int _sector;
        private byte[]? _loaded;

        /// <summary>Finds the newest whole record; a fresh one when there is none.</summary>
        public SlotRecord Load()
        {
            SlotRecord? newest = null;
            for (int sector = 0; sector < 2; sector++)
            {
                byte[] bytes = flash.Read(_sectors[sector], SlotRecord.Length);
                if (SlotRecord.Read(bytes) is { } record && (newest == null || (int)(record.Sequence - newest.Sequence) > 0))
                {
                    newest = record;
                    _sector = sector;
                    _loaded = bytes;
                }
            }

            return newest ?? new SlotRecord();
        }

        /// <summary>Makes the bits of the newest record stable.</summary>
        public void Firm()
        {
            if (_loaded != null)
            {
                flash.Program(_sectors[_sector], _loaded);
                _loaded = null;
            }
        }

        /// <summary>Writes the record.</summary>
        /// <returns>False when the flash did not take it.</returns>
        public bool Save(SlotRecord record)
        {
            Firm();
            int other = _sectors[1 - _sector];
            record.Sequence++;
            byte[] bytes = record.ToBytes();
            flash.Erase(other);
            flash.Program(other, bytes);
            writes.Add();
            if (!flash.Read(other, bytes.Length).AsSpan().SequenceEqual(bytes))
            {
                return false;
            }

            _sector = 1 - _sector;
            return true;
        }
    }
}
