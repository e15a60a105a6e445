using System.Globalization;
using System.Text.Json.Nodes;
using nanoOta.Tool.Devices;
using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Fleet
{
    /// <summary>Reads a rollout from the labels of its configuration. Anybody who may use the hub can change them, so that nothing of them is taken unchecked.</summary>
    internal sealed class RolloutLabels
    {
        /// <summary>The highest priority of a configuration: the next step takes a higher one.</summary>
        public const int MostPriority = 2_000_000_000;

        private const int MostNumber = 1_000_000_000;
        private const string Prefix = "properties.desired.";

        private readonly DeviceConfiguration _configuration;

        private RolloutLabels(DeviceConfiguration configuration)
        {
            _configuration = configuration;
        }

        /// <summary>Reads it; null when the tool did not make the configuration.</summary>
        /// <exception cref="Failure">It is the tool's, and something of it is not as the tool writes it.</exception>
        public static Rollout? Read(DeviceConfiguration configuration)
        {
            bool isMarked = configuration.Labels.ContainsKey(Rollout.MarkLabel);
            bool isOurs = isMarked || (configuration.Id.StartsWith(DeviceGroup.AllStem, StringComparison.Ordinal) && configuration.Content.ContainsKey(Prefix + "updateVersion"));
            return isOurs ? new RolloutLabels(configuration).Read() : null;
        }

        /// <summary>The percentages of a plan, such as 5-25-100; null when they are none, or do not rise.</summary>
        public static int[]? Steps(string text)
        {
            int[] steps = [.. text.Split('-').Select(step => (int)Math.Min(Whole(step) ?? 0, 101))];
            return steps.All(step => step is >= 1 and <= 100) && steps.SequenceEqual(steps.Order().Distinct()) ? steps : null;
        }

        private Rollout Read()
        {
            Get(Rollout.MarkLabel, text => text == "1", "1");
            const string Name = "a name of letters, digits, '-', '_' and '.'";
            var group = new DeviceGroup(Get("product", DeviceGroup.IsName, Name), Get("group", DeviceGroup.IsName, Name));
            string number = _configuration.Id[(_configuration.Id.LastIndexOf('-') + 1)..];
            var rollout = new Rollout
            {
                Group = group,
                Version = Get("version", IsVersion, "a semantic version"),
                Container = Get("container", text => Url.IsAbsolute(text) && IsRead("updateUrl", text), "an absolute http or https URL"),
                State = Enum.Parse<RolloutState>(Get("state", IsState, "active, paused or cancelled"), ignoreCase: true),
                Percent = (int)Whole(Get("percent", text => Whole(text) is <= 100, "a whole number from 0 to 100"))!.Value,
                Plan = Find("plan", text => Steps(text) != null, "percentages from 1 to 100 that rise, such as 5-25-100") is { } plan ? Steps(plan)! : [],
                PauseAt = Find("pauseAt", FailureLimit.Is, "a number of devices, such as 2, or a percentage of those that decided, such as 2%"),
                Good = Find("previous", text => text.Split(',').All(IsVersion), "semantic versions with commas between them") is { } good ? good.Split(',') : [],
                IsGood = HasMark(Rollout.GoodLabel),
                Start = Find("start", text => IsRead("updateAfter", text), "a time in UTC, such as 2026-11-20T22:00:00Z"),
                Window = Find("window", text => IsRead("updateWindow", text), "a time of the day from and to, such as 22:00-04:00"),
                Retry = Find("retry", text => IsRead("updateRetry", text), "a short text"),
                NeedsToken = HasMark("token"),
                Counter = Find("counter", text => Whole(text) != null, $"a whole number from 0 to {uint.MaxValue}") is { } counter ? Whole(counter) : null,
                Number = Whole(number) is >= 1 and <= MostNumber and { } count ? (int)count : 0,
                Priority = _configuration.Priority,
            };
            return rollout.Id != _configuration.Id ? throw Fault($"its id is not {group.IdStem}N, which its labels product and group ask for. It may be a copy: take the label {Rollout.MarkLabel} off it, or delete it.")
                : rollout.Priority is < 0 or > MostPriority ? throw Fault($"its priority is not a whole number from 0 to {MostPriority}, so that no next step can be above it. Set one: az iot hub configuration update -n HUB -c {_configuration.Id} --set priority=10")
                : _configuration.Content[Prefix + "updateToken"] is { } token && JsonMember.Text(token) == null ? throw Fault($"its content has an updateToken that is no text. Delete it and deploy again.")
                : rollout;
        }

        private string Get(string name, Func<string, bool> isRight, string what)
        {
            return Find(name, isRight, what) ?? throw Fault($"it has no label {name}, which is {what}. {Mend(name)}");
        }

        private string? Find(string name, Func<string, bool> isRight, string what)
        {
            return !_configuration.Labels.TryGetValue(name, out string? text) ? null
                : isRight(text) ? text : throw Fault($"its label {name} is '{DeviceReport.Printable(text)}', and not {what}. {Mend(name)}");
        }

        private bool HasMark(string name) => Find(name, text => text == "yes", "yes (without the label: no)") != null;

        private string Mend(string name) => $"Somebody has changed it at the hub. Set it right: az iot hub configuration update -n HUB -c {_configuration.Id} --set labels.{name}=…; or delete the configuration and deploy again.";

        private Failure Fault(string why) => new(ExitCode.Usage, $"configuration {DeviceReport.Printable(_configuration.Id)} cannot be read: {why}");

        private static uint? Whole(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;

        private static bool IsVersion(string text) => SemanticVersion.Parse(text)?.Text == text;

        private static bool IsState(string text) => Enum.GetNames<RolloutState>().Contains(text, StringComparer.OrdinalIgnoreCase);

        // By the devices' own code.
        private static bool IsRead(string property, string text) => !RequestFaults.Of(new JsonObject { [property] = text }.ToJsonString()).Any();
    }
}
