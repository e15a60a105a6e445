// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Text;
using nanoFramework.Azure.Devices.Client;

namespace nanoOta
{
    /// <summary>
    /// The channel of Azure Device Update: requests and reports are the components <c>deviceUpdate</c> and
    /// <c>deviceInformation</c> of an IoT hub's twin (docs/device-update.md). A request is authenticated, in small steps, before
    /// the agent hears of it; it is accepted when the agent takes it up, and rejected when it does not.
    /// </summary>
    public sealed class DeviceUpdateChannel : IUpdateChannel
    {
        private readonly HubConnection _hub;
        private readonly DeviceUpdateOptions _options;
        private readonly RootKeys _roots;
        private readonly DeviceUpdateReports _reports;
        private readonly RootKeyFetch _fetch;
        private int _twins;
        private int _connection;
        private int _answers;
        private UpdateOffer _offer;

        // The request in hand, and how far it has come.
        private DeviceUpdateRequest _request = new DeviceUpdateRequest();
        private DeviceUpdateManifest _manifest;
        private ManifestAuthentication _authentication;
        private byte[] _text;
        private bool _isDeciding;
        private bool _isFetching;
        private bool _isAccepted;
        private bool _isTaken;
        private bool _isConcluded;
        private bool _isCancelled;
        private bool _lookAgain;
        private ResultCode _rejection;

        // What the agent said last.
        private UpdateState _state;
        private string _current;
        private bool _isStarted;
        private bool _isInstalledTold;

        /// <summary>Makes the channel of a connection, which a <c>TwinChannel</c> may use, too: see <see cref="CombinedChannel"/>.</summary>
        /// <param name="hub">The connection.</param>
        /// <param name="options">What is to be known of the device.</param>
        /// <param name="deviceId">What tells this device from others, for jitter.</param>
        /// <exception cref="ArgumentException">The options break a limit of Device Update.</exception>
        public DeviceUpdateChannel(HubConnection hub, DeviceUpdateOptions options, string deviceId)
        {
            if (!options.IsGood())
            {
                throw new ArgumentException();
            }

            _hub = hub;
            _options = options;
            _roots = options.RootKeys == null ? new RootKeys(null, null) : options.RootKeys;
            _reports = new DeviceUpdateReports(hub, deviceId);
            _fetch = new RootKeyFetch(_roots, options.PackageSource);
            hub.Methods = hub.Methods == null ? new MethodCallback[0] : hub.Methods;
        }

        /// <inheritdoc/>
        public UpdateOffer Offer => _offer;

        /// <inheritdoc/>
        public int Answers => _answers;

        /// <inheritdoc/>
        public bool IsReported => _reports.IsEmpty && _isStarted && !_isDeciding;

        /// <summary>Whether a request is being looked at or followed, so that nothing else should be begun.</summary>
        public bool IsOccupied => _isDeciding || _offer != null;

        /// <summary>Whether a plain update is under way: a new request is then rejected as if the device were busy.</summary>
        internal bool IsHeld;

        /// <summary>How the request in hand came out last: why it was rejected, or <see cref="ResultCode.None"/>.</summary>
        public ResultCode Rejection => _rejection;

        /// <inheritdoc/>
        public long Step(long now)
        {
            long due = _hub.Step(now);
            if (_isConcluded)
            {
                _offer = null;
            }

            if (_hub.Answers != _twins)
            {
                _twins = _hub.Answers;
                TakeTwin(now);
            }

            if (_isDeciding)
            {
                ResultCode code = Decide(now, out long next);
                if (code == ResultCode.Pending)
                {
                    return next < due ? next : due;
                }

                _isDeciding = false;
                _answers++;
                if (code != ResultCode.None)
                {
                    Conclude(code);
                }

                Start();
                return now;
            }

            return _reports.Step(now, due);
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
            UpdateState before = _state;
            _state = status.State;
            _current = status.Current;
            bool isIdle = _state == UpdateState.Idle && before != UpdateState.Idle;
            if (_offer != null && !_isConcluded)
            {
                _isTaken |= _state == UpdateState.Resolve || IsItsTrial();
                if (_isTaken && isIdle)
                {
                    Conclude(IsInstalled() ? ResultCode.Applied : status.LastCode);
                }
                else if (_isTaken && _state > UpdateState.Resolve && !_isAccepted)
                {
                    Accept();
                }
            }

            Start();
        }

        /// <inheritdoc/>
        public void Pause()
        {
            _hub.Close();
        }

