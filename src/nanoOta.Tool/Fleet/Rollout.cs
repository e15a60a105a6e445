using System.Globalization;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Fleet
{
    /// <summary>What a rollout is about at the moment.</summary>
    internal enum RolloutState
    {
        /// <summary>Devices may update.</summary>
        Active,

        /// <summary>No further device may; it can go on.</summary>
        Paused,

        /// <summary>No further device may, and the rollout is over.</summary>
        Cancelled,
    }

    /// <summary>
    /// A rollout to a group. Its state stands in the labels of the configuration that carries it out, and nowhere else: everybody who
    /// may use the hub sees the same, nothing lies on one operator's computer, and the configuration's ETag keeps two operators from
    /// overwriting each other. The content of a configuration cannot be changed, so each change is a new configuration, with a higher
    /// number and a higher priority, and the one before is deleted after it.
    /// </summary>
    internal sealed record Rollout
    {
        /// <summary>The label that marks what is the tool's own.</summary>
        public const string MarkLabel = "nanoota";

        /// <summary>The label that tells one writing from another.</summary>
        public const string OperationLabel = "operation";

        /// <summary>The label that says that the version has proved good.</summary>
        public const string GoodLabel = "good";

        /// <summary>Who.</summary>
        public required DeviceGroup Group { get; init; }

        /// <summary>The version.</summary>
        public required string Version { get; init; }

        /// <summary>The container's URL.</summary>
        public required string Container { get; init; }

        /// <summary>Whether it goes on.</summary>
        public RolloutState State { get; init; }

        /// <summary>The percentage of the group that may update.</summary>
        public int Percent { get; init; } = 100;

        /// <summary>The percentages that it goes through by itself; empty: it does not widen by itself.</summary>
        public IReadOnlyList<int> Plan { get; init; } = [];

        /// <summary>Pauses when so many failed, "2" devices or "2%" of those that decided; null: never by itself.</summary>
        public string? PauseAt { get; init; }

        /// <summary>The versions that the group had before and that proved good, the oldest first (see <see cref="GoodVersions"/>).</summary>
        public IReadOnlyList<string> Good { get; init; } = [];

        /// <summary>Whether this version has proved good: everybody decided at the last step, and no limit was reached.</summary>
        public bool IsGood { get; init; }

        /// <summary>The version that a rollback goes to; null: none is known to be good.</summary>
        public string? Previous => Good.Count == 0 ? null : Good[^1];

        /// <summary>Devices wait until then; null: they do not.</summary>
        public string? Start { get; init; }

        /// <summary>The window of the day; null: any time.</summary>
        public string? Window { get; init; }

        /// <summary>Another value makes devices retry what failed for good; null: none was set.</summary>
        public string? Retry { get; init; }

        /// <summary>The highest counter of all manifests that the group was asked for; null: none had one.</summary>
        public uint? Counter { get; init; }

        /// <summary>Whether devices need a signature to read the container.</summary>
        public bool NeedsToken { get; init; }

        /// <summary>How many configurations have carried out a rollout to this group.</summary>
        public int Number { get; init; }

        /// <summary>The priority of the configuration.</summary>
        public int Priority { get; init; }

        /// <summary>The id of the configuration.</summary>
        public string Id => Group.IdStem + Number.ToString(CultureInfo.InvariantCulture);

        /// <summary>The configuration that carries it out.</summary>
        /// <param name="token">The query that devices read the container with; null: none. A secret, which stands in the twins.</param>
        public DeviceConfiguration ToConfiguration(string? token)
        {
            var labels = new Dictionary<string, string> { [MarkLabel] = "1", [OperationLabel] = Guid.NewGuid().ToString("N")[..12] };
            foreach ((string name, string? value) in new[]
            {
                ("product", Group.Product), ("group", Group.Group), ("version", Version), ("container", Container), ("state", State.ToString().ToLowerInvariant()), ("percent", Text(Percent)),
                ("plan", Plan.Count == 0 ? null : string.Join('-', Plan)), ("pauseAt", PauseAt), ("previous", Good.Count == 0 ? null : string.Join(',', Good)), (GoodLabel, IsGood ? "yes" : null), ("start", Start), ("window", Window),
                ("retry", Retry), ("token", NeedsToken ? "yes" : null), ("counter", Counter == null ? null : Text((long)Counter)),
            })
            {
                if (value != null)
                {
                    labels[name] = value;
                }
            }

            var content = new JsonObject(ToDesired(token).Select(pair => KeyValuePair.Create("properties.desired." + pair.Key, pair.Value?.DeepClone())));
            return new DeviceConfiguration(Id, content, Group.Condition, Priority) { Labels = labels, Metrics = MetricQueries.For(Group.Condition, Version) };
        }

        /// <summary>The desired properties: every one of an update request is there, null when it is not to be. What is null goes from the twin.</summary>
        public JsonObject ToDesired(string? token)
        {
            bool isOn = State == RolloutState.Active;
            return new JsonObject
            {
                // Pausing must be written: deleting or narrowing a configuration leaves what it wrote.
                ["updateVersion"] = isOn ? Version : null,
                ["updateUrl"] = isOn ? Container : null,
                ["updateToken"] = isOn ? token : null,
                ["updateShare"] = isOn && Percent < 100 ? Percent : null,
                ["updateAfter"] = isOn ? Start : null,
                ["updateWindow"] = isOn ? Window : null,
                ["updateRetry"] = Retry,
            };
        }

        /// <summary>Why a rollout that does not go on cannot be widened or watched.</summary>
        public Failure NotActive()
        {
            return State == RolloutState.Paused
                ? new Failure(ExitCode.Paused, $"the rollout of {Version} to {Group} is paused. Go on with: nanoota rollout {Group.Product} {Group.Group} --resume")
                : new Failure(ExitCode.NoTarget, $"the rollout of {Version} to {Group} is cancelled, which is for good. Begin another one: nanoota deploy FILE {Version} {Group.Product} {Group.Group}");
        }

        /// <summary>Whether the device is among those that may update: the device's own rule.</summary>
        public bool TakesIn(string deviceId) => Rank(deviceId) < (uint)Percent;

        /// <summary>The smallest percentage that takes in one of the devices; 1 to 100.</summary>
        public int LeastPercent(IEnumerable<string> deviceIds) => (int)deviceIds.Min(Rank) + 1;

        private uint Rank(string deviceId) => VirtualDevice.Images.Crc32.Ieee(System.Text.Encoding.UTF8.GetBytes(deviceId + Version)) % 100;

        private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
