// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>What there is to say of a device's updates: reported by channels, and shown to the application.</summary>
    public sealed class UpdateStatus
    {
        /// <summary>The version that runs.</summary>
        public string Current;

        /// <summary>The version wanted; null when none is, or it runs already.</summary>
        public string Target;

        /// <summary>Where the update stands.</summary>
        public UpdateState State;

        /// <summary>The state in a word, for reports: <c>idle</c>, <c>checking</c>, <c>waiting</c>, <c>downloading</c> and so on.</summary>
        public string StateText => StateTable.Text(State);

        /// <summary>Why the update waits, or what it fails at and tries again; <see cref="ResultCode.None"/> when it goes on.</summary>
        public ResultCode Waiting;

        /// <summary>The exception that foreign code threw last: a channel, a source, a module, a delegate; null when none did.</summary>
        public Exception Fault;

        /// <summary>How much of all components has been downloaded, in per cent.</summary>
        public int Progress;

        /// <summary>What runs from where, for example <c>ota_0/deploy_1</c>.</summary>
        public string Slot;

        /// <summary>Whether another firmware could take over, were the one that runs to be damaged.</summary>
        public bool HasFallback;

        /// <summary>How the last update ended; <see cref="ResultCode.None"/> when there has been none.</summary>
        public ResultCode LastCode;

        /// <summary>Which version the last update was to; empty when there has been none or it could not be read.</summary>
        public string LastVersion = string.Empty;

        /// <summary>When it ended, in seconds since 1970; 0 when the clock was not set.</summary>
        public long LastTime;
    }
}
