using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Encryption
{
    /// <summary>What a device makes of the member <c>encryption</c>.</summary>
    public class EncryptedImagesTests
    {
        private static readonly byte[] _image = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];
        private static readonly EncryptionKey _group = Key("group");
        private static readonly EncryptionKey _device = Key("device-7");
        private static readonly EncryptionKey _short = EncryptionKey.Create("short", SHA256.HashData([9])[..16]);

        public static TheoryData<string, ResultCode> Changes => new()
        {
            { "enc:", ResultCode.EncryptionMalformed },
            { "enc:7", ResultCode.EncryptionMalformed },
            { "enc:\"A256GCM\"", ResultCode.EncryptionUnsupported },
            { "enc:\"a256ctr\"", ResultCode.EncryptionUnsupported },
            { "enc:\"A128CTR\"", ResultCode.EncryptionMalformed },
            { "iv:", ResultCode.EncryptionMalformed },
            { "iv:null", ResultCode.EncryptionMalformed },
            { "iv:\"AAAAAAAAAAAAAAAAAAAA\"", ResultCode.EncryptionMalformed },
            { "iv:\"AAAAAAAAAAAAAAAAAAAAAAA\"", ResultCode.EncryptionMalformed },
            { "iv:\"AAAAAAAAAAAAAAAAAAAAAB\"", ResultCode.EncryptionMalformed },
            { "iv:\"AAAAAAAAAAAAAAAAAAAA+A\"", ResultCode.EncryptionMalformed },
            { "recipients:", ResultCode.EncryptionMalformed },
            { "recipients:{}", ResultCode.EncryptionMalformed },
            { "recipients:[]", ResultCode.RecipientMissing },
            { "recipients:[7]", ResultCode.EncryptionMalformed },
            { "recipients:[{}]", ResultCode.EncryptionMalformed },
            { "recipients:[[]]", ResultCode.EncryptionMalformed },
            { "alg:", ResultCode.EncryptionMalformed },
            { "alg:\"A192KW\"", ResultCode.EncryptionUnsupported },
            { "alg:\"A128KW\"", ResultCode.ContentKeyInvalid },
            { "kid:", ResultCode.EncryptionMalformed },
            { "kid:\"Group\"", ResultCode.RecipientMissing },
            { "kid:\"device-7\"", ResultCode.ContentKeyInvalid },
            { "encrypted_key:", ResultCode.EncryptionMalformed },
            { "encrypted_key:\"\"", ResultCode.EncryptionMalformed },
            { "encrypted_key:\"" + new string('A', 53) + "\"", ResultCode.EncryptionMalformed },
            { "encrypted_key:\"" + new string('A', 54) + "\"", ResultCode.ContentKeyInvalid },
            { "encrypted_key:\"" + new string('A', 55) + "\"", ResultCode.EncryptionMalformed },
            { "note:\"others may add members\"", ResultCode.None },
        };

        [Fact]
        public void Each_key_that_an_image_is_encrypted_for_opens_it()
        {
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group, _device]);
            Assert.NotEqual(_image, file.Bytes);
            foreach (EncryptionKey[] keys in new EncryptionKey[][] { [_group], [_device], [Key("other"), _device], [_device, _group] })
            {
                Assert.Equal(_image, Open(file, keys, out ResultCode code));
                Assert.Equal(ResultCode.None, code);
            }
        }

        [Fact]
        public void With_a_key_of_128_bits_among_them_all_keys_open_it_by_AES_128()
        {
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group, _short]);
            Assert.Contains("A128CTR", file.Json);
            Assert.Equal(_image, Open(file, [_short], out _));
            Assert.Equal(_image, Open(file, [_group], out _));
        }

        [Theory]
        [MemberData(nameof(Changes))]
        public void What_is_not_as_it_should_be_has_its_code_and_decrypts_nothing(string change, ResultCode expected)
        {
            string[] parts = change.Split(':', 2);
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group]);
            JsonObject json = JsonNode.Parse(file.Json)!.AsObject();
            JsonObject to = json.ContainsKey(parts[0]) || parts[0] == "note" ? json : json["recipients"]![0]!.AsObject();
            to.Remove(parts[0]);
            if (parts[1].Length > 0)
            {
                to[parts[0]] = JsonNode.Parse(parts[1]);
            }

            byte[]? opened = Open(file with { Json = json.ToJsonString() }, [_group, _device], out ResultCode code);
            Assert.Equal((expected, expected == ResultCode.None), (code, opened != null));
        }

        [Theory]
        [InlineData("{}")]
        [InlineData("7")]
        public void A_malformed_recipient_is_not_excused_by_one_before_it_that_opens(string recipient)
        {
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group]);
            JsonObject json = JsonNode.Parse(file.Json)!.AsObject();
            json["recipients"]!.AsArray().Add(JsonNode.Parse(recipient));
            Assert.Null(Open(file with { Json = json.ToJsonString() }, [_group], out ResultCode code));
            Assert.Equal(ResultCode.EncryptionMalformed, code);
        }

        [Theory]
        [InlineData("")]
        [InlineData("7")]
        [InlineData("[]")]
        [InlineData("{\"enc\":\"A256CTR\",\"enc\":\"A256CTR\"}")]
        [InlineData("{\"enc\":\"A256CTR\"")]
        public void What_is_no_object_is_malformed(string text)
        {
            Assert.Equal(ResultCode.EncryptionMalformed, new EncryptedImages(new ManagedAes(), [_group]).Begin(new ManifestComponent { Encryption = Encoding.UTF8.GetBytes(text) }));
        }

        [Fact]
        public void After_a_failure_the_key_of_the_image_before_is_gone()
        {
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group]);
            var images = new EncryptedImages(new ManagedAes(), [_group]);
            Assert.Equal(ResultCode.None, images.Begin(Component(file)));
            Assert.Equal(ResultCode.RecipientMissing, images.Begin(Component(ImageEncryption.Encrypt(_image, [_device]))));
            byte[] bytes = (byte[])file.Bytes.Clone();
            images.Decrypt(bytes, 0, bytes.Length, 0);
            Assert.Equal(file.Bytes, bytes);
        }

        [Theory]
        [InlineData(0)]
        [InlineData(1)]
        public void Of_two_recipients_with_the_same_id_the_one_that_opens_counts(int other)
        {
            EncryptedFile one = ImageEncryption.Encrypt(_image, [_group]);
            EncryptedFile wrong = ImageEncryption.Encrypt(_image, [EncryptionKey.Create("group", SHA256.HashData([3]))]);
            JsonObject json = JsonNode.Parse(one.Json)!.AsObject();
            json["recipients"]!.AsArray().Insert(other, JsonNode.Parse(wrong.Json)!["recipients"]![0]!.DeepClone());
            Assert.Equal(_image, Open(one with { Json = json.ToJsonString() }, [_group, EncryptionKey.Create("group", SHA256.HashData([4]))], out _));
        }

        [Fact]
        public void An_AES_without_the_content_keys_length_is_said_before_a_byte_is_fetched()
        {
            EncryptedFile large = ImageEncryption.Encrypt(_image, [_group]);
            Assert.Equal(ResultCode.EncryptionUnsupported, new EncryptedImages(new SmallAes(), [_group]).Begin(Component(large)));
            EncryptedFile small = ImageEncryption.Encrypt(_image, [_short]);
            Assert.Equal(ResultCode.None, new EncryptedImages(new SmallAes(), [_short]).Begin(Component(small)));

            // Wrapped by a key that it has, and longer than it can use.
            JsonObject json = JsonNode.Parse(small.Json)!.AsObject();
            json["enc"] = "A256CTR";
            json["recipients"]![0]!["encrypted_key"] = System.Buffers.Text.Base64Url.EncodeToString(ImageEncryption.Wrap(SHA256.HashData([9])[..16], new byte[32]));
            Assert.Equal(ResultCode.EncryptionUnsupported, new EncryptedImages(new SmallAes(), [_short]).Begin(Component(small with { Json = json.ToJsonString() })));
        }

        [Fact]
        public void Decrypting_allocates_nothing()
        {
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group]);
            var images = new EncryptedImages(new ManagedAes(), [_group]);
            images.Begin(Component(file));
            byte[] bytes = (byte[])file.Bytes.Clone();
            images.Decrypt(bytes, 0, 1000, 0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int at = 1000; at < bytes.Length; at += 400)
            {
                images.Decrypt(bytes, at, 400, at);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(_image, bytes);
        }

        [Fact]
        public void The_same_image_and_keys_give_the_same_file_and_another_image_or_first_key_another_key_stream()
        {
            byte[] one = new byte[64];
            byte[] two = [.. new byte[63], 1];
            string[] files = [.. new[] { (one, _group), (two, _group), (one, _device), (one, _short) }.Select(pair => Convert.ToHexString(ImageEncryption.Encrypt(pair.Item1, [pair.Item2]).Bytes[..32]))];
            Assert.Equal(files.Length, files.Distinct().Count());
            Assert.Equal(ImageEncryption.Encrypt(one, [_group]).Json, ImageEncryption.Encrypt(one, [_group]).Json);

            // A recipient more leaves the file as it is.
            Assert.Equal(ImageEncryption.Encrypt(_image, [_group]).Bytes, ImageEncryption.Encrypt(_image, [_group, _device]).Bytes);
        }

        [Theory]
        [InlineData("""{"kty":"oct","kid":"a","k":"AAECAwQFBgcICQoLDA0ODw"}""", 16)]
        [InlineData("""{"kty":"oct","kid":"a","alg":"A256KW","use":"enc","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}""", 32)]
        [InlineData("""{"kty":"RSA","kid":"a","k":"AAECAwQFBgcICQoLDA0ODw"}""", 0)]
        [InlineData("""{"kid":"a","k":"AAECAwQFBgcICQoLDA0ODw"}""", 0)]
        [InlineData("""{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}""", 0)]
        [InlineData("""{"kty":"oct","kid":"","k":"AAECAwQFBgcICQoLDA0ODw"}""", 0)]
        [InlineData("""{"kty":"oct","kid":"a"}""", 0)]
        [InlineData("""{"kty":"oct","kid":"a","k":"AAECAwQFBgcICQoLDA0O"}""", 0)]
        [InlineData("""{"kty":"oct","kid":"a","k":"AAECAwQFBgcICQoLDA0ODw=="}""", 0)]
        [InlineData("""{"kty":"oct","kid":"a","k":"AAECAwQFBgcICQoLDA0ODx"}""", 0)]
        [InlineData("""{"kty":"oct","kid":"a","k":"AAECAwQFBgcICQoLDA0ODw"} x""", 0)]
        [InlineData("not json", 0)]
        [InlineData(null, 0)]
        public void A_key_is_read_from_a_JSON_Web_Key_or_refused(string? text, int length)
        {
            EncryptionKey? key = EncryptionKey.Parse(text);
            Assert.Equal((length, length == 0 ? null : "a"), (key?.Bytes.Length ?? 0, key?.Id));
        }

        [Fact]
        public void Without_a_key_a_device_cannot_be_made()
        {
            Assert.Throws<ArgumentException>(() => new EncryptedImages(new ManagedAes(), []));
            Assert.Throws<ArgumentException>(() => new EncryptedImages(new ManagedAes(), [_group, null!]));
            Assert.Null(EncryptionKey.Create(new string('x', 65), new byte[32]));
            Assert.Null(EncryptionKey.Create("x", new byte[24]));
            Assert.Null(EncryptionKey.Create("x", null));
        }

        private static EncryptionKey Key(string id)
        {
            return EncryptionKey.Create(id, SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        }

        private static ManifestComponent Component(EncryptedFile file)
        {
            return new ManifestComponent { Encryption = Encoding.UTF8.GetBytes(file.Json) };
        }

        private static byte[]? Open(EncryptedFile file, EncryptionKey[] keys, out ResultCode code)
        {
            byte[]? image = ManifestEncryption.Open(Component(file), file.Bytes, keys, out code);
            if (image == null)
            {
                var images = new EncryptedImages(new ManagedAes(), keys);
                images.Begin(Component(file));
                byte[] untouched = (byte[])file.Bytes.Clone();
                images.Decrypt(untouched, 0, untouched.Length, 0);
                Assert.Equal(file.Bytes, untouched);
            }

            return image;
        }

        /// <summary>An AES that takes keys of 128 bits alone.</summary>
        private sealed class SmallAes : IAes
        {
            private readonly ManagedAes _aes = new();

            public bool Crypt(byte[] key, byte[] counter, int position, byte[] data, int offset, int count) => key.Length == 16 && _aes.Crypt(key, counter, position, data, offset, count);

            public bool DecryptBlock(byte[] key, byte[] block) => key.Length == 16 && _aes.DecryptBlock(key, block);
        }
    }
}
