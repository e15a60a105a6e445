using System.Text;
using nanoOta.VirtualDevice;

namespace nanoOta.Budgets.Il
{
    /// <summary>What is run in the instrumented world. Each method returns counts, which mean the same in both worlds.</summary>
    internal static class Workloads
    {
        private const int MaxSteps = 100000;

        /// <summary>Hashes so many bytes.</summary>
        /// <returns>Instructions of SHA-256, without those of the constructor and of the end of the message.</returns>
        public static long Hash(int bytes)
        {
            var data = new byte[bytes];
            var hasher = new ManagedHasher();
            var state = new byte[Sha256.StateLength];
            long before = IlTally.Hash;
            hasher.Append(state, 0, data, 0, bytes);
            return IlTally.Hash - before;
        }

        /// <summary>Authenticates a manifest of Azure Device Update with its production keys, as the channel does.</summary>
        /// <param name="manifest">The manifest.</param>
        /// <param name="signature">Its signature.</param>
        /// <returns>All instructions, from the keys' reading on; those of the step that took most.</returns>
        public static long[] Authenticate(byte[] manifest, byte[] signature)
        {
            UpdateAgentOptions options = HostOptions.Create();
            long start = IlTally.Hash + IlTally.Rest;
            var authentication = new ManifestAuthentication(options, new RootKeys(options, null, null), manifest, Encoding.ASCII.GetString(signature));
            long most = 0;
            ResultCode code;
            do
            {
                long before = IlTally.Hash + IlTally.Rest;
                code = authentication.Step();
                most = Math.Max(most, IlTally.Hash + IlTally.Rest - before);
            }
            while (code == ResultCode.Pending);
            return code == ResultCode.None ? [IlTally.Hash + IlTally.Rest - start, most] : throw new InvalidOperationException($"A genuine manifest is refused: {code}.");
        }

        /// <summary>Lets an agent update from memory up to the point where it wants to reboot.</summary>
        /// <param name="size">The image's, in bytes.</param>
        /// <returns>
        /// Instructions of SHA-256; those of all the rest; of the steps that brought a chunk and told nobody of progress: how many
        /// they were, the most bytes one of them allocated, and the most allocating instructions in one.
        /// </returns>
        public static long[] Update(int size)
        {
            var world = new QuietWorld(Offers.Image(size));
            UpdateAgentOptions options = HostOptions.Create();
            options.ApplicationVersion = "1.0.0";
            options.Target = Offers.Target;
            options.Clock = () => 1795000000;
            options.Journal = world;
            options.Modules = [new FirmwareModule(new QuietSlots(size + 4096), options)];
            var agent = new UpdateAgent(options, world, world);
            bool told = false;
            agent.StatusChanged += (_, _) => told = true;
            long hash = IlTally.Hash, rest = IlTally.Rest;
            long chunks = 0, mostBytes = 0, mostAllocations = 0;
            long now = 0;
            for (int step = 0; agent.Status.State != UpdateState.Reboot; step++)
            {
                if (step == MaxSteps || agent.Status.LastCode != ResultCode.None)
                {
                    throw new InvalidOperationException($"The update ends in {agent.Status.LastCode}, state {agent.Status.State}.");
                }

                told = false;
                int read = world.ImageBytesRead;
                long allocations = IlTally.Allocations;
                long bytes = GC.GetAllocatedBytesForCurrentThread();
                now = Math.Max(now, agent.Step(now));
                bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
                if (world.ImageBytesRead > read && !told)
                {
                    chunks++;
                    mostBytes = Math.Max(mostBytes, bytes);
                    mostAllocations = Math.Max(mostAllocations, IlTally.Allocations - allocations);
                }
            }

            return [IlTally.Hash - hash, IlTally.Rest - rest, chunks, mostBytes, mostAllocations];
        }
    }
}
