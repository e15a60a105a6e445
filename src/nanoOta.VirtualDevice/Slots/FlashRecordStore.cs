using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.Slots
{
    /// <summary>
    /// The journal's places: several to a sector, so that it is erased once in so many writes, and only when the newest record lies
    /// in another one, if there is one.
    /// </summary>
    public sealed class FlashRecordStore : IRecordStore
    {
        // Of a large sector no more is used: every place is read at boot.
        private const int MaxPlacesPerSector = 64;

        private readonly NorFlash _flash;
        private readonly StateWrites _writes;
        private readonly int[] _sectors;
        private readonly int _placesPerSector;

        /// <summary>Takes the journal's place.</summary>
        public FlashRecordStore(NorFlash flash, SlotMap map, StateWrites writes)
        {
            _writes = writes;
            _flash = flash;
            _sectors = [.. flash.Sectors.In(map.Journal.Offset, (uint)map.Journal.End)];
            _placesPerSector = Math.Min(flash.Sectors.LengthAt(_sectors[0]) / Journal.RecordLength, MaxPlacesPerSector);
            Count = _sectors.Length * _placesPerSector;
        }

        /// <inheritdoc/>
        public int Count { get; }

        /// <inheritdoc/>
        public bool Read(int place, byte[] record)
        {
            _flash.Read(At(place), record);
            return true;
        }

        /// <inheritdoc/>
        public bool Write(int place, byte[] record)
        {
            int at = At(place);
            if (place % _placesPerSector == 0)
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

        private int At(int place)
        {
            return _sectors[place / _placesPerSector] + place % _placesPerSector * Journal.RecordLength;
        }
    }
}
