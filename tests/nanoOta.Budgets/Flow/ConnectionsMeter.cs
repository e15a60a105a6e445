using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Budgets.Flow
{
    /// <summary>
    /// How often a device with memory for one TLS session connects to its hub in the course of an update: files and hub take turns.
    /// </summary>
    internal static class ConnectionsMeter
    {
        private const int Size = 1_500_000;
        private const int Rate = 20_000;
        private const int Budget = 3;

        /// <summary>Counts the connections of a download of a minute and a quarter.</summary>
        public static BudgetRow Measure()
        {
            int all = Count(Size, Rate, allowsTwo: false);
            return new BudgetRow("connections", "connections to the hub, from the offer to the reboot", "connections", Budget,
                $"virtual device with the twin channel on a local hub, {Size} bytes at {Rate} bytes a second, 2 s for each request; not counted is the connection that brought the offer")
            {
                Measured = all - 1,
            };
        }

        /// <summary>With memory for two sessions the connection that brought the offer is the only one; a slower download has more turns.</summary>
        public static string? SelfCheck()
        {
            int two = Count(Size / 10, Rate, allowsTwo: true);
            int fast = Count(Size / 10, Rate, allowsTwo: false);
            int slow = Count(Size / 10, Rate / 20, allowsTwo: false);
            return two == 1 && slow >= fast + 2 ? null : $"{two} connections with memory for two sessions, {fast} and {slow} for a fast and a slow download";
        }

        private static int Count(int size, int rate, bool allowsTwo)
        {
            LocalHub hub = TwinHub.Make();
            int boots = 0;
            int connects = 0;
            new Scene(size)
            {
                Hub = hub,
                Rate = rate,
                Configure = options => options.Session.AllowsTwo = allowsTwo,
                OnAgent = _ => connects = ++boots == 2 ? hub.Connects : connects,
            }.RunTo(ResultCode.Applied);
            return connects;
        }
    }
}
