using System.CommandLine;

namespace nanoOta.Tool.Fleet
{
    /// <summary>The two arguments that name a group of devices.</summary>
    internal sealed class GroupArguments
    {
        private readonly Argument<string> _product = new("PRODUCT") { Description = "The tag \"product\" of the devices." };
        private readonly Argument<string> _group = new("GROUP") { Description = "The tag \"group\" of the devices." };

        /// <summary>Gives a command the arguments.</summary>
        public void AddTo(Command command)
        {
            command.Arguments.Add(_product);
            command.Arguments.Add(_group);
        }

        /// <summary>The group.</summary>
        public DeviceGroup Read(ParseResult result) => DeviceGroup.Of(result.GetRequiredValue(_product), result.GetRequiredValue(_group));
    }
}
