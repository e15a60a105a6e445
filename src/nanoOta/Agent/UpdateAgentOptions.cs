// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>How a self-test stands.</summary>
    public enum SelfTestResult
    {
        /// <summary>Not done yet: ask again in a second.</summary>
        Running,

        /// <summary>The new version works.</summary>
        Passed,

        /// <summary>The new version does not work: it is rolled back.</summary>
        Failed,
    }

    /// <summary>The application's own test of a version on trial. It must return soon; a hang ends in the native watchdog.</summary>
    /// <returns>How the test stands.</returns>
    public delegate SelfTestResult SelfTestHandler();

    /// <summary>Asks the application something that is true or false now.</summary>
    /// <returns>The answer.</returns>
    public delegate bool QuestionHandler();

    /// <summary>Tells the time.</summary>
    /// <returns>Seconds since 1970, UTC; 0 while the clock is not set.</returns>
    public delegate long ClockHandler();

    /// <summary>What the agent is to know of its device, and the limits it keeps. Set before the agent is made.</summary>
    public sealed class UpdateAgentOptions
    {
        // The year 2024: a clock that shows less has not been set.
        private const long ClockIsSet = 1704067200;

        /// <summary>The running application's version, a.b.c: <see cref="SemanticVersion.FromAssembly"/>. Required.</summary>
        public string ApplicationVersion;

        /// <summary>The firmware target, as <c>SystemInfo.TargetName</c> gives it. Manifests for another one are refused.</summary>
        public string Target = string.Empty;

        /// <summary>The product's maker; when set, manifests that name another one, or none, are refused.</summary>
        public string Provider;

        /// <summary>The product; when set, manifests that name another one, or none, are refused.</summary>
        public string Product;

        /// <summary>What tells this device from others: for the share of a roll-out, and for jitter.</summary>
        public string DeviceId = string.Empty;

        /// <summary>The hosts, with port when it is not the scheme's own, that files may come from; null: any.</summary>
        public string[] AllowedHosts;

        /// <summary>Tells whose signature on a manifest is believed; when set, updates that are not signed are refused.</summary>
        public IManifestVerifier Verifier;

        /// <summary>
        /// Allows a manifest that nothing vouches for: not signed, not from the twin, not over verified TLS. For a desk, not for
        /// the field.
        /// </summary>
        public bool AllowUnsignedHttp;

        /// <summary>The application's self-test of a version on trial; null: reaching the cloud is the test.</summary>
        public SelfTestHandler SelfTest;

        /// <summary>Whether a version on trial must hear from its channel to be confirmed. What cannot be updated any more must not stay.</summary>
        public bool TrialNeedsContact = true;

        /// <summary>How long a trial may take, in seconds; the native watchdog strikes a minute later.</summary>
        public int TrialSeconds = 600;

        /// <summary>Whether the device is busy, so that an update must not start; null: never.</summary>
        public QuestionHandler IsBusy;

        /// <summary>Whether the battery suffices for an update; null: always.</summary>
        public QuestionHandler HasPower;

        /// <summary>The shortest time between two updates, in seconds, unless asked for by hand; 0: none.</summary>
        public int PeriodSeconds;

        /// <summary>For how long the application may delay the reboot, in seconds.</summary>
        public int RebootDelaySeconds = 3600;

        /// <summary>Bytes between two checkpoints of a download, a multiple of 4096: what a power cut costs at the most.</summary>
        public int CheckpointInterval = 65536;

        /// <summary>
        /// Whether the channel gives up its connection while files are fetched, and takes it up for a moment after the manifest and
        /// after every <see cref="CheckpointInterval"/> bytes, to report and to look for a cancel: so that no two TLS sessions are
        /// open at a time. A device with PSRAM has room for two: turn it off there.
        /// </summary>
        public bool PauseChannelWhileDownloading = true;

        /// <summary>The slowest download that is put up with, in bytes a second over half a minute.</summary>
        public int MinimumRate = 128;

        /// <summary>The first delay after a failed download, in seconds. It doubles, up to <see cref="LongestRetrySeconds"/>.</summary>
        public int FirstRetrySeconds = 5;

        /// <summary>The longest delay between two tries of a download, in seconds.</summary>
        public int LongestRetrySeconds = 900;

        /// <summary>Tries in a row without a block of progress after which a download has failed.</summary>
        public int MaxTries = 8;

        /// <summary>After a download has failed for good, seconds until it is tried anew.</summary>
        public int NextRoundSeconds = 6 * 3600;

        /// <summary>The clock that gates on time go by.</summary>
        public ClockHandler Clock = SystemClock;

        private static long SystemClock()
        {
            long now = UtcTime.ToSeconds(DateTime.UtcNow);
            return now < ClockIsSet ? 0 : now;
        }
    }
}
