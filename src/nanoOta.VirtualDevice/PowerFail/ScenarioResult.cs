using System.Security.Cryptography;

namespace nanoOta.VirtualDevice.PowerFail
{
    /// <summary>A run that did not end well.</summary>
    public sealed record ScenarioFailure(IReadOnlyList<Cut> Cuts, string Finding, IReadOnlyList<string> Log);

    /// <summary>What came of a scenario on a layout.</summary>
    /// <param name="Scenario">Its name.</param>
    /// <param name="Layout">The layout's name; <see cref="Components.ComponentCampaign.LayoutName"/> for a device with several components.</param>
    /// <param name="Points">Injection points of the run without a cut, by kind.</param>
    /// <param name="Cuts">Runs with one cut.</param>
    /// <param name="Pairs">Runs with two or three.</param>
    /// <param name="Failures">Runs that did not end well, those with the fewest cuts first.</param>
    public sealed record ScenarioResult(string Scenario, string Layout, IReadOnlyDictionary<Enum, int> Points, int Cuts, int Pairs, IReadOnlyList<ScenarioFailure> Failures)
    {
        /// <summary>Checkpoints that the download crosses without a cut.</summary>
        public required int Checkpoints { get; init; }

        /// <summary>How many it must cross, so that what comes between them is tested.</summary>
        public int MinCheckpoints { get; init; } = Campaign.MinCheckpoints;

        /// <summary>Kinds of injection points that the scenario should pass and does not.</summary>
        public required IReadOnlyList<Enum> Missing { get; init; }

        /// <summary>SHA-256 over what each cut left, before the next boot: run by run, cut by cut.</summary>
        public required IReadOnlyList<byte[]> States { get; init; }

        /// <summary>How many of <see cref="States"/> are different.</summary>
        public int DistinctStates => CountDistinct(States);

        /// <summary>SHA-256 over <see cref="States"/> in their order, in hexadecimal.</summary>
        public string StatesHash => HashOf(States);

        /// <summary>How many of some hashes are different.</summary>
        public static int CountDistinct(IEnumerable<byte[]> hashes)
        {
            return hashes.Select(Convert.ToHexStringLower).Distinct().Count();
        }

        /// <summary>SHA-256 over hashes in their order, in hexadecimal.</summary>
        public static string HashOf(IEnumerable<byte[]> hashes)
        {
            using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (byte[] hash in hashes)
            {
                all.AppendData(hash);
            }

            return Convert.ToHexStringLower(all.GetHashAndReset());
        }
    }
}
