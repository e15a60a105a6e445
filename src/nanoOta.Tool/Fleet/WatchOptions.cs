using System.CommandLine;

namespace nanoOta.Tool.Fleet
{
    /// <summary>How often a rollout is looked at, and for how long.</summary>
    internal sealed class WatchOptions
    {
        private const double LeastSeconds = 0.05;

        private readonly Option<double> _poll = new("--poll") { Description = "Seconds between two looks at the hub. Each is a query; a hub of one unit has 20 a minute for everybody.", DefaultValueFactory = _ => 10 };
        private readonly Option<double> _hours = new("--step-hours") { Description = "With a canary: how many hours a step lasts at the most, once a device took the version; devices that are switched off never decide.", DefaultValueFactory = _ => 24 };

        /// <summary>Gives a command the options.</summary>
        public void AddTo(Command command, bool withSteps = true)
        {
            command.Options.Add(_poll);
            if (withSteps)
            {
                command.Options.Add(_hours);
            }
        }

        /// <summary>The time between two looks.</summary>
        public TimeSpan Poll(ParseResult result)
        {
            double seconds = result.GetValue(_poll);
            return seconds is >= LeastSeconds and <= 3600 ? TimeSpan.FromSeconds(seconds) : throw new Failure(ExitCode.Usage, $"--poll is from {LeastSeconds} to 3600 seconds.");
        }

        /// <summary>Watches a rollout, widens and pauses it.</summary>
        public async Task<ExitCode> RunAsync(ParseResult result, HubClient hub, DeviceGroup group, Output output, CancellationToken stop)
        {
            double hours = result.GetValue(_hours);
            var canary = new Canary(hub, output) { Poll = Poll(result), Longest = hours is > 0 and <= 10000 ? TimeSpan.FromHours(hours) : throw new Failure(ExitCode.Usage, "--step-hours is above 0, and 10000 at the most.") };
            try
            {
                return await canary.RunAsync(group, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                throw new Failure(ExitCode.Interrupted, $"no longer watched. The rollout stays at its percentage, and nothing widens or pauses it now. Go on: nanoota rollout {group.Product} {group.Group} --watch");
            }
        }
    }
}
