using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>What a manifest says of an image's encryption, wrapped keys among it, and files with secret keys.</summary>
    internal static class EncryptionTargets
    {
        private static readonly byte[] _image = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        private static readonly EncryptionKey[] _keys = [EncryptionKey.Create("one", SHA256.HashData([1])), EncryptionKey.Create("two", SHA256.HashData([2])[..16])];
        private static readonly EncryptedFile _large = ImageEncryption.Encrypt(_image, _keys[..1]);
        private static readonly EncryptedFile _small = ImageEncryption.Encrypt(_image, _keys);

        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("encryption", 60, Bytes(_large.Json, _small.Json), input =>
            {
                var images = new EncryptedImages(new ManagedAes(), _keys);
                ResultCode code = images.Begin(new ManifestComponent { Encryption = input });
                Require(code is ResultCode.None or ResultCode.EncryptionMalformed or ResultCode.EncryptionUnsupported or ResultCode.RecipientMissing or ResultCode.ContentKeyInvalid, $"{code}");
                byte[] file = (byte[])_large.Bytes.Clone();
                images.Decrypt(file, 0, file.Length, 0);

                // Whatever else is changed, the key that comes out is one of those that went in; without one, nothing is decrypted.
                Require(code == ResultCode.None || file.AsSpan().SequenceEqual(_large.Bytes), $"{code}, and yet it decrypts");
                ManifestEncryption.Of(new ManifestComponent { Encryption = input });
            }),
            new("encryption key", 20, Bytes("""{"kty":"oct","kid":"washers-2026","use":"enc","alg":"A256KW","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"""), input =>
            {
                EncryptionKey? key = EncryptionKey.Parse(Encoding.Latin1.GetString(input));
                Require(key == null || (key.Id.Length is > 0 and <= EncryptionKey.MaxIdLength && key.Bytes.Length is 16 or 32), "a key that is none");
                ImageFile.Identify(input);
            }),
        ];

        private static byte[][] Bytes(params string[] texts)
        {
            return [.. texts.Select(Encoding.UTF8.GetBytes)];
        }

        private static void Require(bool condition, string otherwise)
        {
            if (!condition)
            {
                throw new FuzzException(otherwise);
            }
        }
    }
}
