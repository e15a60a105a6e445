using System.CommandLine;
using nanoOta.Tool.Fleet;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>The option that names an instance of Device Update instead of a hub.</summary>
    internal sealed class InstanceOptions
    {
        private readonly Option<string?> _service;

        /// <summary>Makes the option.</summary>
        /// <param name="does">Begins its description.</param>
        public InstanceOptions(string does)
        {
            _service = new Option<string?>("--device-update") { Description = $"{does}: ACCOUNT.api.adu.microsoft.com/INSTANCE. GROUP is the tag ADUGroup. Sign in with 'az login', or give a token in NANOOTA_DEVICE_UPDATE_TOKEN." };
        }

        /// <summary>The option's name.</summary>
        public string Name => _service.Name;

        /// <summary>Gives a command the option.</summary>
        public void AddTo(Command command) => command.Options.Add(_service);

        /// <summary>A client of the instance; null: the option is not given.</summary>
        /// <param name="result">The command line.</param>
        /// <param name="settings">The settings.</param>
        /// <param name="output">Where the client says that it waits.</param>
        /// <param name="without">Options of the command that have no effect on Device Update.</param>
        public DeviceUpdateClient? Open(ParseResult result, Settings settings, Output output, params string[] without)
        {
            if (result.GetValue(_service) is not { } instance)
            {
                return null;
            }

            GivenOptions.Refuse(result, $"does not go with {Name}.", [.. without, "--hub"]);
            return new DeviceUpdateClient(instance, settings.Find("device-update-version", null) ?? DeviceUpdateClient.DefaultVersion, settings.Find("device-update-token", null)) { Waits = output.Complain };
        }
    }
}
