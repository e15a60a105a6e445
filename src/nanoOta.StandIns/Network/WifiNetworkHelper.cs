using System.Device.Wifi;
using System.Net.NetworkInformation;
using nanoOta.StandIns;

namespace System.Device.Wifi
{
    /// <summary>Whether a board joins a network again by itself.</summary>
    public enum WifiReconnectionKind
    {
        /// <summary>It does.</summary>
        Automatic = 0,

        /// <summary>It does not.</summary>
        Manual = 1,
    }
}

namespace nanoFramework.Networking
{
    /// <summary>Joins a Wi-Fi, and waits for an address and for the time. Name and password are not compared.</summary>
    public static class WifiNetworkHelper
    {
        /// <summary>How far it is.</summary>
        public static NetworkHelperStatus Status => DeviceBoard.Current.WifiStatus;

        /// <summary>Joins a network and keeps it for the next start.</summary>
        public static bool ConnectDhcp(string ssid, string password, WifiReconnectionKind reconnectionKind = WifiReconnectionKind.Automatic, bool requiresDateTime = false, int wifiAdapterId = 0, CancellationToken token = default)
        {
            return Wait(wifiAdapterId, token, requiresDateTime);
        }

        /// <summary>Looks for a network, joins it and keeps it for the next start.</summary>
        public static bool ScanAndConnectDhcp(string ssid, string password, WifiReconnectionKind reconnectionKind = WifiReconnectionKind.Automatic, bool requiresDateTime = false, int WifiAdapter = 0, CancellationToken token = default)
        {
            return Wait(WifiAdapter, token, requiresDateTime);
        }

        /// <summary>Waits for the network that the board has kept.</summary>
        /// <returns>False when the token expired, and when there is no such adapter.</returns>
        public static bool Reconnect(bool requiresDateTime = false, int wifiAdapterId = 0, CancellationToken token = default)
        {
            return Wait(wifiAdapterId, token, requiresDateTime);
        }

        private static bool Wait(int adapter, CancellationToken token, bool requiresDateTime)
        {
            if (!DeviceBoard.Current.Network.IsWifi || adapter != 0)
            {
                DeviceBoard.Current.WifiStatus = NetworkHelperStatus.ExceptionOccurred;
                return false;
            }

            DeviceBoard.Current.WifiStatus = NetworkHelper.Wait(NetworkInterfaceType.Wireless80211, token, requiresDateTime);
            return Status == NetworkHelperStatus.NetworkIsReady;
        }
    }
}
