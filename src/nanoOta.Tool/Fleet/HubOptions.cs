using System.CommandLine;

namespace nanoOta.Tool.Fleet
{
    /// <summary>The option that names the hub.</summary>
    internal sealed class HubOptions
    {
        private readonly Option<string?> _hub = new("--hub") { Description = "The hub's connection string, with the right 'service connect'. Better in NANOOTA_HUB than here, where others on this computer can read it." };

        /// <summary>Gives a command the option.</summary>
        public void AddTo(Command command) => command.Options.Add(_hub);

        /// <summary>A client of the hub, which says so when a request has to wait.</summary>
        /// <exception cref="Failure">None is named, or the connection string is none.</exception>
        public HubClient Open(ParseResult result, Settings settings, Output output) => new(HubAddress.Parse(settings.Get("hub", result.GetValue(_hub)))) { Waits = output.Complain };
    }
}
