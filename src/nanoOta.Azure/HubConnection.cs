// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Threading;
using nanoFramework.Azure.Devices.Client;
using nanoFramework.Azure.Devices.Shared;

namespace nanoOta
{
    /// <summary>
    /// The connection to an IoT hub: makes it, makes it anew when it is lost or ages, and fetches the twin after each connect and
    /// whenever the hub says that it changed. The client is used for as little as possible, because its parser refuses common JSON, its results
    /// do not mean what they say, and after a drop it throws: every connection has a client of its own, the twin is passed on as
    /// raw text, and nothing is done in its events but to note that they came. Of its fields, only
    /// <see cref="Timeout"/> and <see cref="Methods"/> are set from outside.
    /// </summary>
    public sealed class HubConnection
    {
        // The client renews its own connection after 23 h 50 min, once and unguarded. This comes before.
        private const long RenewAfter = 23 * 3600000L + 1800000;

        private const int PollMilliseconds = 1000;
        private const int FirstRetry = 5000;
        private const int LongestRetry = 900000;

        private readonly NetworkSession _session;
        private readonly ClientFactory _factory;
        private readonly Backoff _backoff;
        private long _due;
        private long _renewAt;

        // Written by the client's thread.
        private string _raw;
        private bool _unreadable;
        private bool _lost;
        private bool _twinRequested;

        /// <summary>Makes a connection; it connects in <see cref="Step"/>.</summary>
        /// <param name="options">The agent's options.</param>
        /// <param name="factory">Makes the client of each connection.</param>
        public HubConnection(UpdateAgentOptions options, ClientFactory factory)
        {
            _session = options.Session;
            _factory = factory;
            _backoff = new Backoff(FirstRetry, LongestRetry, Crc.Of(options.DeviceId));
        }

        /// <summary>How long to wait for each of the hub's answers, in milliseconds. Opening takes as long as the client takes.</summary>
        public int Timeout = 15000;

        /// <summary>The direct methods, each called as its C# method. A channel sets them before the first step.</summary>
        public MethodCallback[] Methods;

        /// <summary>The client of this connection, for the application's own messages; null while there is none.</summary>
        public DeviceClient Client;

        /// <summary>The exception that the client threw last; null when it threw none.</summary>
        public Exception Fault;

        /// <summary>The twin as fetched last, raw; null when the client cannot read what the hub sent.</summary>
        public string Twin;

        /// <summary>Rises each time <see cref="Twin"/> is set.</summary>
        public int Answers;

        /// <summary>Rises with each connection made.</summary>
        public int Connections;

        /// <summary>Whether there is a connection and the hub does not ask for patience.</summary>
        /// <param name="now">As for <see cref="Step"/>.</param>
        /// <returns>True when there is and it does not.</returns>
        public bool IsReady(long now)
        {
            return Client != null && !_lost && now >= _due;
        }

        /// <summary>Connects, or fetches the twin, when it is time: one of them.</summary>
        /// <param name="now">Milliseconds since the boot, never falling.</param>
        /// <returns>When to call again.</returns>
        public long Step(long now)
        {
            if (_lost)
            {
                Close();
                _due = now + _backoff.Failed(0);
            }
            else if (Client != null && now >= _renewAt)
            {
                Close();
            }

            if (now < _due)
            {
                return _due;
            }

            if (Client == null)
            {
                return _session.Take(this, long.MaxValue) ? Connect(now) : now + PollMilliseconds;
            }

            string raw = _raw;
            if (raw != null)
            {
                _raw = null;
                return Take(raw, now);
            }

            return _twinRequested ? Fetch(now) : now + PollMilliseconds;
        }

        /// <summary>Has the twin fetched at the next step, as after a patch.</summary>
        public void RequestTwin()
        {
            _twinRequested = true;
        }

        /// <summary>Sends reported properties. That they arrived, only a twin fetched later tells.</summary>
        /// <param name="json">An object of objects, texts, integers and truth values.</param>
        public void Report(string json)
        {
            Exchange(json);
        }

        /// <summary>Closes the connection until the next <see cref="Step"/>.</summary>
        public void Close()
        {
            DeviceClient client = Client;
            Client = null;
            _raw = null;
            _lost = false;
            try
            {
                if (client != null)
                {
                    client.Dispose();
                }
            }
            catch (Exception e)
            {
                // After a drop it always throws. There is nothing left to close then.
                Fault = e;
            }

            _session.Release(this);
        }

        private long Connect(long now)
        {
            try
            {
                Client = _factory();
                Client.StatusUpdated += OnStatus;
                for (int i = 0; i < Methods.Length; i++)
                {
                    Client.AddMethodCallback(Methods[i]);
                }

                if (!Client.Open())
                {
                    _lost = true;
                }
            }
            catch (Exception e)
            {
                Fault = e;
                _lost = true;
            }

            if (!_lost)
            {
                Connections++;
                _renewAt = now + RenewAfter;
                _twinRequested = true;
            }

            return now;
        }

        private long Fetch(long now)
        {
            // First, so that a patch which comes meanwhile requests it again.
            _twinRequested = false;
            _unreadable = false;
            Exchange(null);
            return _unreadable ? Take(null, now) : now;
        }

        // Sends a report, or with null fetches the twin.
        private void Exchange(string report)
        {
            CancellationTokenSource patience = new CancellationTokenSource(Timeout);
            try
            {
                if (report != null)
                {
                    // Without a token it would not wait for the message to leave. The result is no proof of anything.
                    Client.UpdateReportedProperties(new TwinCollection(HubJson.ToTable(HubJson.Open(report))), patience.Token);
                }
                else if (Client.GetTwin(patience.Token) != null)
                {
                    // The text comes by an event of its own, on another thread: perhaps a moment later.
                    _unreadable = false;
                }
                else if (!_unreadable)
                {
                    // No answer at all: the link is dead, and the client will say so some day.
                    _lost = true;
                }
            }
            catch (Exception e)
            {
                Fault = e;
                _lost = true;
            }

            patience.Dispose();
        }

        private long Take(string raw, long now)
        {
            // Other answers than the twin, such as that to too many requests, come as one without a version.
            if (raw != null && raw.IndexOf("\"$version\"") < 0)
            {
                _twinRequested = true;
                _due = now + _backoff.Failed(0);
                return _due;
            }

            _backoff.Succeeded();
            Twin = raw;
            Answers++;
            return now;
        }

        // On the client's thread: a handler that waits stops every later event, and one that throws ends the connection.
        private void OnStatus(object sender, StatusUpdatedEventArgs e)
        {
            if (sender != Client)
            {
                return;
            }

            switch (e.IoTHubStatus.Status)
            {
                case Status.Disconnected:
                    _lost = true;
                    break;
                case Status.TwinReceived:
                    _raw = e.IoTHubStatus.Message;
                    break;
                case Status.TwinUpdateReceived:
                    // A patch, or the hub's answer to a report: the client says the same to both.
                    _twinRequested = true;
                    break;
                case Status.InternalError:
                    _unreadable = true;
                    break;
            }
        }
    }
}
