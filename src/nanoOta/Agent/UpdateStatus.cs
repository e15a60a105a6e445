// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// What there is to say of a device's updates at one moment: reported by channels, and shown to the application. What
    /// <see cref="UpdateAgent.Status"/> gives never changes: it may be read on any thread.
    /// </summary>
    public sealed class UpdateStatus
    {
        /// <summary>The version that runs; null before the first report.</summary>
        public string Current;

        /// <summary>The version requested; null when none is, or it runs already.</summary>
        public string Target;

        /// <summary>Where the update stands.</summary>
        public UpdateState State;

        /// <summary>The state in a word, for reports: <c>idle</c>, <c>checking</c>, <c>waiting</c>, <c>downloading</c> and so on.</summary>
        public string StateText => StateTable.Text(State);

        /// <summary>Why the update waits, or what it fails at and tries again; <see cref="ResultCode.None"/> when it goes on.</summary>
        public ResultCode Waiting;

        /// <summary>The exception that foreign code threw last: a channel, a source, a module, a delegate; null when none did.</summary>
        public Exception Fault;

        /// <summary>Bytes of all components that lie in their idle slots.</summary>
        public long BytesDone;

        /// <summary>Bytes of all components; 0 before the first download.</summary>
        public long BytesTotal;

        /// <summary>Bytes of images and patches that the network brought since the update request was heard, those brought twice among them.</summary>
        public long BytesFetched;

        /// <summary>Bytes of images that were copied from the active slot instead.</summary>
        public long BytesCopied;

        /// <summary>Bytes of images that were put together from a patch instead.</summary>
        public long BytesPatched;

        /// <summary>How much of all components lies in their idle slots, in per cent.</summary>
        public int Progress => BytesTotal == 0 ? 0 : (int)(BytesDone * 100 / BytesTotal);

        /// <summary>What runs from where, for example <c>ota_0/deploy_1</c>.</summary>
        public string Slot;

        /// <summary>Whether another firmware could take over, were the one that runs to be damaged.</summary>
        public bool HasFallback;

        /// <summary>
        /// What modules report of their components, as a JSON object: for each id <c>state</c> (<c>idle</c>, <c>prepared</c>, <c>updated</c>,
        /// <c>failed</c>) and <c>version</c>; null when no module reports.
        /// </summary>
        public string Components;

        /// <summary>How the last update ended; <see cref="ResultCode.None"/> when there has been none.</summary>
        public ResultCode LastCode;

        /// <summary>Which version the last update was to; empty when there has been none or it could not be read.</summary>
        public string LastVersion = string.Empty;

        /// <summary>When it ended, in seconds since 1970; 0 when the clock was not set.</summary>
        public long LastTime;

        /// <summary>The reason that its self-test gave for failing; empty when it gave none, or did not fail.</summary>
        public string LastReason = string.Empty;

        /// <summary>The number that its self-test gave for failing.</summary>
        public int LastReasonNumber;

        internal UpdateStatus Copy()
        {
            return (UpdateStatus)MemberwiseClone();
        }
    }
}
