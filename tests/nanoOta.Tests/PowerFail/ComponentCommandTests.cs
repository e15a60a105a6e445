using nanoOta.Tests.Tool;
using nanoOta.Tool;

namespace nanoOta.Tests.PowerFail
{
    /// <summary>Scenarios of several components by the command; tests/nanoOta.Mcu.Tests has them all.</summary>
    public class ComponentCommandTests
    {
        [Fact]
        public void The_command_cuts_the_power_of_a_device_with_several_components()
        {
            ToolResult result = ToolResult.Of("powerfail", "--layout", "components", "--scenario", "file", "--pairs", "3", "--core", "model");

            Assert.Equal(0, result.ExitCode);
            Assert.Contains("file                 components    Flash ", result.Output);
            Assert.Contains(" 3 pairs and triples, ", result.Output);
        }

        [Fact]
        public void A_scenario_of_components_says_which_layout_it_takes()
        {
            Assert.Contains("the scenario 'pair' takes --layout components", ToolResult.Refusal(ExitCode.Usage, "powerfail", "--scenario", "pair"));
            Assert.Contains("there is no scenario 'crash'; there are mcu, ", ToolResult.Refusal(ExitCode.Usage, "powerfail", "--layout", "components", "--scenario", "crash"));
        }
    }
}
