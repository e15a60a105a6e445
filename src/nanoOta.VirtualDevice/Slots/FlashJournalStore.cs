using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>
    /// The journal's places in <c>ota_state</c>, behind the slot record: eight to a sector, so that a sector is erased once in
    /// eight writes, and only when the newest record lies in another one.
    /// </summary>
    public sealed class FlashJournalStore : IJournalStore
    {
        private const int PlacesPerSector = NorFlash.SectorSize / Journal.RecordLength;
        private const int RecordSectors = 2;

        private readonly NorFlash _flash;
        private readonly StateWrites _writes;
        private readonly int _offset;

        /// <summary>Takes the partition but for its first two sectors.</summary>
        public FlashJournalStore(NorFlash flash, SlotMap map, StateWrites writes)
        {
            _writes = writes;
            _flash = flash;
            _offset = (int)map.State.Offset + RecordSectors * NorFlash.SectorSize;
            Places = ((int)map.State.Size / NorFlash.SectorSize - RecordSectors) * PlacesPerSector;
        }

        /// <inheritdoc/>
        public int Places { get; }

        /// <inheritdoc/>
        public bool Read(int place, byte[] record)
        {
            _flash.Read(_offset + place * Journal.RecordLength, record);
            return true;
        }

        /// <inheritdoc/>
        public bool Write(int place, byte[] record)
        {
            int at = _offset + place * Journal.RecordLength;
            if (place % PlacesPerSector == 0)
            {
                _flash.Erase(at);
            }
            else if (!_flash.IsBlank(at, Journal.RecordLength))
            {
                return false;
            }

            _flash.Program(at, record);
            _writes.Add();
            return _flash.Read(at, record.Length).AsSpan().SequenceEqual(record);
        }
    }
}
