namespace nanoOta.Hub
{
    /// <summary>The way from the hub to one connected device. Called by several threads; no call waits.</summary>
    public interface IDeviceLink
    {
        /// <summary>Sends a message, QoS 0.</summary>
        /// <param name="topic">The topic.</param>
        /// <param name="payload">The content.</param>
        void Deliver(string topic, byte[] payload);

        /// <summary>Another connection of the device takes this one's place: it ends, if what carries it does not see to that.</summary>
        void Replaced() => Close();

        /// <summary>Closes the connection, without a word as MQTT 3.1.1 has it.</summary>
        void Close();
    }

    /// <summary>What a device says when it connects.</summary>
    /// <param name="ClientId">The device's id.</param>
    /// <param name="UserName">Host, device, API version and what the client is.</param>
    /// <param name="Password">A shared access signature; null with a certificate.</param>
    /// <param name="Thumbprint">Of the client certificate, hexadecimal; null without one.</param>
    /// <param name="KeepsSession">Whether its subscriptions outlive the connection: clean session 0.</param>
    public sealed record DeviceConnect(string ClientId, string UserName, string? Password, string? Thumbprint, bool KeepsSession = false);
}
