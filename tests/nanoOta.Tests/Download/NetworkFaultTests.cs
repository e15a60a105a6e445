namespace nanoOta.Tests.Download
{
    /// <summary>
    /// Whatever a network does to an update, and for however long: once it is honest, the update is installed. Environment variables:
    /// <c>NANOOTA_SEQUENCES</c>, how many random sequences of faults (100,000); <c>NANOOTA_SEED</c>, the first one's seed (0).
    /// </summary>
    public sealed class NetworkFaultTests(ITestOutputHelper output)
    {
        /// <summary>
        /// From RetryRule and Backoff: a round has at most eight tries for the manifest and eight for each block of the image, from 5 s on
        /// and doubling; rounds begin 60 s apart and double. What makes progress is not held back, so small images come to most.
        /// </summary>
        private const int MostRequestsAnHour = 60;

        [Fact]
        public void After_any_faults_an_honest_server_s_update_is_installed_without_hammering_and_with_the_right_codes_meanwhile()
        {
            int count = Settings.Number("NANOOTA_SEQUENCES", 100_000);
            int first = Settings.Number("NANOOTA_SEED", 0);
            int failed = int.MaxValue;
            int most = 0;
            long requests = 0;
            long longest = 0;
            object gate = new();
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (i, loop) =>
            {
                FaultRun run = FaultRun.Of(FaultPlan.Random(first + i));
                lock (gate)
                {
                    most = Math.Max(most, run.MostRequestsAnHour);
                    longest = Math.Max(longest, run.Took);
                    requests += run.Requests;
                    if (run.Failure != null || run.MostRequestsAnHour > MostRequestsAnHour)
                    {
                        failed = Math.Min(failed, first + i);
                        loop.Break();
                    }
                }
            });
            output.WriteLine($"{count} sequences, {requests} requests, at most {most} in an hour, the longest update {longest / 3600000.0:F1} h");
            Assert.True(failed == int.MaxValue, failed == int.MaxValue ? "" : Explain(failed));
        }

        [Fact]
        public void A_manifest_that_trickles_in_is_given_up_for_being_too_slow()
        {
            var plan = new FaultPlan(
                Way.Container, Validator.None, Ranges.Served, 0, Framing.Length, 9000, 4096, false, [.. Enumerable.Repeat(new Fault(FaultKind.Trickle), 8)]);
            FaultRun run = FaultRun.Of(plan);
            Assert.True(run.Failure == null, run.Failure + "\n" + run.Story());
            Assert.Equal([ResultCode.TooSlow], run.Ends);
        }

        private static string Explain(int seed)
        {
            FaultPlan plan = FaultPlan.Random(seed).Shrink(smaller => Fails(FaultRun.Of(smaller)) != null);
            FaultRun run = FaultRun.Of(plan);
            return $"Seed {seed}: {Fails(run)}\n{plan}\n{run.Story()}";
        }

        private static string? Fails(FaultRun run)
        {
            return run.Failure ?? (run.MostRequestsAnHour > MostRequestsAnHour ? $"{run.MostRequestsAnHour} requests in an hour" : null);
        }
    }
}
