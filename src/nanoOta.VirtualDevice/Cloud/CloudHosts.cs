extern alias StandIns;

using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>Several services behind <see cref="DeviceCloud.Hub"/>, each found by its host name while there is a network.</summary>
    /// <param name="network">The device's network.</param>
    /// <param name="services">The services.</param>
    public sealed class CloudHosts(BoardNetwork network, params IMqttHub[] services) : IMqttHub
    {
        /// <inheritdoc/>
        public bool Resolves(string host) => Find(host) != null;

        /// <inheritdoc/>
        public IMqttSession Connect(MqttConnect connect, IMqttLink link)
        {
            return (Find(connect.Host) ?? throw new StandIns::System.Net.Sockets.SocketException(System.Net.Sockets.SocketError.NetworkUnreachable)).Connect(connect, link);
        }

        private IMqttHub? Find(string host) => network.HasAddress ? Array.Find(services, service => service.Resolves(host)) : null;
    }
}
