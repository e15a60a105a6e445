using System.Net.NetworkInformation;
using nanoOta.StandIns;

namespace nanoFramework.Networking
{
    /// <summary>How far a helper is.</summary>
    public enum NetworkHelperStatus
    {
        /// <summary>Not begun.</summary>
        None = 0,

        /// <summary>Begun.</summary>
        Started = 1,

        /// <summary>There is an address and, where it was asked for, the time.</summary>
        NetworkIsReady = 2,

        /// <summary>The board has no interface.</summary>
        FailedNoNetworkInterface = 3,

        /// <summary>No address in time.</summary>
        TokenExpiredWaitingIPAddress = 4,

        /// <summary>No time of day in time.</summary>
        TokenExpiredWaitingDateTime = 5,

        /// <summary>The access point refused.</summary>
        ErrorConnetingToWiFiWhileScanning = 6,

        /// <summary>See the helper's exception.</summary>
        ExceptionOccurred = 7,

        /// <summary>The address is lost.</summary>
        Reconnecting = 8,
    }

    /// <summary>Waits for the address of an Ethernet interface, and for the time.</summary>
    public static class NetworkHelper
    {
        /// <summary>How far it is.</summary>
        public static NetworkHelperStatus Status => DeviceBoard.Current.EthernetStatus;

        /// <summary>Waits.</summary>
        /// <param name="token">Ends the wait; without one it has no end.</param>
        /// <param name="requiresDateTime">Whether it waits for the time as well.</param>
        /// <returns>Whether all is there.</returns>
        public static bool SetupAndConnectNetwork(CancellationToken token = default, bool requiresDateTime = false)
        {
            DeviceBoard.Current.EthernetStatus = Wait(NetworkInterfaceType.Ethernet, token, requiresDateTime);
            return Status == NetworkHelperStatus.NetworkIsReady;
        }

        // Both waits ask every 200 ms. A token that has expired counts, even where all is there.
        internal static NetworkHelperStatus Wait(NetworkInterfaceType type, CancellationToken token, bool requiresDateTime)
        {
            BoardNetwork network = DeviceBoard.Current.Network;
            DeviceSchedule schedule = DeviceClock.Current.Schedule;
            bool isOfType = network.IsWifi == (type == NetworkInterfaceType.Wireless80211);
            schedule.Poll(() => isOfType && network.HasAddress, token, "The wait for an address", null);
            if (token.IsCancellationRequested)
            {
                return NetworkHelperStatus.TokenExpiredWaitingIPAddress;
            }

            if (requiresDateTime)
            {
                schedule.Poll(() => network.HasTime, token, "The wait for the time", null);
            }

            return token.IsCancellationRequested ? NetworkHelperStatus.TokenExpiredWaitingDateTime : NetworkHelperStatus.NetworkIsReady;
        }
    }
}
