using System.Text;
using System.Text.Json.Nodes;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.Budgets.Il
{
    /// <summary>What is run in the instrumented world. Each method returns counts, which mean the same in both worlds.</summary>
    internal static class Workloads
    {
        private const int MaxSteps = 100000;

        // The longest value of a twin.
        private const int MaxManifest = 4096;

        /// <summary>Hashes so many bytes.</summary>
        /// <returns>Instructions of SHA-256, without those of its constructor and of the end of the message.</returns>
        public static long Hash(int bytes)
        {
            var data = new byte[bytes];
            var hash = new Sha256();
            long before = IlTally.Hash;
            hash.Append(data, 0, bytes);
            return IlTally.Hash - before;
        }

        /// <summary>Authenticates what a published signature of Device Update vouches for, and hashes as much as a twin can bring.</summary>
        /// <param name="signature">The signature: the signing key in its header, signed with the root key.</param>
        /// <param name="rootModulus">The root key's modulus; its exponent is 65537.</param>
        /// <returns>All instructions; those of the step that took most.</returns>
        public static long[] Authenticate(byte[] signature, byte[] rootModulus)
        {
            byte[] exponent = [1, 0, 1];
            (long hash, long rest) = (IlTally.Hash, IlTally.Rest);
            string header = Encoding.ASCII.GetString(signature, 0, Array.IndexOf(signature, (byte)'.'));
            byte[] inner = Encoding.ASCII.GetBytes((string)JsonNode.Parse(Base64.DecodeFromChars(header))!["sjwk"]!);
            byte[] payload = Base64.DecodeFromUtf8(inner.AsSpan()[(inner.IndexOf((byte)'.') + 1)..inner.LastIndexOf((byte)'.')]);
            byte[] modulus = Convert.FromBase64String((string)JsonNode.Parse(payload)!["n"]!);
            long most = Math.Max(Verify(inner, rootModulus, exponent), Verify((byte[])signature.Clone(), modulus, exponent));
            Hash(MaxManifest);
            return [IlTally.Hash - hash + IlTally.Rest - rest, most];
        }

        private static long Verify(byte[] text, byte[] modulus, byte[] exponent)
        {
            ResultCode code = Jws.Read(text, text.Length, new Sha256(), out Jws jws);
            var verification = new Rs256(RsaPublicKey.Create("key", modulus, exponent), jws.Signature, jws.Digest);
            long most = 0;
            do
            {
                long before = IlTally.Rest;
                code = verification.Step();
                most = Math.Max(most, IlTally.Rest - before);
            }
            while (code == ResultCode.Pending);
            return code == ResultCode.None ? most : throw new InvalidOperationException($"A good signature is found bad: {code}.");
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
            var options = new UpdateAgentOptions { ApplicationVersion = "1.0.0", Target = Offers.Target, Clock = () => 1795000000 };
            var agent = new UpdateAgent(options, world, world, world, [new FirmwareModule(new QuietSlots(size + 4096), options)]);
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
