// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using nanoFramework.Azure.Devices.Client;

namespace nanoOta
{
    /// <summary>
    /// The channel of Azure Device Update: requests and reports are the components <c>deviceUpdate</c> and
    /// <c>deviceInformation</c> of an IoT hub's twin. A request is authenticated, in small steps, before
    /// the agent hears of it; it is accepted when the agent takes it up, and rejected when it does not.
    /// </summary>
    public sealed partial class DeviceUpdateChannel : IUpdateChannel
    {
        private readonly HubConnection _hub;
        private readonly DeviceUpdateOptions _options;
        private readonly DeviceUpdateReports _reports;
        private int _twins;
        private int _connection;
        private int _answers;
        private bool _isStarted;

        /// <summary>Makes the channel of a connection, which a <c>TwinChannel</c> may use, too: see <see cref="CombinedChannel"/>.</summary>
        /// <param name="agent">The agent's options: with <see cref="UpdateAgentOptions.RsaVerifier"/>.</param>
        /// <param name="options">What is to be known of the device.</param>
        /// <param name="hub">The connection.</param>
        /// <exception cref="ArgumentException">An option is missing or breaks a limit of Device Update: the message is its name.</exception>
        public DeviceUpdateChannel(UpdateAgentOptions agent, DeviceUpdateOptions options, HubConnection hub)
        {
            string fault = options.FindFault(agent);
            if (fault != null)
            {
                throw new ArgumentException(fault);
            }

            options.RootKeys = options.RootKeys == null ? new RootKeys(null) : options.RootKeys;
            _hub = hub;
            _options = options;
            _reports = new DeviceUpdateReports(hub, agent.DeviceId);
            _agent = agent;
            _looks = new Backoff(FirstLookMilliseconds, agent.LongestRetrySeconds * 1000L, Crc.Of(agent.DeviceId));
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

        /// <inheritdoc/>
        public long Step(long now)
        {
            long due = _hub.Step(now);
            if (_isConcluded)
            {
                _offer = null;
            }

            if (_lookAt != 0 && now >= _lookAt)
            {
                _lookAt = 0;
                _hub.RequestTwin();
            }

            if (_hub.Answers != _twins)
            {
                _twins = _hub.Answers;
                TakeTwin(now);
            }

            if (_isDeciding)
            {
                Decide(now, out long next);
                if (_isDeciding)
                {
                    return next < due ? next : due;
                }

                _answers++;
                Start();
                return now;
            }

            return _reports.Step(now, due);
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
            Follow(status);
            Start();
        }

        /// <inheritdoc/>
        public void CheckNow()
        {
            _hub.RequestTwin();
        }

        /// <inheritdoc/>
        public void Pause()
        {
            _options.RootKeys.Close();
            _hub.Close();
        }

        private void TakeTwin(long now)
        {
            JsonReader json = HubJson.Open(_hub.Twin);
            DeviceUpdateRequest request = null;
            string name;
            while ((name = json.ReadMember(1)) != null)
            {
                if (name == "desired")
                {
                    request = DeviceUpdateRequest.Read(new JsonValues(json, DeviceUpdateRequest.Paths));
                }
                else if (name == "reported")
                {
                    _reports.Read(new JsonValues(json, DeviceUpdateReports.Paths));
                }
            }

            bool isReadable = request != null && request.Version > 0 && HubJson.IsWhole(json);
            _reports.TwinCame(now, isReadable);

            // Within a connection the hub's answers may overtake each other; a device made anew in the hub begins at 1.
            if (isReadable && (request.Version >= _request.Version || _connection != _hub.Connections))
            {
                _connection = _hub.Connections;
                Look(request, now);
            }

            if (!_isDeciding)
            {
                _answers++;
                Start();
            }
        }

        // The report of the start, once it is known what runs and what was asked for. A version on trial is not installed yet: the
        // installed version is reported when the trial is over. The result of a cancel goes behind the start's report: until it arrives
        // the twin says in progress, so that after a power cut the device knows that this result is missing.
        private void Start()
        {
            if (_isDeciding || _current == null || _answers == 0)
            {
                return;
            }

            int state = IsInProgress ? DeviceUpdateReport.InProgress : DeviceUpdateReport.Idle;
            bool isTrial = _state >= UpdateState.Trial && _state <= UpdateState.Revert;
            if (!_isStarted)
            {
                _isStarted = true;
                _isInstalledTold |= !isTrial;
                string agent = DeviceUpdateReport.Agent(_options, state, isTrial ? null : InstalledId(), null, null);
                _reports.AddFirst(agent + "," + DeviceUpdateReport.Information(_options, _current));
            }
            else if (!_isInstalledTold && _state == UpdateState.Idle && !IsInProgress)
            {
                // What was on trial came by another way.
                _isInstalledTold = true;
                _reports.Add(DeviceUpdateReport.Agent(null, state, InstalledId(), null, null));
            }

            EndCancelled();
        }
    }
}