        private void TakeTwin(long now)
        {
            JsonReader json = HubJson.Open(_hub.Twin);
            DeviceUpdateRequest request = null;
            while (json.Read() == JsonToken.Name)
            {
                bool isDesired = json.Is("desired");
                bool isReported = json.Is("reported");
                json.Read();
                if (isDesired && json.Token == JsonToken.ObjectStart)
                {
                    request = DeviceUpdateRequest.Read(json);
                }
                else if (isReported && json.Token == JsonToken.ObjectStart)
                {
                    _reports.Read(json);
                }

                json.Skip();
            }

            bool isReadable = request != null && request.Version > 0 && HubJson.IsWhole(json);
            _reports.TwinCame(now, isReadable);

            // Within a connection the hub's answers may overtake each other; a device made anew in the hub begins at 1.
            if (isReadable && (request.Version >= _request.Version || _connection != _hub.Connections))
            {
                _connection = _hub.Connections;
                Look(request);
            }

            if (!_isDeciding)
            {
                _answers++;
                Start();
            }
        }

        private void Look(DeviceUpdateRequest request)
        {
            bool isSame = request.IsSame(_request);
            _request.Version = request.Version;
            if (isSame && !_lookAgain)
            {
                return;
            }

            // A new workflow replaces the one before; the agent gives that up when the offer goes.
            bool wasAccepted = _isAccepted && !_isConcluded;
            _request = request;
            _offer = null;
            _authentication = null;
            _isDeciding = false;
            _isFetching = false;
            _isTaken = false;
            _isAccepted = false;
            _isConcluded = true;
            _isCancelled = false;
            _lookAgain = false;
            _rejection = ResultCode.None;
            if (request.WorkflowId == null)
            {
                return;
            }

            bool isShown = _reports.Workflow == request.WorkflowId && _reports.RetryTimestamp == request.RetryTimestamp;
            if (request.Action == DeviceUpdateRequest.Cancel)
            {
                if (!(_reports.AnsweredVersion == request.Version && _reports.Answer == "200"))
                {
                    _reports.Add(DeviceUpdateReport.Answer(ResultCode.None, request.Version));
                }

                // Before a reboot it may have been in progress as well.
                _isCancelled = wasAccepted || _reports.State == DeviceUpdateReport.InProgress;
            }
            else if (request.Action != DeviceUpdateRequest.Process)
            {
                Reject(ResultCode.OfferMalformed);
            }
            else if (!(isShown && (_reports.State == DeviceUpdateReport.Idle || _reports.State == DeviceUpdateReport.Failed)))
            {
                // What was told to have failed is over as well, though the power went before it was told to be idle.
                _isConcluded = false;
                _manifest = null;
                _isAccepted = isShown && _reports.State == DeviceUpdateReport.InProgress;
                if (!_isAccepted && (IsHeld || (_options.IsBusy != null && _options.IsBusy())))
                {
                    Reject(ResultCode.Busy);
                }
                else
                {
                    _isDeciding = true;
                    _isFetching = request.RootKeyPackageUrl != null && _roots.TakesPackages && _options.PackageSource != null;
                    _fetch.Begin(request.RootKeyPackageUrl);
                }
            }
        }

        // One step of finding out whether the request is genuine and for this device.
        private ResultCode Decide(long now, out long next)
        {
            next = now;
            ResultCode code;
            if (_isFetching)
            {
                code = _fetch.Step(now, out next);
                _isFetching = code == ResultCode.Pending;
                _lookAgain = code != ResultCode.None && !_isFetching;
                return code == ResultCode.None ? ResultCode.Pending : code;
            }

            if (_authentication == null)
            {
                _text = Encoding.UTF8.GetBytes(_request.Manifest == null ? string.Empty : _request.Manifest);
                _authentication = new ManifestAuthentication(_roots, _text, _request.Signature);
            }

            code = _authentication.Step();
            if (code != ResultCode.None)
            {
                return code;
            }

            _authentication = null;
            code = DeviceUpdateManifest.Read(_text, _request, _options, out _manifest);
            if (code == ResultCode.None && _manifest.Update.Components.Length == 0)
            {
                // All its steps are done already.
                Accept();
                Conclude(ResultCode.Applied);
            }
            else if (code == ResultCode.None)
            {
                UpdateOffer offer = new UpdateOffer();
                offer.Version = _manifest.Update.Version;
                offer.Manifest = _manifest.Update;
                offer.IsSigned = true;

                // Another deployment of the same update, or a retry, is worth another try.
                offer.Retry = _request.WorkflowId + "/" + _request.RetryTimestamp;
                offer.Digest = new byte[Sha256.DigestLength];
                Sha256 hash = new Sha256();
                hash.Append(_text, 0, _text.Length);
                hash.Finish(offer.Digest, 0);
                _offer = offer;
                _isTaken = IsItsTrial();
            }

            _text = null;
            return code;
        }

