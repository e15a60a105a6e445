using System.Collections.Concurrent;
using nanoOta.Tests.Download;

namespace nanoOta.Tests.DeviceUpdates
{
    /// <summary>
    /// One session on the network for hub, files and root keys. Environment variables: <c>NANOOTA_HUB_LIVES</c>, how many (24);
    /// <c>NANOOTA_SEED</c>, the first one's seed (0).
    /// </summary>
    public sealed class HubLifeTests
    {
        [Fact]
        public void Hub_images_and_root_keys_never_have_two_sessions_at_a_time_and_a_deployment_is_installed_in_the_end()
        {
            int first = Settings.Number("NANOOTA_SEED", 0);
            var failures = new ConcurrentBag<string>();
            Parallel.For(first, first + Settings.Number("NANOOTA_HUB_LIVES", 24), new ParallelOptions { MaxDegreeOfParallelism = System.Environment.ProcessorCount }, seed =>
            {
                if (HubLife.Run(seed) is { } failure)
                {
                    failures.Add($"Seed {seed}: {failure}");
                }
            });
            Assert.True(failures.IsEmpty, string.Join("\n\n", failures.OrderBy(failure => failure.Length).Take(3)));
        }
    }
}
