// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// Reports on their way to the twin, in order, and what the twin shows of those before. Each carries a mark beside the
    /// components, <c>otaDeviceUpdate.id</c>; it has arrived when a twin fetched later shows the mark, and is sent again until then.
    /// </summary>
    internal sealed class DeviceUpdateReports
    {
        private const int AnswerMilliseconds = 10000;
        private const int FirstRetry = 5000;
        private const int LongestRetry = 900000;
        private const int Most = 8;
        private const string Agent = "/deviceUpdate/agent";
        private const string Service = "/deviceUpdate/service";
        private const string Mark = "/otaDeviceUpdate/id";

        /// <summary>What reported properties must be read for.</summary>
        internal static readonly string[] Paths = { Agent + "/state", Agent + "/workflow/", Agent + "/installedUpdateId", Service + "/", Mark };

        private readonly HubConnection _hub;
        private readonly Backoff _retries;
        private readonly string[] _queue = new string[Most];
        private int _count;
        private bool _isSent;
        private long _due;
        private string _shownMark;

        internal DeviceUpdateReports(HubConnection hub, string deviceId)
        {
            _hub = hub;
            _retries = new Backoff(FirstRetry, LongestRetry, Crc.Of(deviceId));
        }

        /// <summary>What the twin shows: the agent's state, -1 when there is none.</summary>
        internal int State = -1;

        /// <summary>The workflow of that state.</summary>
        internal string Workflow;
        internal string RetryTimestamp;
        internal string InstalledId;

        /// <summary>The last answer, and to which version of the desired properties.</summary>
        internal string Answer;
        internal long AnsweredVersion;

        internal bool IsEmpty => _count == 0;

        internal void Add(string members)
        {
            if (_count == Most)
            {
                // The oldest that is not under way: what is newer matters more.
                Array.Copy(_queue, 2, _queue, 1, Most - 2);
                _count--;
            }

            _queue[_count++] = members;
        }

        /// <summary>Adds one that is to go before those that wait, unless one is under way.</summary>
        internal void AddFirst(string members)
        {
            Add(members);
            for (int i = _count - 1; i > (_isSent ? 1 : 0); i--)
            {
                _queue[i] = _queue[i - 1];
                _queue[i - 1] = members;
            }
        }

        /// <summary>Reads the reported properties.</summary>
        /// <param name="reported">The reported properties, read for <see cref="Paths"/>.</param>
        internal void Read(JsonValues reported)
        {
            JsonValues agent = reported.Below(Agent);
            State = agent.Text("/state") == null ? -1 : (int)agent.Number("/state");
            Workflow = agent.Text("/workflow/id");
            RetryTimestamp = agent.Text("/workflow/retryTimestamp");
            InstalledId = agent.Text("/installedUpdateId");
            JsonValues service = reported.Below(Service);
            Answer = service.Text("/ac");
            AnsweredVersion = service.Number("/av");
            _shownMark = reported.Text(Mark);
        }

        /// <summary>A twin has been fetched; one that cannot be read must do as an answer.</summary>
        internal void TwinCame(long now, bool isReadable)
        {
            if (!_isSent)
            {
                return;
            }

            _isSent = false;
            if (isReadable && _shownMark != MarkOf(_queue[0]))
            {
                _due = now + _retries.Failed(0);
                return;
            }

            _retries.Succeeded();
            _due = 0;
            _count--;
            Array.Copy(_queue, 1, _queue, 0, _count);
        }

        // As TwinChannel does it with its one report. A class for both was tried, and cost more than it saved: nanoOta.Azure's .pe
        // grew by 220 bytes, and this one's shrank by 100.

        /// <summary>Sends when it is time.</summary>
        internal long Step(long now, long due)
        {
            if (due <= now || _count == 0 || !_hub.IsReady(now))
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

            _isSent = true;
            _due = now + AnswerMilliseconds;
            _hub.Report("{" + _queue[0] + ",\"otaDeviceUpdate\":{\"id\":\"" + MarkOf(_queue[0]) + "\"}}");
            return due;
        }

        /// <summary>The id of a version that runs, as Device Update wrote it where that is shown: it looks for the very text.</summary>
        internal string IdOf(DeviceUpdateOptions options, string current)
        {
            string provider = options.Provider == null ? options.Manufacturer : options.Provider;
            string name = options.Name == null ? options.Model : options.Name;
            string version = InstalledId == null ? null : HubJson.Find(HubJson.Open(InstalledId), "version", null);
            SemanticVersion parsed = DeviceUpdateManifest.ParseVersion(version);
            bool holds = parsed != null && parsed.Text == current && InstalledId == DeviceUpdateReport.UpdateId(provider, name, version);
            return holds ? InstalledId : DeviceUpdateReport.UpdateId(provider, name, current);
        }

        private static string MarkOf(string members)
        {
            return Crc.Of(members).ToString();
        }
    }
}
