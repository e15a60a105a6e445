// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Collections;
using System.Text;
using System.Threading;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;

namespace nanoOta.NanoClr
{
    /// <summary>
    /// An MQTT client without a network, for the real DeviceClient on a nanoCLR: it plays the hub's part of a script. Like the
    /// real one it raises its events on one thread of its own.
    /// </summary>
    public sealed class ScriptedMqttClient : IMqttClient
    {
        private readonly Queue _events = new Queue();
        private readonly AutoResetEvent _wake = new AutoResetEvent(false);
        private readonly ArrayList _traffic = new ArrayList();
        private string[] _lines = new string[0];
        private string _rid = "";
        private int _next;
        private int _delay;
        private ushort _lastId;
        private byte _answer;
        private bool _hasEnded;

        /// <summary>Makes a client; its thread runs from now on, until <see cref="End"/>.</summary>
        public ScriptedMqttClient()
        {
            new Thread(Dispatch).Start();
        }

        /// <inheritdoc/>
        public event IMqttClient.ConnectionClosedEventHandler ConnectionClosed
        {
            add
            {
            }

            remove
            {
            }
        }

        /// <inheritdoc/>
        public event IMqttClient.MqttMsgPublishEventHandler MqttMsgPublishReceived;

        /// <inheritdoc/>
        public event IMqttClient.MqttMsgPublishedEventHandler MqttMsgPublished;

        /// <inheritdoc/>
        public event IMqttClient.MqttMsgSubscribedEventHandler MqttMsgSubscribed
        {
            add
            {
            }

            remove
            {
            }
        }

        /// <inheritdoc/>
        public event IMqttClient.MqttMsgUnsubscribedEventHandler MqttMsgUnsubscribed
        {
            add
            {
            }

            remove
            {
            }
        }

        /// <inheritdoc/>
        public bool IsConnected { get; private set; }

        /// <summary>Begins a part of the script.</summary>
        public void Expect(string[] lines)
        {
            lock (_traffic)
            {
                _traffic.Clear();
                _lines = lines;
                _next = 0;
                _delay = 0;
                SayLines();
            }
        }

        /// <summary>Ends the client's thread: a nanoCLR exits only when no managed thread is left.</summary>
        public void End()
        {
            _hasEnded = true;
            _wake.Set();
        }

        /// <summary>What was said and done since <see cref="Expect"/>.</summary>
        public string[] TakeTraffic()
        {
            lock (_traffic)
            {
                return (string[])_traffic.ToArray(typeof(string));
            }
        }

        /// <inheritdoc/>
        public void Init(string brokerHostName, int brokerPort, bool secure, byte[] caCert, byte[] clientCert, MqttSslProtocols sslProtocol)
        {
        }

        /// <inheritdoc/>
        public MqttReasonCode Connect(string clientId, string username, string password, bool willRetain, MqttQoSLevel willQosLevel, bool willFlag, string willTopic, string willMessage, bool cleanSession, ushort keepAlivePeriod)
        {
            Hear("> CONNECT " + clientId);
            return (MqttReasonCode)_answer;
        }

        /// <inheritdoc/>
        public void Disconnect()
        {
            Hear("> DISCONNECT");
            IsConnected = false;
        }

        /// <inheritdoc/>
        public void Close()
        {
            IsConnected = false;
        }

        /// <inheritdoc/>
        public ushort Subscribe(string[] topics, MqttQoSLevel[] qosLevels)
        {
            Hear("> SUBSCRIBE" + Join(topics));
            return ++_lastId;
        }

        /// <inheritdoc/>
        public ushort Unsubscribe(string[] topics)
        {
            Hear("> UNSUBSCRIBE" + Join(topics));
            return ++_lastId;
        }

        /// <inheritdoc/>
        public ushort Publish(string topic, byte[] message)
        {
            int rid = topic.IndexOf("$rid=") + 5;
            if (topic.StartsWith("$iothub/twin/"))
            {
                _rid = topic.Substring(rid);
                topic = topic.Substring(0, rid) + "{rid}";
            }

            string text = Encoding.UTF8.GetString(message, 0, message.Length);
            ushort id = ++_lastId;
            lock (_traffic)
            {
                Raise(new MqttMsgPublishedEventArgs(id, true), 0);
                Hear("> " + topic + (text.Length > 0 ? " " : "") + text);
            }

            return id;
        }

        /// <inheritdoc/>
        public ushort Publish(string topic, byte[] message, string contentType)
        {
            return Publish(topic, message);
        }

        /// <inheritdoc/>
        public ushort Publish(string topic, byte[] message, string contentType, ArrayList userProperties, MqttQoSLevel qosLevel, bool retain)
        {
            return Publish(topic, message);
        }

        private static string Join(string[] words)
        {
            string joined = "";
            foreach (string word in words)
            {
                joined += " " + word;
            }

            return joined;
        }

        private void Hear(string line)
        {
            lock (_traffic)
            {
                string expected = _next < _lines.Length ? _lines[_next] : "";
                bool isExpected = expected == line
                    || (expected.EndsWith("#") && line.StartsWith(expected.Substring(0, expected.Length - 1)));
                _traffic.Add(isExpected ? expected : line);
                if (isExpected)
                {
                    _next++;
                    SayLines();
                }
            }
        }

        private void SayLines()
        {
            for (; _next < _lines.Length && _lines[_next][0] != '>'; _next++)
            {
                string line = _lines[_next];
                _traffic.Add(line);
                string[] words = line.Split(' ');
                if (words[0] == "<")
                {
                    int payload = words[0].Length + words[1].Length + 2;
                    string text = payload < line.Length ? line.Substring(payload) : "";
                    Raise(new MqttMsgPublishEventArgs(WithRid(words[1]), Encoding.UTF8.GetBytes(text), false, MqttQoSLevel.AtLeastOnce, false), _delay);
                }
                else if (words[1] == "accept")
                {
                    IsConnected = true;
                }
                else if (words[1] == "refuse")
                {
                    _answer = (byte)int.Parse(words[2]);
                }
                else if (words[1] == "delay")
                {
                    _delay += int.Parse(words[2]);
                }
                else
                {
                    throw new NotSupportedException();
                }
            }
        }

        private string WithRid(string topic)
        {
            int at = topic.IndexOf("{rid}");
            return at < 0 ? topic : topic.Substring(0, at) + _rid + topic.Substring(at + 5);
        }

        private void Raise(EventArgs e, int delay)
        {
            lock (_events)
            {
                _events.Enqueue(new Occurrence { Args = e, Delay = delay });
            }

            _wake.Set();
        }

        private void Dispatch()
        {
            while (!_hasEnded)
            {
                Occurrence next = null;
                lock (_events)
                {
                    if (_events.Count > 0)
                    {
                        next = (Occurrence)_events.Dequeue();
                    }
                }

                if (next == null)
                {
                    _wake.WaitOne();
                    continue;
                }

                Thread.Sleep(next.Delay);
                if (next.Args is MqttMsgPublishedEventArgs)
                {
                    MqttMsgPublished?.Invoke(this, (MqttMsgPublishedEventArgs)next.Args);
                }
                else
                {
                    MqttMsgPublishReceived?.Invoke(this, (MqttMsgPublishEventArgs)next.Args);
                }
            }
        }

        private sealed class Occurrence
        {
            public EventArgs Args;
            public int Delay;
        }
    }
}
