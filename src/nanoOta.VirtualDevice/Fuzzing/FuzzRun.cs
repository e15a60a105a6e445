using nanoOta.VirtualDevice.Slots;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>Gives every target its share of hostile inputs; the same seed, the same inputs.</summary>
    public sealed class FuzzRun : IDisposable
    {
        private const int Round = 1000;
        private const int MaxFindings = 20;

        // An input of a few hundred bytes is dealt with in microseconds, one of an image in milliseconds.
        private static readonly TimeSpan _hang = TimeSpan.FromSeconds(30);

        // Beyond what a target takes to be built (a flash, an image), nothing may grow with what an input claims.
        private const long MaxBytes = 8 << 20;

        private readonly Dictionary<string, long> _counts = [];
        private readonly HttpTarget _http = new();
        private readonly FuzzTarget[] _targets;
        private readonly Mutator _mutator;

        /// <summary>Begins a run.</summary>
        /// <param name="seed">Decides on the inputs.</param>
        /// <param name="core">The slot core that reads hostile flash.</param>
        /// <param name="flashOnly">Only what a device reads from its own flash, which is what the slot core does.</param>
        public FuzzRun(int seed, CoreKind core = CoreKind.Model, bool flashOnly = false)
        {
            _mutator = new Mutator(seed);
            IReadOnlyList<FuzzTarget> flash = new FlashTargets(core).All;
            _targets = flashOnly ? [.. flash]
                : [.. TextTargets.All, .. SignatureTargets.All, .. DeviceUpdateTargets.All, .. DeltaTargets.All, .. OfflineTargets.All, .. EncryptionTargets.All, .. ImageTargets.All, .. flash, .. StockTargets.All, .. McuTargets.All, _http.Target];
        }

        /// <summary>Inputs given, by target.</summary>
        public IReadOnlyDictionary<string, long> Counts => _counts;

        /// <summary>What was found.</summary>
        public List<FuzzFinding> Findings { get; } = [];

        /// <summary>Gives all targets together a thousand inputs.</summary>
        /// <returns>False when it is not worth going on.</returns>
        public bool Next()
        {
            foreach (FuzzTarget target in _targets)
            {
                for (int i = 0; i < Math.Max(1, target.Share * Round / _targets.Sum(t => t.Share)); i++)
                {
                    byte[] input = _mutator.Next(target.Seeds);
                    _counts[target.Name] = _counts.GetValueOrDefault(target.Name) + 1;
                    if (Give(target, input) is { } what)
                    {
                        Findings.Add(new FuzzFinding(target.Name, input, what));
                    }
                }
            }

            return Findings.Count < MaxFindings;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _http.Dispose();
        }

        // What went wrong; null: nothing.
        private static string? Give(FuzzTarget target, byte[] input)
        {
            using var watch = new Timer(_ => Environment.FailFast($"{target.Name} hangs at {Convert.ToHexString(input)}"), null, _hang, Timeout.InfiniteTimeSpan);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                target.Take(input);
            }
            catch (Exception e)
            {
                return e is FuzzException ? e.Message : e.ToString();
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            return bytes > MaxBytes ? $"took {bytes} bytes of memory" : null;
        }
    }
}
