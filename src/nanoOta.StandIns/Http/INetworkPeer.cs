namespace nanoOta.StandIns
{
    /// <summary>
    /// The other end of a connection without a network: see <see cref="DeviceNetwork.Connect"/>. A failure is a
    /// <see cref="System.Net.Sockets.SocketException"/> of .NET's own. Whoever lets time pass moves the device's clock.
    /// </summary>
    public interface INetworkPeer
    {
        /// <summary>Bytes that can be read without waiting.</summary>
        int Available { get; }

        /// <summary>Gives what there is, at least one byte; 0: the peer has closed.</summary>
        int Read(byte[] buffer, int offset, int count);

        /// <summary>Takes what the device sends.</summary>
        void Write(byte[] buffer, int offset, int count);

        /// <summary>The device closes the connection.</summary>
        void Close();
    }
}
