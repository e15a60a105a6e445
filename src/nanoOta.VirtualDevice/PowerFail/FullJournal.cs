using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>
    /// A new deployment on a device whose journal is nearly full: in the middle of the update the ring closes, and a sector is erased.
    /// Where there is but one, a cut in that erase loses the journal.
    /// </summary>
    internal sealed class FullJournal(string name, string about, bool oneSector) : Scenario
    {
        private const int FreePlaces = 4;

        public override string Name => name;

        public override string About => about;

        public override bool KeepsJournal => !oneSector;

        public override bool MayLackResult => oneSector;

        public override bool SuitsTo(FlashLayout layout)
        {
            return JournalSectors(layout) == 1 == oneSector;
        }

        public override void Begin(World world)
        {
            world.Publish("1.1.0", "1.1.0", null);
            world.Request("1.1.0");
            NorFlash filled = world.Flash.Copy();
            var journal = new FlashRecordStore(filled, world.Map, new StateWrites());
            for (int place = 0; place < journal.Count - FreePlaces; place++)
            {
                journal.Write(place, JournalRecord.Empty((uint)place + 1));
            }

            for (int at = (int)world.Map.Journal.Offset; at < world.Map.Journal.End; at += NorFlash.BlockLength)
            {
                if (!filled.IsBlank(at, NorFlash.BlockLength))
                {
                    world.Flash.Replace(at, filled.Read(at, NorFlash.BlockLength));
                }
            }
        }
    }
}
