using System.Text;
using nanoOta.VirtualDevice;

namespace nanoOta.Budgets.Il
{
    /// <summary>What is run in the instrumented world. Each method returns counts, which mean the same in both worlds.</summary>
    internal static class Workloads
    {
        private const int MaxSteps = 100000;
        private const long NoCollection = 16 * 1024 * 1024;

        /// <summary>Hashes so many bytes.</summary>
        /// <returns>IL instructions of SHA-256, without those of the constructor and of the end of the message; what they cost.</returns>
        public static long[] Hash(int bytes)
        {
            var data = new byte[bytes];
            var hasher = new ManagedHasher();
            var state = new byte[Sha256.StateLength];
            IlCount before = IlCount.Hash;
            hasher.Append(state, 0, data, 0, bytes);
            IlCount hash = IlCount.Hash - before;
            return [hash.Il, hash.Cost];
        }

        /// <summary>Authenticates a manifest of Azure Device Update with its production keys, as the channel does.</summary>
        /// <param name="manifest">The manifest.</param>
        /// <param name="signature">Its signature.</param>
        /// <returns>
        /// From the keys' reading on: IL instructions of all of it, and what they cost; the same without SHA-256 and RS256; and the IL
        /// instructions of the step that took most.
        /// </returns>
        public static long[] Authenticate(byte[] manifest, byte[] signature)
        {
            UpdateAgentOptions options = HostOptions.Create();
            IlCount managed = IlCount.Managed, native = IlCount.Native;
            var authentication = new ManifestAuthentication(options, new RootKeys(null), manifest, Encoding.ASCII.GetString(signature));
            long most = 0;
            ResultCode code;
            do
            {
                IlCount before = IlCount.Managed;
                code = authentication.Step();
                most = Math.Max(most, (IlCount.Managed - before).Il);
            }
            while (code == ResultCode.Pending);
            (managed, native) = (IlCount.Managed - managed, IlCount.Native - native);
            return code == ResultCode.None
                ? [managed.Il, managed.Cost, native.Il, native.Cost, most]
                : throw new InvalidOperationException($"A genuine manifest is refused: {code}.");
        }

        /// <summary>Reads the manifest of an image.</summary>
        /// <returns>IL instructions, and what they cost.</returns>
        public static long[] ReadManifest()
        {
            byte[] text = Offers.Manifest(Offers.Image(20000));
            IlCount before = IlCount.Native;
            ResultCode code = ManifestReader.Read(text, 0, text.Length, out _);
            IlCount all = IlCount.Native - before;
            return code == ResultCode.None ? [all.Il, all.Cost] : throw new InvalidOperationException($"A good manifest is refused: {code}.");
        }

        /// <summary>Lets an agent update from memory, from the offer through the reboot to the confirmation.</summary>
        /// <param name="size">The image's, in bytes.</param>
        /// <param name="isManaged">Whether SHA-256 and read-back are managed code, as on stock firmware; otherwise they are native.</param>
        /// <returns>
        /// IL instructions of what is managed code, and what they cost; of the steps that brought a chunk and reported nothing: how many
        /// they were, the most bytes one of them allocated, and the most allocating instructions in one.
        /// </returns>
        public static long[] Update(int size, bool isManaged)
        {
            var world = new QuietWorld(Offers.Image(size));
            var slots = new QuietSlots(size + 4096);
            Func<IlCount> count = isManaged ? () => IlCount.Managed : () => IlCount.Native;
            IlCount before = count();
            UpdateAgent agent = Boot("1.0.0", world, slots, isManaged);
            long[] chunks = Download(agent, world);
            Require(agent.Status.State == UpdateState.Reboot, agent);

            // The reboot.
            agent = Boot(Offers.Version, world, slots, isManaged);
            long now = 0;
            for (int step = 0; step < MaxSteps && !agent.IsIdle; step++)
            {
                now = Math.Max(now, agent.Step(now));
            }

            Require(agent.IsIdle && agent.Status.LastCode == ResultCode.Applied, agent);
            IlCount all = count() - before;
            return [all.Il, all.Cost, .. chunks];
        }

        private static UpdateAgent Boot(string version, QuietWorld world, QuietSlots slots, bool isManaged)
        {
            UpdateAgentOptions options = HostOptions.Create();
            options.ApplicationVersion = version;
            options.Target = Offers.Target;
            options.Clock = () => 1795000000;
            options.Journal = world;
            options.Modules = [isManaged ? new QuietModule(slots, version) : new FirmwareModule(slots, options)];
            return new UpdateAgent(options, world, world);
        }

        private static long[] Download(UpdateAgent agent, QuietWorld world)
        {
            bool reported = false;
            agent.StatusChanged += (_, _) => reported = true;

            // A collection in the middle of a step would count as an allocation.
            GC.TryStartNoGCRegion(NoCollection);
            long chunks = 0, mostBytes = 0, mostAllocations = 0;
            long now = 0;
            for (int step = 0; step < MaxSteps && agent.Status.State != UpdateState.Reboot && agent.Status.LastCode == ResultCode.None; step++)
            {
                reported = false;
                int read = world.ImageBytesRead;
                long allocations = IlTally.Allocations;
                long bytes = GC.GetAllocatedBytesForCurrentThread();
                now = Math.Max(now, agent.Step(now));
                bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
                if (world.ImageBytesRead > read && !reported)
                {
                    chunks++;
                    mostBytes = Math.Max(mostBytes, bytes);
                    mostAllocations = Math.Max(mostAllocations, IlTally.Allocations - allocations);
                }
            }

            GC.EndNoGCRegion();
            return [chunks, mostBytes, mostAllocations];
        }

        private static void Require(bool isAsExpected, UpdateAgent agent)
        {
            if (!isAsExpected)
            {
                throw new InvalidOperationException($"The update ends in {agent.Status.LastCode}, state {agent.Status.State}.");
            }
        }
    }
}
