using System.CommandLine;

namespace nanoOta.Tool.Fleet
{
    /// <summary>The two arguments that name a group of devices.</summary>
    internal sealed class GroupArguments
    {
        private readonly Argument<string> _product = new("PRODUCT") { Description = "The tag \"product\" of the devices; or a folder that is served on the LAN." };
        private readonly Argument<string?> _group = new("GROUP") { Description = "The tag \"group\" of the devices.", Arity = ArgumentArity.ZeroOrOne };

        /// <summary>Gives a command the arguments.</summary>
        public void AddTo(Command command)
        {
            command.Arguments.Add(_product);
            command.Arguments.Add(_group);
        }

        /// <summary>The group.</summary>
        /// <exception cref="Failure">Half of it is missing.</exception>
        public DeviceGroup Read(ParseResult result)
        {
            return DeviceGroup.Of(result.GetRequiredValue(_product), result.GetValue(_group)
                ?? throw new Failure(ExitCode.Usage, $"GROUP is missing: name product and group of devices at a hub. ({result.GetValue(_product)} is no folder that is served on the LAN, either.)"));
        }

        /// <summary>The update's name and the group, as Device Update knows them.</summary>
        /// <exception cref="Failure">Half of it is missing.</exception>
        public (string Name, string Group) ReadUpdate(ParseResult result)
        {
            return (result.GetRequiredValue(_product), result.GetValue(_group) ?? throw new Failure(ExitCode.Usage, "GROUP is missing: the tag ADUGroup of the devices."));
        }

        /// <summary>The folder that is meant instead, when there is no group and such a folder is there; null otherwise.</summary>
        public string? ReadFolder(ParseResult result)
        {
            return result.GetValue(_group) == null && Directory.Exists(result.GetRequiredValue(_product)) ? result.GetRequiredValue(_product) : null;
        }
    }
}
