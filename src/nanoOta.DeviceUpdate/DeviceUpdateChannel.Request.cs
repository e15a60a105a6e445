// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    // The request in hand: authenticated, in small steps, before it becomes an offer; accepted when the agent takes it up, and rejected
    // when it does not; concluded once. What Device Update is to hear of it goes into the reports.
    public sealed partial class DeviceUpdateChannel
    {
        private const int FirstLookMilliseconds = 600000;

        private readonly UpdateAgentOptions _agent;
        private DeviceUpdateManifest _manifest;
        private ManifestAuthentication _authentication;
        private byte[] _text;
        private bool _isFetching;
        private bool _isAccepted;
        private bool _isTaken;
        private bool _isConcluded;
        private bool _isCancelled;
        private bool _lookAgain;

        // A root-key package that cannot be had is not fetched again at the very next connection, which its fetch brought about.
        private readonly Backoff _looks;

        // When a request whose root-key package could not be had is worth another look; 0: whenever the twin is fetched.
        private long _lookAt;

        // The request as the twin showed it last, what the agent is to do, and whether that is not known yet.
        private DeviceUpdateRequest _request = new DeviceUpdateRequest();
        private UpdateOffer _offer;
        private bool _isDeciding;

        // What the agent said last, and whether Device Update has been told what is installed.
        private UpdateState _state;
        private string _current;
        private bool _isInstalledTold;

        /// <summary>Whether a plain update is under way: a new request is then rejected as if the device were busy.</summary>
        internal bool IsHeld;

        /// <summary>How the request in hand came out last: why it was rejected, or <see cref="ResultCode.None"/>.</summary>
        public ResultCode Rejection;

        private bool IsInProgress => (_isAccepted && !_isConcluded) || _isCancelled;

        /// <summary>Looks at the request that the twin shows.</summary>
        /// <param name="request">It is followed when it is another one than that in hand, or worth another look.</param>
        /// <param name="now">Milliseconds since the boot.</param>
        private void Look(DeviceUpdateRequest request, long now)
        {
            bool isSame = request.IsSame(_request);
            _request.Version = request.Version;
            if (isSame && (!_lookAgain || now < _lookAt))
            {
                return;
            }

            // A new workflow replaces the one before: the fetch of its root keys ends here, and the agent gives it up when the offer goes.
            bool wasAccepted = _isAccepted && !_isConcluded;
            _request = request;
            _offer = null;
            _authentication = null;
            _isDeciding = false;
            _options.RootKeys.Close();
            _isTaken = false;
            _isAccepted = false;
            _isConcluded = true;
            _isCancelled = false;
            _lookAgain = false;
            _lookAt = 0;
            Rejection = ResultCode.None;
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
                    _isFetching = request.RootKeyPackageUrl != null && _options.RootKeys.FollowsPackages;
                    if (_isFetching)
                    {
                        _options.RootKeys.Fetch(request.RootKeyPackageUrl, _agent.Session, _hub);
                    }
                }
            }
        }

        /// <summary>One step of finding out whether the request is genuine and for this device.</summary>
        /// <param name="now">Milliseconds since the boot.</param>
        /// <param name="next">When to call again.</param>
        private void Decide(long now, out long next)
        {
            ResultCode code = Examine(now, out next);
            if (code != ResultCode.Pending)
            {
                _isDeciding = false;
                if (code != ResultCode.None)
                {
                    Conclude(code);
                }
            }
        }

        /// <summary>Hears what becomes of the offer.</summary>
        /// <param name="status">The agent's.</param>
        private void Follow(UpdateStatus status)
        {
            UpdateState before = _state;
            _state = status.State;
            _current = status.Current;
            bool isIdle = _state == UpdateState.Idle && before != UpdateState.Idle;
            if (_offer != null && !_isConcluded)
            {
                _isTaken |= _state == UpdateState.Check || IsItsTrial();
                if (_isTaken && isIdle)
                {
                    Conclude(IsInstalled() ? ResultCode.Applied : status.LastCode);
                }
                else if (_isTaken && _state > UpdateState.Check && !_isAccepted)
                {
                    Accept();
                }
            }
        }

        /// <summary>The id of what runs.</summary>
        private string InstalledId()
        {
            return _isConcluded && _isAccepted && IsInstalled() ? _manifest.Id : _reports.IdOf(_options, _current);
        }

        private ResultCode Examine(long now, out long next)
        {
            next = now;
            ResultCode code;
            if (_isFetching)
            {
                code = _options.RootKeys.Step(now, out next);
                _isFetching = code == ResultCode.Pending;
                _lookAgain = code != ResultCode.None && !_isFetching;
                _lookAt = _lookAgain ? now + _looks.Failed(0) : 0;
                return code == ResultCode.None ? ResultCode.Pending : code;
            }

            if (_authentication == null)
            {
                _text = Encoding.UTF8.GetBytes(_request.Manifest == null ? string.Empty : _request.Manifest);
                _authentication = new ManifestAuthentication(_agent, _options.RootKeys, _text, _request.Signature);
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
                offer.Digest = Sha256.Of(_agent.Hasher, _text, 0, _text.Length);
                _offer = offer;
                _isTaken = IsItsTrial();
            }

            _text = null;
            return code;
        }

        private bool IsItsTrial()
        {
            return (_state == UpdateState.Trial || _state == UpdateState.Confirm) && IsInstalled();
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
            Rejection = code;
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

        /// <summary>Tells what came of a cancel, if one waits for that. A trial is not cancelled: the update may have come to stay.</summary>
        private void EndCancelled()
        {
            if (!_isCancelled || _state != UpdateState.Idle)
            {
                return;
            }

            _isCancelled = false;
            _isInstalledTold = true;
            ResultCode code = IsInstalled() ? ResultCode.Applied : ResultCode.Cancelled;
            string id = IsInstalled() ? _manifest.Id : InstalledId();
            _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.Idle, id, _request, DeviceUpdateReport.Result(code, 0, 0)));
        }
    }
}
