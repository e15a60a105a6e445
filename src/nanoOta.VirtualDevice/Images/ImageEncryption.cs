using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using nanoOta.VirtualDevice.Slots;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.VirtualDevice.Images
{
    /// <summary>An image as it is published: its file, encrypted, and the member <c>encryption</c> of its component.</summary>
    /// <param name="Bytes">The file, as long as the image.</param>
    /// <param name="Json">The member's value, on one line.</param>
    /// <param name="KeyIds">The ids of the keys that open it.</param>
    public sealed record EncryptedFile(byte[] Bytes, string Json, IReadOnlyList<string> KeyIds);

    /// <summary>Encrypts images for devices (docs/encryption.md). The counterpart on the device is <see cref="EncryptedImages"/>, written apart from it.</summary>
    public static class ImageEncryption
    {
        private const int BlockLength = 16;
        private const int CounterLength = 4;
        private const ulong CheckValue = 0xA6A6A6A6A6A6A6A6;

        private static readonly byte[] _salt = Encoding.ASCII.GetBytes("nanoOta image encryption, version 1");
        private static readonly JsonSerializerOptions _oneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        /// <summary>
        /// Encrypts an image. The same image and keys give the same file: the image's key and nonce are derived from the first key and the image's
        /// SHA-256 (HKDF, RFC 5869), so that no two images ever have the same. With a key of 128 bits among those given, AES-128 is used.
        /// </summary>
        /// <param name="image">The image.</param>
        /// <param name="keys">The keys of those who may open it, at least one, each id once.</param>
        public static EncryptedFile Encrypt(byte[] image, IReadOnlyList<EncryptionKey> keys)
        {
            int length = keys.Min(key => key.Bytes.Length);
            string algorithm = length == 32 ? "A256CTR" : "A128CTR";
            byte[] info = [.. Encoding.ASCII.GetBytes(algorithm), .. SHA256.HashData(image)];
            byte[] derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, keys[0].Bytes, length + BlockLength - CounterLength, _salt, info);
            byte[] key = derived[..length];

            // The counter begins at zero and has 32 bits: an image would need 64 GiB to use them up.
            byte[] counter = [.. derived[length..], .. new byte[CounterLength]];
            byte[] file = (byte[])image.Clone();
            new HostAes().Crypt(key, counter, 0, file, 0, file.Length);
            string json = JsonSerializer.Serialize(new
            {
                enc = algorithm,
                iv = Base64.EncodeToString(counter),
                sha256 = Convert.ToHexStringLower(SHA256.HashData(file)),
                recipients = keys.Select(recipient => new { alg = AlgorithmOf(recipient), kid = recipient.Id, encrypted_key = Base64.EncodeToString(Wrap(recipient.Bytes, key)) }),
            }, _oneLine);
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(key);
            return new EncryptedFile(file, json, [.. keys.Select(recipient => recipient.Id)]);
        }

        /// <summary>The name that a key's use has in COSE and JOSE: A128KW or A256KW.</summary>
        public static string AlgorithmOf(EncryptionKey key) => key.Bytes.Length == 32 ? "A256KW" : "A128KW";

        /// <summary>AES Key Wrap (RFC 3394, section 2.2.1).</summary>
        /// <param name="with">The key to wrap with.</param>
        /// <param name="key">The key to be wrapped, a multiple of 8 bytes and at least 16.</param>
        public static byte[] Wrap(byte[] with, byte[] key)
        {
            using var aes = Aes.Create();
            aes.Key = with;
            var wrapped = new byte[key.Length + 8];
            BinaryPrimitives.WriteUInt64BigEndian(wrapped, CheckValue);
            key.CopyTo(wrapped, 8);
            Span<byte> block = stackalloc byte[BlockLength];
            int count = key.Length / 8;
            for (int step = 1; step <= 6 * count; step++)
            {
                Span<byte> half = wrapped.AsSpan(8 * ((step - 1) % count + 1), 8);
                wrapped.AsSpan(0, 8).CopyTo(block);
                half.CopyTo(block[8..]);
                aes.EncryptEcb(block, block, PaddingMode.None);
                BinaryPrimitives.WriteUInt64BigEndian(wrapped, BinaryPrimitives.ReadUInt64BigEndian(block) ^ (ulong)step);
                block[8..].CopyTo(half);
            }

            return wrapped;
        }
    }
}
