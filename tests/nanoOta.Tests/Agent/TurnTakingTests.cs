using nanoOta.Tests.Download;

namespace nanoOta.Tests.Agent
{
    /// <summary>
    /// Who has the network when, over random lives: of channel, source, application and operator. Environment variables:
    /// <c>NANOOTA_LIVES</c>, how many (4,000); <c>NANOOTA_SEED</c>, the first one's seed (0).
    /// </summary>
    public sealed class TurnTakingTests(ITestOutputHelper output)
    {
        [Fact]
        public void The_channel_has_its_turn_each_minute_a_cancel_is_heard_nothing_spins_and_every_life_ends_well()
        {
            int count = Settings.Number("NANOOTA_LIVES", 4000);
            int first = Settings.Number("NANOOTA_SEED", 0);
            int failed = int.MaxValue;
            long steps = 0;
            object gate = new();
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = System.Environment.ProcessorCount }, (i, loop) =>
            {
                Life life = Life.Of(LifePlan.Random(first + i));
                lock (gate)
                {
                    steps += life.Steps;
                    if (life.Failure != null)
                    {
                        failed = Math.Min(failed, first + i);
                        loop.Break();
                    }
                }
            });
            output.WriteLine($"{count} lives, {steps} steps");
            Assert.True(failed == int.MaxValue, failed == int.MaxValue ? "" : Explain(failed));
        }

        private static string Explain(int seed)
        {
            LifePlan plan = LifePlan.Random(seed).Shrink(smaller => Life.Of(smaller).Failure != null);
            Life life = Life.Of(plan);
            return $"Seed {seed}: {life.Failure}\n{plan}\n{string.Join("\n", life.Story.TakeLast(40))}";
        }
    }
}
