// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using nanoFramework.Azure.Devices.Client;
using nanoFramework.Azure.Devices.Provisioning.Client;
using nanoFramework.M2Mqtt.Messages;

namespace nanoOta.Samples
{
    /// <summary>
    /// Who this device is: its name, and its key from a file, as one image is for many devices. Which hub it belongs to the
    /// provisioning service tells once after each start.
    /// </summary>
    internal sealed class Identity
    {
        private const string Endpoint = "global.azure-devices-provisioning.net";

        // Of your provisioning service: put your own here.
        private const string IdScope = "0ne00000000";

        private const int RegisterMilliseconds = 60000;

        private readonly X509Certificate _roots;
        private readonly string _modelId;
        private string _key;

        /// <summary>Makes the identity of the board with this address.</summary>
        /// <param name="macAddress">The address.</param>
        /// <param name="roots">The roots of Azure's chains.</param>
        /// <param name="modelId">The model that the client gives the hub; null: none.</param>
        internal Identity(string macAddress, X509Certificate roots, string modelId)
        {
            RegistrationId = "washer-" + macAddress;
            _roots = roots;
            _modelId = modelId;
        }

        /// <summary>The name to the provisioning service; in an enrollment group the device's id, too.</summary>
        internal readonly string RegistrationId;

        /// <summary>The hub; null until the provisioning service has told.</summary>
        internal string Hub;

        /// <summary>The device's id there.</summary>
        internal string DeviceId;

        /// <summary>
        /// Makes the client of one connection. An exception, whatever it is, means to <see cref="HubConnection"/> that there is no
        /// connection, and it tries again later.
        /// </summary>
        internal DeviceClient CreateClient()
        {
            if (Hub == null)
            {
                _key = File.ReadAllText(Board.KeyFile).Trim();
                Register();
            }

            return new DeviceClient(Hub, DeviceId, _key, MqttQoSLevel.AtLeastOnce, _roots, _modelId);
        }

        // Its connection is closed before the hub's is opened: there may be room for one.
        private void Register()
        {
            using (CancellationTokenSource limit = new CancellationTokenSource(RegisterMilliseconds))
            using (ProvisioningDeviceClient service = ProvisioningDeviceClient.Create(Endpoint, IdScope, RegistrationId, _key, _roots))
            {
                DeviceRegistrationResult result = service.Register(limit.Token);
                if (result == null || result.Status != ProvisioningRegistrationStatusType.Assigned)
                {
                    throw new InvalidOperationException();
                }

                DeviceId = result.DeviceId;
                Hub = result.AssignedHub;
            }
        }
    }
}
