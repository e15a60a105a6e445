using nanoOta.Tests.Tool;
using nanoOta.VirtualDevice.Fuzzing;

namespace nanoOta.Tests.Fuzzing
{
    public class FuzzTests
    {
        [Fact]
        public void Four_hundred_thousand_hostile_inputs_are_borne()
        {
            using var run = new FuzzRun(seed: 1);
            for (int round = 0; round < 400 && run.Next(); round++)
            {
            }

            Assert.True(run.Findings.Count == 0, string.Join("\n", run.Findings.Take(3).Select(f => $"{f.Target}: {f.What}\n{Convert.ToHexStringLower(f.Input)}")));
            Assert.True(run.Counts.Values.Sum() > 390_000);
            Assert.All(run.Counts, count => Assert.True(count.Value >= 400, count.Key));
        }

        [Fact]
        public void The_same_seed_gives_the_same_inputs()
        {
            var one = new Mutator(7);
            var other = new Mutator(7);
            byte[][] seeds = [[1, 2, 3], [4, 5, 6, 7]];
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal(one.Next(seeds), other.Next(seeds));
            }
        }

        [Fact]
        public void The_command_says_how_much_it_tried()
        {
            ToolResult result = ToolResult.Of("fuzz", "--seconds", "0", "--json");
            Assert.Equal((0, 0), (result.ExitCode, (int)result.Last["findings"]!));
            Assert.True((int)result.Last["inputs"]! > 900);
        }
    }
}
