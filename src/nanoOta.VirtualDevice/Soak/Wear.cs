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
        /// <summary>
        /// Whether its sectors have taken turns: within a tenth of the mean, because an erase in which the power is cut is done once
        /// more.
        /// </summary>
        public bool IsEven => Most - Least <= 2 + Mean / 10;

        /// <summary>The wear of every region that updates write.</summary>
        public static IReadOnlyList<Wear> Of(NorFlash flash, SlotMap map)
        {
            return
            [
                .. map.Firmware.Concat(map.Deploy).Select(slot => Measure(slot.Label, ErasesOf(flash, slot).TakeWhile(erases => erases > 0))),
                .. new[] { map.OtaData, map.Record, map.Journal }.OfType<Partition>().Select(place => Measure(place.Label, ErasesOf(flash, place))),
            ];
        }

        private static IEnumerable<int> ErasesOf(NorFlash flash, Partition place)
        {
            return flash.Sectors.In(place.Offset, (uint)place.End).Select(at => flash.Erases[at / NorFlash.BlockLength]);
        }

        private static Wear Measure(string name, IEnumerable<int> sectors)
        {
            int[] erases = [.. sectors];
            return erases.Length == 0 ? new Wear(name, 0, 0, 0, 0) : new Wear(name, erases.Length, erases.Min(), erases.Max(), erases.Average());
        }
    }
}
