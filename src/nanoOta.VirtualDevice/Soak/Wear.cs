using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Soak
{
    /// <summary>How often the sectors of a region have been erased.</summary>
    /// <param name="Region">What lies there: a partition's label, <c>record</c> or <c>journal</c>.</param>
    /// <param name="Sectors">How many of its sectors have been erased at all; in a region whose sectors take turns, all there are.</param>
    /// <param name="Least">Erases of the one erased least.</param>
    /// <param name="Most">Erases of the one erased most.</param>
    /// <param name="Mean">Erases of each on average.</param>
    public sealed record Wear(string Region, int Sectors, int Least, int Most, double Mean)
    {
        private const int RecordSectors = 2;

        /// <summary>
        /// Whether its sectors have taken turns: within a tenth of the mean, because an erase in which the power is cut is done once
        /// more.
        /// </summary>
        public bool IsEven => Most - Least <= 2 + Mean / 10;

        /// <summary>The wear of every region that updates write.</summary>
        public static IReadOnlyList<Wear> Of(NorFlash flash, SlotMap map)
        {
            int first = (int)map.State.Offset / NorFlash.SectorSize;
            return
            [
                .. map.Firmware.Concat(map.Deploy).Select(slot => Measure(flash, slot.Label, (int)slot.Offset / NorFlash.SectorSize, Erased(flash, slot))),
                .. map.OtaData is { } at ? new[] { Measure(flash, at.Label, (int)at.Offset / NorFlash.SectorSize, 2) } : [],
                Measure(flash, "record", first, RecordSectors),
                Measure(flash, "journal", first + RecordSectors, (int)map.State.Size / NorFlash.SectorSize - RecordSectors),
            ];
        }

        private static int Erased(NorFlash flash, Partition slot)
        {
            return Enumerable.Range((int)slot.Offset / NorFlash.SectorSize, (int)slot.Size / NorFlash.SectorSize).TakeWhile(sector => flash.Erases[sector] > 0).Count();
        }

        private static Wear Measure(NorFlash flash, string name, int first, int count)
        {
            int[] erases = [.. Enumerable.Range(first, count).Select(sector => flash.Erases[sector])];
            return erases.Length == 0 ? new Wear(name, 0, 0, 0, 0) : new Wear(name, count, erases.Min(), erases.Max(), erases.Average());
        }
    }
}
