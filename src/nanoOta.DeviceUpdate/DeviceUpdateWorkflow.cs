// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// The request in hand: authenticated, in small steps, before it becomes an offer; accepted when the agent takes it up, and rejected
    /// when it does not; concluded once. What Device Update is to hear of it goes into the reports.
    /// </summary>
    internal sealed class DeviceUpdateWorkflow
    {
        private const int FirstLookMilliseconds = 600000;

        private readonly UpdateAgentOptions _agent;
        private readonly DeviceUpdateOptions _options;
        private readonly DeviceUpdateReports _reports;
        private readonly RootKeys _roots;
        private readonly HubConnection _hub;
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

        internal DeviceUpdateWorkflow(UpdateAgentOptions agent, DeviceUpdateOptions options, HubConnection hub, DeviceUpdateReports reports)
        {
            _agent = agent;
            _options = options;
            _reports = reports;
            _roots = options.RootKeys;
            _hub = hub;
            _looks = new Backoff(FirstLookMilliseconds, agent.LongestRetrySeconds * 1000L, Crc.Of(agent.DeviceId));
        }

        /// <summary>The request as the twin showed it last.</summary>
        internal DeviceUpdateRequest Request = new DeviceUpdateRequest();

        /// <summary>What the agent is to do; null when there is nothing.</summary>
        internal UpdateOffer Offer;

        /// <summary>When a request whose root-key package could not be had is worth another look; 0: whenever the twin is fetched.</summary>
        internal long LookAt;

        /// <summary>Whether it is not yet known what to do.</summary>
        internal bool IsDeciding;

        /// <summary>Whether a plain update is under way: a new request is then rejected as if the device were busy.</summary>
        internal bool IsHeld;

        /// <summary>Why the request was rejected, or <see cref="ResultCode.None"/>.</summary>
        internal ResultCode Rejection;

        /// <summary>What the agent said last.</summary>
        internal UpdateState State;
        internal string Current;

        /// <summary>Whether Device Update has been told what is installed.</summary>
        internal bool IsInstalledTold;

        internal bool IsInProgress => (_isAccepted && !_isConcluded) || _isCancelled;

        /// <summary>Gives up the connection, if it has one.</summary>
        internal void Pause()
        {
            _roots.Close();
        }

        /// <summary>Takes back the offer of what has been concluded.</summary>
        internal void Withdraw()
        {
            if (_isConcluded)
            {
                Offer = null;
            }
        }

        /// <summary>Looks at the request that the twin shows.</summary>
        /// <param name="request">It is followed when it is another one than that in hand, or worth another look.</param>
        /// <param name="now">Milliseconds since the boot.</param>
        internal void Look(DeviceUpdateRequest request, long now)
        {
            bool isSame = request.IsSame(Request);
            Request.Version = request.Version;
            if (isSame && (!_lookAgain || now < LookAt))
            {
                return;
            }

            // A new workflow replaces the one before; the agent gives that up when the offer goes.
            bool wasAccepted = _isAccepted && !_isConcluded;
            Request = request;
            Offer = null;
            _authentication = null;
            IsDeciding = false;
            _isFetching = false;
            _isTaken = false;
            _isAccepted = false;
            _isConcluded = true;
            _isCancelled = false;
            _lookAgain = false;
            LookAt = 0;
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
                    IsDeciding = true;
                    _isFetching = request.RootKeyPackageUrl != null && _roots.FollowsPackages;
                    if (_isFetching)
                    {
                        _roots.Fetch(request.RootKeyPackageUrl, _agent.Session, _hub);
                    }
                }
            }
        }

        /// <summary>One step of finding out whether the request is genuine and for this device.</summary>
        /// <param name="now">Milliseconds since the boot.</param>
        /// <param name="next">When to call again.</param>
        internal void Decide(long now, out long next)
        {
            ResultCode code = Examine(now, out next);
            if (code != ResultCode.Pending)
            {
                IsDeciding = false;
                if (code != ResultCode.None)
                {
                    Conclude(code);
                }
            }
        }

        /// <summary>Hears what becomes of the offer.</summary>
        /// <param name="status">The agent's.</param>
        internal void Follow(UpdateStatus status)
        {
            UpdateState before = State;
            State = status.State;
            Current = status.Current;
            bool isIdle = State == UpdateState.Idle && before != UpdateState.Idle;
            if (Offer != null && !_isConcluded)
            {
                _isTaken |= State == UpdateState.Check || IsItsTrial();
                if (_isTaken && isIdle)
                {
                    Conclude(IsInstalled() ? ResultCode.Applied : status.LastCode);
                }
                else if (_isTaken && State > UpdateState.Check && !_isAccepted)
                {
                    Accept();
                }
            }
        }

        /// <summary>The id of what runs.</summary>
        internal string InstalledId()
        {
            return _isConcluded && _isAccepted && IsInstalled() ? _manifest.Id : _reports.IdOf(_options, Current);
        }

        private ResultCode Examine(long now, out long next)
        {
            next = now;
            ResultCode code;
            if (_isFetching)
            {
                code = _roots.Step(now, out next);
                _isFetching = code == ResultCode.Pending;
                _lookAgain = code != ResultCode.None && !_isFetching;
                LookAt = _lookAgain ? now + _looks.Failed(0) : 0;
                return code == ResultCode.None ? ResultCode.Pending : code;
            }

            if (_authentication == null)
            {
                _text = Encoding.UTF8.GetBytes(Request.Manifest == null ? string.Empty : Request.Manifest);
                _authentication = new ManifestAuthentication(_agent, _roots, _text, Request.Signature);
            }

            code = _authentication.Step();
            if (code != ResultCode.None)
            {
                return code;
            }

            _authentication = null;
            code = DeviceUpdateManifest.Read(_text, Request, _options, out _manifest);
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
                offer.Retry = Request.WorkflowId + "/" + Request.RetryTimestamp;
                offer.Digest = Sha256.Of(_agent.Hasher, _text, 0, _text.Length);
                Offer = offer;
                _isTaken = IsItsTrial();
            }

            _text = null;
            return code;
        }

        private bool IsItsTrial()
        {
            return (State == UpdateState.Trial || State == UpdateState.Confirm) && IsInstalled();
        }

        private bool IsInstalled()
        {
            return _manifest != null && Current == _manifest.Update.Version.Text;
        }

        private void Accept()
        {
            if (!_isAccepted)
            {
                _isAccepted = true;
                _reports.Add(DeviceUpdateReport.Answer(ResultCode.None, Request.Version));
                _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.InProgress, null, Request, "null"));
            }
        }

        private void Reject(ResultCode code)
        {
            Rejection = code;
            _isConcluded = true;
            _lookAgain |= code == ResultCode.Busy;
            if (!(_reports.AnsweredVersion == Request.Version && _reports.Answer == "406"))
            {
                _reports.Add(DeviceUpdateReport.Answer(code, Request.Version));
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
            IsInstalledTold = true;
            string result = DeviceUpdateReport.Result(code, _manifest == null ? 0 : _manifest.Steps, _manifest == null ? 0 : _manifest.Installed);
            if (!isApplied)
            {
                _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.Failed, null, Request, result));
            }

            _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.Idle, isApplied ? _manifest.Id : InstalledId(), Request, result));
            _isConcluded = true;
        }

        /// <summary>Tells what came of a cancel, if one waits for that. A trial is not cancelled: the update may have come to stay.</summary>
        internal void EndCancelled()
        {
            if (!_isCancelled || State != UpdateState.Idle)
            {
                return;
            }

            _isCancelled = false;
            IsInstalledTold = true;
            ResultCode code = IsInstalled() ? ResultCode.Applied : ResultCode.Cancelled;
            string id = IsInstalled() ? _manifest.Id : InstalledId();
            _reports.Add(DeviceUpdateReport.Agent(null, DeviceUpdateReport.Idle, id, Request, DeviceUpdateReport.Result(code, 0, 0)));
        }
    }
}
