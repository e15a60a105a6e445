// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Collections;
using System.Threading;
using nanoFramework.Azure.Devices.Client;
using nanoFramework.M2Mqtt;
using nanoOta.Conversations;

namespace nanoOta.NanoClr
{
    /// <summary>A conversation's world on a nanoCLR: the real DeviceClient over a <see cref="ScriptedMqttClient"/>, in real time.</summary>
    public abstract class NanoClrWorld : IConversationWorld
    {
        private readonly ArrayList _clients = new ArrayList();
        private ScriptedMqttClient _mqtt;

        /// <inheritdoc/>
        public DeviceClient NewClient()
        {
            _mqtt = new ScriptedMqttClient();
            _clients.Add(_mqtt);
            return Make(_mqtt);
        }

        /// <inheritdoc/>
        public void Expect(string[] lines)
        {
            _mqtt.Expect(lines);
        }

        /// <inheritdoc/>
        public void Pass(int milliseconds)
        {
            Thread.Sleep(milliseconds);
        }

        /// <inheritdoc/>
        public string[] TakeTraffic()
        {
            return _mqtt.TakeTraffic();
        }

        /// <summary>Ends the threads of all clients that were made.</summary>
        public void End()
        {
            foreach (ScriptedMqttClient client in _clients)
            {
                client.End();
            }
        }

        /// <summary>Makes the client: only the FullyManaged package has a constructor that takes an MQTT client.</summary>
        /// <param name="mqtt">What it is to talk through.</param>
        protected abstract DeviceClient Make(IMqttClient mqtt);
    }
}
