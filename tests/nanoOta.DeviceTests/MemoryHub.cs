// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using nanoFramework.Azure.Devices.Client;
using nanoFramework.M2Mqtt.Messages;

namespace nanoOta.DeviceTests
{
    /// <summary>An IoT hub in memory: one device's twin, its direct methods, and what may go wrong.</summary>
    internal sealed class MemoryHub
    {
        internal bool IsUnreachable;
        internal bool IsRefusing;
        internal bool IsSilent;
        internal bool IsDeafToReports;

        /// <summary>In place of the twin, when it is not null.</summary>
        internal string Answer;

        /// <summary>How often a client connected or tried to.</summary>
        internal int Connects;

        /// <summary>How many reports came, taken or not.</summary>
        internal int Reports;

        private string _desired = string.Empty;
        private int _version = 1;
        private string _reported = "{}";
        private string _called;
        private MemoryMqttClient _client;

        /// <summary>Whether the device is connected.</summary>
        internal bool IsOnline => _client != null && _client.IsConnected;

        /// <summary>A client that talks with this hub.</summary>
        internal DeviceClient NewClient()
        {
            MemoryMqttClient mqtt = new MemoryMqttClient(this);
            DeviceClient client = new DeviceClient(mqtt, "hub.example", "washer", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0");
            client.StatusUpdated += mqtt.Acknowledge;
            return client;
        }

        /// <summary>Sets the desired properties; a device that is connected gets a patch.</summary>
        /// <param name="members">Members of a JSON object.</param>
        internal void Desire(string members)
        {
            _desired = members.Length == 0 ? members : members + ",";
            _version++;
            Deliver("$iothub/twin/PATCH/properties/desired/?$version=" + _version.ToString(), "{" + _desired + "\"$version\":" + _version.ToString() + "}");
        }

        /// <summary>Calls a direct method.</summary>
        /// <returns>The device's answer; null when it gave none.</returns>
        internal string Call(string method, string payload)
        {
            _called = null;
            Deliver("$iothub/methods/POST/" + method + "/?$rid=1", payload);
            return _called;
        }

        /// <summary>A text or a number of the reported property <c>ota</c>, or of a member of it; null when there is none.</summary>
        internal string Reported(string name)
        {
            JsonReader json = HubJson.Open(_reported);
            json.Read();
            json.Read();
            return HubJson.Find(json, name, null);
        }

        /// <summary>Breaks the connection.</summary>
        internal void Drop()
        {
            _client.Drop();
        }

        internal MqttReasonCode Connect(MemoryMqttClient client)
        {
            Connects++;
            if (IsUnreachable)
            {
                throw new InvalidOperationException();
            }

            _client = client;
            return IsRefusing ? MqttReasonCode.ConnectionRefusedNotAuthorized : MqttReasonCode.Success;
        }

        internal void Take(string topic, string text)
        {
            if (topic.StartsWith("$iothub/twin/GET/") && !IsSilent)
            {
                string twin = "{\"desired\":{" + _desired + "\"$version\":" + _version.ToString() + "},\"reported\":" + _reported + "}";
                Deliver("$iothub/twin/res/200/?$rid=1", Answer == null ? twin : Answer);
            }
            else if (topic.StartsWith("$iothub/twin/PATCH/properties/reported/"))
            {
                Reports++;
                if (!IsDeafToReports)
                {
                    // The only property that is reported here is reported whole.
                    _reported = text;
                    Deliver("$iothub/twin/res/204/?$rid=1&$version=" + Reports.ToString(), string.Empty);
                }
            }
            else if (topic.StartsWith("$iothub/methods/res/200/"))
            {
                _called = text;
            }
        }

        private void Deliver(string topic, string text)
        {
            if (IsOnline)
            {
                _client.Deliver(topic, text);
            }
        }
    }
}
