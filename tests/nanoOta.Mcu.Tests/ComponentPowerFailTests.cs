using System.Globalization;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.PowerFail.Components;

namespace nanoOta.Mcu.Tests
{
    /// <summary>Power failures during updates of several components. <c>nanoota powerfail --layout components</c> makes them at every injection point.</summary>
    public class ComponentPowerFailTests
    {
        public static TheoryData<string> Names => [.. ComponentScenario.All.Select(scenario => scenario.Name)];

        [Theory]
        [MemberData(nameof(Names))]
        public void A_cut_anywhere_leaves_all_components_at_one_release(string name)
        {
            // The short ones are cut at every point. NANOOTA_STRIDE=1 does so with all of them.
            string usual = name is "mcu" or "file" or "pair" ? "1" : "7";
            int stride = int.Parse(Environment.GetEnvironmentVariable("NANOOTA_STRIDE") ?? usual, CultureInfo.InvariantCulture);
            int pairs = int.Parse(Environment.GetEnvironmentVariable("NANOOTA_PAIRS") ?? "10", CultureInfo.InvariantCulture);
            ScenarioResult result = new ComponentCampaign(Find(name)) { Stride = stride }.Run(pairs, seed: 3);
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {result.Points.Values.Sum()} points, {result.Cuts} cuts, {result.Pairs} pairs and triples");
            Assert.True(result.Failures.Count == 0, string.Join("\n", result.Failures.Take(3).Select(f => $"{string.Join(", ", f.Cuts)} {f.Finding}\n  {string.Join("\n  ", f.Log.TakeLast(40))}")) + $"\n{result.Failures.Count} of {result.Cuts + result.Pairs} failed");
            Assert.Empty(result.Missing);
        }

        [Theory]
        [InlineData("pair-passes-late", "file")]
        [InlineData("pair-fails", "mcu")]
        public void The_planted_defect_of_a_module_that_forgets_to_go_back_is_seen(string name, string id)
        {
            var campaign = new ComponentCampaign(Find(name))
            {
                Stride = 50,
                MakeWorld = (one, cuts) => new ComponentWorld(one, cuts) { WrapModule = module => module.Handles(id) ? new ModuleAround(module) { OnRevert = _ => ResultCode.None } : module },
            };

            Assert.NotEmpty(campaign.Run(0, seed: 3).Failures);
        }

        private static ComponentScenario Find(string name) => ComponentScenario.All.Single(scenario => scenario.Name == name);
    }
}
