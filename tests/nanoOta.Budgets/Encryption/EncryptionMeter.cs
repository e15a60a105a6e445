using System.Text;
using nanoOta.Budgets.Il;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Slots;

namespace nanoOta.Budgets.Encryption
{
    /// <summary>What an encrypted image costs the interpreter more than another one.</summary>
    internal static class EncryptionMeter
    {
        private const int Length = 64 * 1024;

        // What a read from a TLS connection brings.
        private const int Packet = 1460;

        /// <summary>Instructions a byte, and for an image's key.</summary>
        public static IEnumerable<BudgetRow> Measure()
        {
            var world = new InstrumentedContext();
            Count(world, 32, nameof(ManagedAes));
            Count(world, 16, nameof(FrameworkAes));
            long[] native = Count(world, 32, nameof(HostAes));
            long[] large = Count(world, 32, nameof(ManagedAes));
            long[] small = Count(world, 16, nameof(ManagedAes));
            long[] own = Count(world, 16, nameof(FrameworkAes));
            string reads = $"instrumented copy: {Length / 1024} KiB in reads of {Packet} bytes";
            yield return PerByte("encryption", "decrypting an image, on our firmware, beside the download itself", 4, $"{reads}; AES is native code and counts nothing", native);
            yield return PerByte("encryption:managed", "decrypting an image by AES-256 in managed code", null, reads, large);
            yield return PerByte("encryption:managed128", "the same by AES-128", null, reads, small);
            yield return PerByte("encryption:framework", "the same by AES-128 of nanoFramework's class", null, $"{reads}; the class is native code and counts nothing, and allocates 512 bytes for each 512", own);
            yield return new BudgetRow("encryption:key", "unwrapping an image's key by AES-256 in managed code", "IL instructions", null, "instrumented copy: the manifest's member read, one recipient of two, 24 blocks; twice for each image")
            {
                Measured = large[2], Cost = large[3],
            };
        }

        /// <summary>Decrypts a file as a download does.</summary>
        /// <param name="keyLength">The key's, in bytes.</param>
        /// <param name="aes">The class of AES; <c>HostAes</c> stands in for the firmware's, which costs nothing.</param>
        /// <returns>IL instructions and what they cost, of decrypting and of finding the key.</returns>
        public static long[] Decrypt(int keyLength, string aes)
        {
            byte[] image = new byte[Length];
            EncryptionKey[] keys = [EncryptionKey.Create("others", new byte[keyLength]), EncryptionKey.Create("device", [1, .. new byte[keyLength - 1]])];
            EncryptedFile file = ImageEncryption.Encrypt(image, keys);
            var images = new EncryptedImages(aes == nameof(ManagedAes) ? new ManagedAes() : aes == nameof(FrameworkAes) ? new FrameworkAes() : new HostAes(), keys[1..]);
            IlCount before = IlCount.Native;
            ResultCode code = images.Begin(new ManifestComponent { Encryption = Encoding.UTF8.GetBytes(file.Json) });
            IlCount key = IlCount.Native - before;
            before = IlCount.Native;
            for (int at = 0; at < Length; at += Packet)
            {
                images.Decrypt(file.Bytes, at, Math.Min(Packet, Length - at), at);
            }

            IlCount all = IlCount.Native - before;
            return code == ResultCode.None && file.Bytes.AsSpan().SequenceEqual(image)
                ? [all.Il, all.Cost, key.Il, key.Cost] : throw new InvalidOperationException($"The image is not decrypted: {code}.");
        }

        private static long[] Count(InstrumentedContext world, int keyLength, string aes)
        {
            return world.Run<long[]>(typeof(EncryptionMeter), nameof(Decrypt), keyLength, aes);
        }

        private static BudgetRow PerByte(string key, string what, double? budget, string how, long[] counts)
        {
            return new BudgetRow(key, what, "IL instructions a byte", budget, how) { Measured = (double)counts[0] / Length, Cost = (double)counts[1] / Length };
        }
    }
}
