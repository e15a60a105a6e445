using nanoOta.StandIns;

namespace nanoFramework.Networking
{
    /// <summary>The SNTP client. Its clock is <see cref="DeviceClock"/>'s, which needs no setting: only that it was set is kept.</summary>
    public class Sntp
    {
        /// <summary>Whether it runs.</summary>
        public static bool IsStarted => Network.AsksForTime;

        /// <summary>The first server; which one it is makes no difference here.</summary>
        public static string Server1 { get; set; } = "0.pool.ntp.org";

        /// <summary>The second server; which one it is makes no difference here.</summary>
        public static string Server2 { get; set; } = "1.pool.ntp.org";

        private static BoardNetwork Network => DeviceBoard.Current.Network;

        /// <summary>Starts it.</summary>
        public static void Start() => Network.AsksForTime = true;

        /// <summary>Stops it.</summary>
        public static void Stop() => Network.AsksForTime = false;

        /// <summary>Asks at once, and starts it for that.</summary>
        public static void UpdateNow() => Network.AsksForTime = true;
    }
}
