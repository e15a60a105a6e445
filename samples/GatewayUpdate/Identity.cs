// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.IO;
using System.Security.Cryptography.X509Certificates;
using nanoFramework.Azure.Devices.Client;
using nanoFramework.M2Mqtt.Messages;

namespace nanoOta.Samples
{
    /// <summary>
    /// Who this device is, and the gateway that it reaches its hub through. Whoever registered the device with the hub put its key, and
    /// whoever set up the gateway its root certificate, onto the board.
    /// </summary>
    internal sealed class Identity
    {
        // The gateway's name as its certificate has it, which the network's DNS knows: put your own here.
        private const string Gateway = "gateway.example";

        private const string GatewayRoot = "I:\\gateway.pem";

        private readonly string _modelId;

        /// <summary>Makes the identity of the board with this address.</summary>
        /// <param name="macAddress">The address.</param>
        /// <param name="roots">The roots of Azure's chains: none of them signed the gateway's certificate.</param>
        /// <param name="modelId">The model that the client gives the hub; null: none.</param>
        internal Identity(string macAddress, X509Certificate roots, string modelId)
        {
            RegistrationId = "washer-" + macAddress;
            DeviceId = RegistrationId;
            Hub = Gateway;
            _modelId = modelId;
        }

        /// <summary>What tells this device from others.</summary>
        internal readonly string RegistrationId;

        /// <summary>What the device connects to.</summary>
        internal readonly string Hub;

        /// <summary>The device's id in the hub.</summary>
        internal readonly string DeviceId;

        /// <summary>
        /// Makes the client of one connection. An exception, whatever it is, means to <see cref="HubConnection"/> that there is no
        /// connection, and it tries again later.
        /// </summary>
        internal DeviceClient CreateClient()
        {
            string key = File.ReadAllText(Board.KeyFile).Trim();
            X509Certificate root = new X509Certificate(File.ReadAllText(GatewayRoot));
            return new DeviceClient(Gateway, DeviceId, key, MqttQoSLevel.AtLeastOnce, root, _modelId);
        }
    }
}
