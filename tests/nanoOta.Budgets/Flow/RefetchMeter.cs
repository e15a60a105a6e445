using nanoOta.VirtualDevice;

namespace nanoOta.Budgets.Flow
{
    /// <summary>What a power cut costs: bytes of the image that are fetched a second time.</summary>
    internal static class RefetchMeter
    {
        private const int Block = 4096;
        private const int Interval = 65536;
        private const int Size = 300_000;

        /// <summary>Cuts the power at every operation on the flash, each time on a new device, and takes the worst.</summary>
        public static BudgetRow Measure()
        {
            long worst = 0;
            long operations = Operations();
            for (long cut = 1; cut <= operations; cut++)
            {
                worst = Math.Max(worst, Refetched(cut));
            }

            return new BudgetRow("refetched", "fetched again after a power cut", "bytes", Block + Interval,
                $"virtual device, a cut at each of the {operations} operations on the flash of an update of {Size} bytes; the worst")
            {
                Measured = worst,
            };
        }

        /// <summary>A cut in the middle of the download costs something, one after its end nothing.</summary>
        public static string? SelfCheck()
        {
            long operations = Operations();
            return Refetched(operations / 2) > 0 && Refetched(operations - 1) == 0 ? null : "no cut costs anything, or the last one does";
        }

        private static long Operations()
        {
            // After the reboot there is no download; the power stays on.
            return new Scene(Size).RunTo(ResultCode.Applied).Operations;
        }

        private static long Refetched(long cut)
        {
            var first = new Scene(Size);
            if (first.Run(cut) != RunEnd.PowerCut)
            {
                throw new InvalidOperationException($"The power was not cut at operation {cut}.");
            }

            Scene second = first.Again();
            second.Run();
            return second.Device!.Status!.Current == Offers.Version
                ? first.Fetched + second.Fetched - Size
                : throw new InvalidOperationException($"After a cut at operation {cut} the device ended with {second.Device.Status.LastCode}.");
        }
    }
}
