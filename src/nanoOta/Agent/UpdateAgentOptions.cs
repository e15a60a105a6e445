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

    /// <summary>Why a self-test fails: kept in the journal, and reported after the device has rolled back.</summary>
    public sealed class SelfTestReport
    {
        /// <summary>A few words of printable ASCII without quotes and backslashes; cut after <see cref="Journal.MaxReasonLength"/> characters.</summary>
        public string Text;

        /// <summary>A number of the application's own.</summary>
        public int Number;
    }

    /// <summary>
    /// The application's own test of a version on trial. It must return soon; a hang ends in the native watchdog. An exception counts as
    /// a failure.
    /// </summary>
    /// <param name="report">Takes the reason for a failure; may be left as it is.</param>
    /// <returns>How the test stands.</returns>
    public delegate SelfTestResult SelfTestHandler(SelfTestReport report);

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

        /// <summary>The shortest trial, in seconds.</summary>
        public const int MinTrialSeconds = 60;

        /// <summary>The longest trial, in seconds: the watchdog of an ESP32 counts no further than some 28,600.</summary>
        public const int MaxTrialSeconds = 28000;

        /// <summary>The running application's version, a.b.c: <see cref="SemanticVersion.FromAssembly"/>. Required.</summary>
        public string ApplicationVersion;

        /// <summary>
        /// What tells this device from others: for the percentage of a rollout, and for jitter. Required: with the same id everywhere, a whole
        /// fleet would be on one side of every percentage.
        /// </summary>
        public string DeviceId;

        /// <summary>Takers of components, at least one; the first, usually a <c>FirmwareModule</c>, leads. Required.</summary>
        public UpdateModule[] Modules;

        /// <summary>Where the agent's journal lies. Required.</summary>
        public IRecordStore Journal;

        /// <summary>Computes SHA-256. Required.</summary>
        public IHasher Hasher;

        /// <summary>Verifies RS256; required with a <see cref="Verifier"/> and for Device Update.</summary>
        public IRsaVerifier RsaVerifier;

        /// <summary>Who may use the network when.</summary>
        public readonly NetworkSession Session = new NetworkSession();

        /// <summary>The firmware target, as <c>SystemInfo.TargetName</c> gives it. Manifests for another one are refused.</summary>
        public string Target = string.Empty;

        /// <summary>The product's maker; when set, manifests that name another one, or none, are refused.</summary>
        public string Provider;

        /// <summary>The product; when set, manifests that name another one, or none, are refused.</summary>
        public string Product;

        /// <summary>
        /// The absolute URL of the container that holds manifests and files, for update requests that name a version alone
        /// (<c>updateVersion</c>); null: each request brings its own. With or without a slash at its end, and with its access signature if it needs one.
        /// </summary>
        public string ContainerUrl;

        /// <summary>The hosts, with port when it is not the scheme's own, that files may come from; null: any.</summary>
        public string[] AllowedHosts;

        /// <summary>Verifies signatures on manifests; when set, updates that are not signed are refused.</summary>
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

        /// <summary>
        /// How long a trial may take, in seconds, <see cref="MinTrialSeconds"/> to <see cref="MaxTrialSeconds"/>; the native watchdog strikes a
        /// minute later.
        /// </summary>
        public int TrialSeconds = 600;

        /// <summary>Whether the device is busy, so that an update must not start; null: never.</summary>
        public QuestionHandler IsBusy;

        /// <summary>Whether the battery suffices for an update; null: always.</summary>
        public QuestionHandler HasPower;

        /// <summary>The minimum interval between two updates, in seconds, unless asked for by hand; 0: none.</summary>
        public int MinimumIntervalSeconds;

        /// <summary>
        /// Whether the device may reboot now; null: always. Asked every ten seconds until it may, for <see cref="RebootDelaySeconds"/> at the
        /// longest.
        /// </summary>
        public QuestionHandler MayReboot;

        /// <summary>For how long the application may delay the reboot, in seconds.</summary>
        public int RebootDelaySeconds = 3600;

        /// <summary>Bytes between two checkpoints of a download, a multiple of 4096: what a power failure costs at the most.</summary>
        public int CheckpointInterval = 65536;

        /// <summary>Fetches only what has changed: an <c>AssemblyDelta</c> of nanoOta.Delta; null: images are fetched as a whole.</summary>
        public ImageDelta Delta;

        /// <summary>Decrypts images: <c>EncryptedImages</c> of nanoOta.Encryption with the device's keys; null: encrypted images are refused.</summary>
        public IImageDecryption Decryption;

        /// <summary>The minimum download rate, in bytes a second over half a minute.</summary>
        public int MinimumRate = 128;

        /// <summary>The first delay after a failed download, in seconds. It doubles, up to <see cref="LongestRetrySeconds"/>.</summary>
        public int FirstRetrySeconds = 5;

        /// <summary>The longest delay between two tries or rounds of a download, in seconds.</summary>
        public int LongestRetrySeconds = 6 * 3600;

        /// <summary>Tries in a row without a block of progress after which the failure is the result, until the next round.</summary>
        public int MaxTries = 8;

        /// <summary>The clock that gates on time go by.</summary>
        public ClockHandler Clock = SystemClock;

        private static long SystemClock()
        {
            long now = UtcTime.ToSeconds(DateTime.UtcNow);
            return now < ClockIsSet ? 0 : now;
        }

        /// <summary>
        /// The first option that is missing or out of its range; null when none is. Its name alone, which the .pe has anyway: what it must be,
        /// the option itself says.
        /// </summary>
        internal string FindFault()
        {
            return SemanticVersion.Parse(ApplicationVersion) == null ? nameof(ApplicationVersion)
                : DeviceId == null || DeviceId.Length == 0 ? nameof(DeviceId)
                : Modules == null || Modules.Length == 0 ? nameof(Modules)
                : Journal == null ? nameof(Journal)
                : Hasher == null ? nameof(Hasher)
                : TrialSeconds < MinTrialSeconds || TrialSeconds > MaxTrialSeconds ? nameof(TrialSeconds)
                : CheckpointInterval < UpdateContext.BlockLength || CheckpointInterval % UpdateContext.BlockLength != 0 ? nameof(CheckpointInterval)
                : ContainerUrl != null && !Url.IsAbsolute(ContainerUrl) ? nameof(ContainerUrl)
                : null;
        }
    }
}
