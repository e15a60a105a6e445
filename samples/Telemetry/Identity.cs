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
    /// Who this device is: its name, and its certificate with key from files, as one image is for many devices. Which hub it belongs to
    /// the provisioning service tells once after each start.
    /// </summary>
    internal sealed class Identity
    {
        private const string Endpoint = "global.azure-devices-provisioning.net";

        // Of your provisioning service: put your own here.
        private const string IdScope = "0ne00000000";

        private const string CertificateFile = "I:\\device.pem";
        private const string KeyFile = "I:\\device-key.pem";
        private const int RegisterMilliseconds = 60000;

        private readonly X509Certificate _roots;
        private X509Certificate2 _certificate;

        /// <summary>Makes the identity of the board with this address.</summary>
        /// <param name="macAddress">The address.</param>
        /// <param name="roots">The roots of Azure's chains.</param>
        internal Identity(string macAddress, X509Certificate roots)
        {
            RegistrationId = "washer-" + macAddress;
            _roots = roots;
        }

        /// <summary>The name to the provisioning service, and the common name (CN) in the certificate.</summary>
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
                _certificate = new X509Certificate2(File.ReadAllText(CertificateFile), File.ReadAllText(KeyFile), string.Empty);
                Register();
            }

            return new DeviceClient(Hub, DeviceId, _certificate, MqttQoSLevel.AtLeastOnce, _roots);
        }

        // Its connection is closed before the hub's is opened: there may be room for one.
        private void Register()
        {
            using (CancellationTokenSource limit = new CancellationTokenSource(RegisterMilliseconds))
            using (ProvisioningDeviceClient service = ProvisioningDeviceClient.Create(Endpoint, IdScope, RegistrationId, _certificate, _roots))
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