        private bool IsItsTrial()
        {
            return _state >= UpdateState.Trial && IsInstalled();
        }

        private bool IsInstalled()
        {
            return _manifest != null && _current == _manifest.Update.Version.Text;
        }

        private void Accept()
        {
            if (!_isAccepted)
            {
                _isAccepted = true;
                _reports.Add(DeviceUpdateReport.Answer(ResultCode.None, _request.Version));
                _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.InProgress, null, _request, "null"));
            }
        }

        private void Reject(ResultCode code)
        {
            _rejection = code;
            _isConcluded = true;
            _lookAgain |= code == ResultCode.Busy;
            if (!(_reports.AnsweredVersion == _request.Version && _reports.Answer == "406"))
            {
                _reports.Add(DeviceUpdateReport.Answer(code, _request.Version));
            }
        }

        private void Conclude(ResultCode code)
        {
            bool isApplied = code == ResultCode.Applied;
            if (!isApplied && !_isAccepted)
            {
                Reject(code);
                return;
            }

            // What runs already is accepted like any other.
            Accept();
            _isInstalledTold = true;
            string result = DeviceUpdateReport.Result(code, _manifest == null ? 0 : _manifest.Steps, _manifest == null ? 0 : _manifest.Installed);
            if (!isApplied)
            {
                _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.Failed, null, _request, result));
            }

            _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.Idle, isApplied ? _manifest.Id : InstalledId(), _request, result));
            _isConcluded = true;
        }

        // A trial is not cancelled: the update may have come to stay.
        private void EndCancelled()
        {
            _isCancelled = false;
            _isInstalledTold = true;
            ResultCode code = IsInstalled() ? ResultCode.Applied : ResultCode.Cancelled;
            string id = IsInstalled() ? _manifest.Id : InstalledId();
            _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.Idle, id, _request, DeviceUpdateReport.Result(code, 0, 0)));
        }

        // The report of the start, once it is known what runs and what was asked for. A version on trial is not installed yet:
        // what is, is told when the trial is over. What came of a cancel is told behind it: until then the twin says in progress,
        // or after a power cut nothing would say that there is something to tell.
        private void Start()
        {
            if (_isDeciding || _current == null || _answers == 0)
            {
                return;
            }

            bool isInProgress = (_isAccepted && !_isConcluded) || _isCancelled;
            int state = isInProgress ? DeviceUpdateReport.InProgress : DeviceUpdateReport.Idle;
            bool isTrial = _state >= UpdateState.Trial;
            if (!_isStarted)
            {
                _isStarted = true;
                _isInstalledTold |= !isTrial;
                string agent = DeviceUpdateReport.Agent(_options, state, isTrial ? null : InstalledId(), null, null);
                _reports.AddFirst(agent + "," + DeviceUpdateReport.Information(_options, _current));
            }
            else if (!_isInstalledTold && _state == UpdateState.Idle && !isInProgress)
            {
                // What was on trial came by another way.
                _isInstalledTold = true;
                _reports.Add(DeviceUpdateReport.Agent(null, state, InstalledId(), null, null));
            }

            if (_isCancelled && _state == UpdateState.Idle)
            {
                EndCancelled();
            }
        }

        // As Device Update wrote it where that is known: it looks for the very text.
        private string InstalledId()
        {
            if (_isConcluded && _isAccepted && IsInstalled())
            {
                return _manifest.Id;
            }

            string provider = _options.Provider == null ? _options.Manufacturer : _options.Provider;
            string name = _options.Name == null ? _options.Model : _options.Name;
            string shown = _reports.InstalledId;
            string version = shown == null ? null : HubJson.Find(HubJson.Open(shown), "version", null);
            SemanticVersion parsed = DeviceUpdateManifest.ParseVersion(version);
            bool holds = parsed != null && parsed.Text == _current && shown == DeviceUpdateReport.UpdateId(provider, name, version);
            return holds ? shown : DeviceUpdateReport.UpdateId(provider, name, _current);
        }
    }
}
