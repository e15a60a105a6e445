using nanoOta.StandIns;

namespace System.Net.NetworkInformation
{
    /// <summary>What an interface is.</summary>
    public enum NetworkInterfaceType
    {
        /// <summary>Not known.</summary>
        Unknown = 1,

        /// <summary>Ethernet.</summary>
        Ethernet = 6,

        /// <summary>A Wi-Fi station.</summary>
        Wireless80211 = 71,

        /// <summary>A Wi-Fi access point.</summary>
        WirelessAP = 72,
    }

    /// <summary>The board's one interface, by <see cref="BoardNetwork"/>.</summary>
    public class NetworkInterface
    {
        private readonly bool _hasAddress = DeviceBoard.Current.Network.HasAddress;

        /// <summary>Reads an interface.</summary>
        protected NetworkInterface(int interfaceIndex)
        {
        }

        /// <summary>Its address; 0.0.0.0 while it has none. As read when the object was made.</summary>
        public string IPv4Address => _hasAddress ? "192.0.2.20" : "0.0.0.0";

        /// <summary>The gateway's address; 0.0.0.0 while there is none.</summary>
        public string IPv4GatewayAddress => _hasAddress ? "192.0.2.1" : "0.0.0.0";

        /// <summary>The network's mask; 0.0.0.0 while there is none.</summary>
        public string IPv4SubnetMask => _hasAddress ? "255.255.255.0" : "0.0.0.0";

        /// <summary>Always: a fixed address is not modelled.</summary>
        public bool IsDhcpEnabled => true;

        /// <summary>What it is.</summary>
        public NetworkInterfaceType NetworkInterfaceType => DeviceBoard.Current.Network.IsWifi ? NetworkInterfaceType.Wireless80211 : NetworkInterfaceType.Ethernet;

        /// <summary>Its address on the wire, six bytes.</summary>
        public byte[] PhysicalAddress
        {
            get => DeviceBoard.Current.Network.MacAddress;
            set => DeviceBoard.Current.Network.MacAddress = value;
        }

        /// <summary>The interfaces.</summary>
        public static NetworkInterface[] GetAllNetworkInterfaces() => [new NetworkInterface(0)];

        /// <summary>Whether there is a link.</summary>
        public static bool GetIsNetworkAvailable() => DeviceBoard.Current.Network.IsThere;

        /// <summary>Uses DHCP, as always here.</summary>
        public void EnableDhcp()
        {
        }
    }
}
