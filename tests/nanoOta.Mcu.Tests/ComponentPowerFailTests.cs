using nanoOta.VirtualDevice.PowerFail.Components;
using nanoOta.VirtualDevice;

namespace nanoOta.Mcu.Tests
{
    /// <summary>Power failures during updates of several components.</summary>
    public class ComponentPowerFailTests
    {
        public static TheoryData<string> Names => [.. ComponentScenario.All.Select(scenario => scenario.Name)];

        [Theory]
        [MemberData(nameof(Names))]
        public void A_cut_anywhere_leaves_all_components_at_one_release(string name)
        {
            ComponentScenario scenario = ComponentScenario.All.Single(one => one.Name == name);
            int stride = int.Parse(Environment.GetEnvironmentVariable("NANOOTA_STRIDE") ?? "7", System.Globalization.CultureInfo.InvariantCulture);
            int pairs = int.Parse(Environment.GetEnvironmentVariable("NANOOTA_PAIRS") ?? "10", System.Globalization.CultureInfo.InvariantCulture);
            IReadOnlyList<ComponentFailure> failures = ComponentCampaign.Run(scenario, (one, cuts) => new ComponentWorld(one, cuts), stride, pairs, seed: 3, out IReadOnlyList<ComponentPoint> points, out int runs);
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {points.Count} points, {runs} runs");
            Assert.True(failures.Count == 0, string.Join("\n", failures.Take(3).Select(f => $"{f.Cuts.FirstOrDefault()} {f.Finding}\n  {string.Join("\n  ", f.Log.TakeLast(40))}")) + $"\n{failures.Count} of {runs} failed");
            if (scenario.Components.Contains("mcu"))
            {
                Assert.Contains(ComponentPoint.Chip, points);
                Assert.Contains(ComponentPoint.McuFlash, points);
                Assert.Contains(ComponentPoint.Uart, points);
            }
        }
    }
}
