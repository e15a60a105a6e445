// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using nanoFramework.Azure.Devices.Client;

namespace nanoOta
{
    /// <summary>
    /// The channel over an Azure IoT hub's twin: update requests are the plain offer in the desired properties or come by direct method,
    /// reports are the reported property <c>ota</c>. A report carries an id; it has arrived when a twin fetched
    /// later shows it, and is sent again until then.
    /// </summary>
    public sealed class TwinChannel : IUpdateChannel
    {
        private const int ProgressMilliseconds = 10000;
        private const int AnswerMilliseconds = 10000;
        private const int FirstRetry = 5000;
        private const int LongestRetry = 900000;

        private readonly HubConnection _hub;
        private readonly Backoff _retries;
        private readonly UpdateOffer _unreadable = new UpdateOffer();
        private int _answers;
        private int _connection;
        private UpdateOffer _offer;

        // What the twin says, what a direct method said, and whether one said to let it be.
        private UpdateOffer _request;
        private UpdateOffer _manual;
        private bool _isCancelled;
        private bool _isUnreadable;
        private long _version;

        // The newest report, when it is to be sent or looked for, and the id of the report that the twin shows.
        private string _report = "{}";
        private string _id;
        private string _shownId;
        private UpdateState _state;
        private ResultCode _waiting;
        private bool _isSent;
        private long _sentAt;
        private long _due;

        // Written by the client's thread.
        private string _call;
        private int _calls;
        private int _callsTaken;

        /// <summary>Makes the channel of a connection.</summary>
        /// <param name="options">The agent's options.</param>
        /// <param name="hub">The connection; a channel of Azure Device Update may use it as well.</param>
        public TwinChannel(UpdateAgentOptions options, HubConnection hub)
        {
            _hub = hub;
            _retries = new Backoff(FirstRetry, LongestRetry, Crc.Of(options.DeviceId));
            _unreadable.Code = ResultCode.TwinUnreadable;
            hub.Methods = new MethodCallback[] { update, cancel, status };
        }

        /// <inheritdoc/>
        public UpdateOffer Offer => _offer;

        /// <inheritdoc/>
        public int Answers => _answers;

        /// <inheritdoc/>
        public bool IsReported => _id == _shownId;

        /// <inheritdoc/>
        public long Step(long now)
        {
            long due = _hub.Step(now);
            if (_hub.Answers != _answers)
            {
                _answers = _hub.Answers;
                TakeTwin(now);
            }

            if (_calls != _callsTaken)
            {
                // The count first: a call that comes meanwhile is at worst taken twice.
                _callsTaken = _calls;
                TakeCall(_call);
            }

            Decide();
            if (due <= now || IsReported || !_hub.IsReady(now))
            {
                return due;
            }

            if (now < _due)
            {
                return _due < due ? _due : due;
            }

            if (_isSent)
            {
                // The hub is silent on what it refuses for being too much or too large. The twin tells.
                _due = long.MaxValue;
                _hub.RequestTwin();
                return now;
            }

            // Only a twin fetched from now on tells: the one before may show the same text, reported before the twin took another one.
            _isSent = true;
            _shownId = null;
            _sentAt = now;
            _due = now + AnswerMilliseconds;
            _hub.Report("{\"ota\":" + _report + "}");
            return due;
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
            string json = StatusReport.ToJson(status);
            bool isProgress = _id != null && status.State == _state && status.Waiting == _waiting;
            _id = Crc.Of(json).ToString();
            _report = "{\"id\":\"" + _id + "\"," + json.Substring(1);
            _state = status.State;
            _waiting = status.Waiting;
            _isSent = false;
            _due = isProgress ? _sentAt + ProgressMilliseconds : 0;
        }

        /// <inheritdoc/>
        public void CheckNow()
        {
            _hub.RequestTwin();
        }

        /// <inheritdoc/>
        public void Pause()
        {
            _hub.Close();
        }

        private void TakeTwin(long now)
        {
            JsonReader json = HubJson.Open(_hub.Twin);
            UpdateOffer request = null;
            string shown = null;
            long version = 0;
            string name;
            while ((name = json.ReadMember(1)) != null)
            {
                if (name == "desired" && json.Token == JsonToken.ObjectStart)
                {
                    request = PlainOffer.Read(json, out version);
                }
                else if (name == "reported")
                {
                    shown = HubJson.Find(json, "ota", "id");
                }
            }

            _isUnreadable = version == 0 || !HubJson.IsWhole(json);
            if (_isUnreadable)
            {
                // What arrives cannot be seen then: that something was answered must do.
                shown = _isSent ? _id : _shownId;
            }
            else if (version > _version || _hub.Connections != _connection)
            {
                // Within a connection the hub's answers may overtake each other; a device made anew in the hub begins at 1.
                bool isOther = request == null ? _request != null : !request.IsSameUpdate(_request);
                if (isOther && _version > 0)
                {
                    _manual = null;
                    _isCancelled = false;
                }

                _request = request;
                _version = version;
                _connection = _hub.Connections;
            }

            _shownId = shown;
            if (IsReported)
            {
                _retries.Succeeded();
            }
            else if (_isSent)
            {
                _isSent = false;
                _due = now + _retries.Failed(0);
            }
        }

        // Empty: cancel. Otherwise the payload of update.
        private void TakeCall(string call)
        {
            _manual = null;
            _isCancelled = call.Length == 0;
            if (_isCancelled)
            {
                return;
            }

            JsonReader json = HubJson.Open(call);
            UpdateOffer offer = PlainOffer.Read(json, out _);
            if (offer == null || !HubJson.IsWhole(json))
            {
                offer = new UpdateOffer();
                offer.Code = ResultCode.OfferMalformed;
            }

            offer.Manual = true;
            _manual = offer;
        }

        private void Decide()
        {
            UpdateOffer offer = _manual != null ? _manual : _isCancelled ? null : _request;

            // An update under way goes on; otherwise there may be an update request, and this is why it is not known.
            if (_isUnreadable && _manual == null && (offer == null || _state == UpdateState.Idle || _offer == _unreadable))
            {
                offer = _unreadable;
            }

            _offer = offer;
        }

        // The client calls these by their C# names, on its own thread.

        private string update(int rid, string payload)
        {
            _call = payload + " ";
            _calls++;
            return "{\"heard\":true}";
        }

        private string cancel(int rid, string payload)
        {
            _call = string.Empty;
            _calls++;
            return "{\"heard\":true}";
        }

        private string status(int rid, string payload)
        {
            return _report;
        }
    }
}
