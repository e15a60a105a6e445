using System.Security.Cryptography;
using System.Text;
using nanoOta.Tests.Deltas;
using nanoOta.Tests.Devices;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Encryption
{
    /// <summary>Updates whose files are encrypted, on a virtual device.</summary>
    public class EncryptedUpdateTests
    {
        private static readonly byte[] _secret = SHA256.HashData("the key of the group"u8);
        private static readonly EncryptionKey _group = EncryptionKey.Create("group", _secret);
        private static readonly byte[] _image = Bench.Deployment("1.1.0");

        [Theory]
        [InlineData(1)]
        [InlineData(997)]
        [InlineData(1460)]
        [InlineData(4096)]
        public void An_encrypted_image_is_decrypted_into_its_slot_however_it_is_read(int packet)
        {
            Bench bench = Published(ImageEncryption.Encrypt(_image, [_group]));
            bench.Server.MaxRead = packet;
            Assert.Equal((RunEnd.Settled, ResultCode.Applied, "1.1.0"), (bench.Request("1.1.0"), bench.Status.LastCode, bench.Status.Current));
            Assert.Equal(_image, bench.Flash.Read(0x5A0000, _image.Length));
        }

        [Fact]
        public void With_nanoFramework_s_class_a_device_takes_what_is_encrypted_by_AES_128_and_refuses_AES_256()
        {
            EncryptionKey small = EncryptionKey.Create("small", _secret[..16]);
            Bench bench = Published(ImageEncryption.Encrypt(_image, [small]));
            bench.Server.MaxRead = 1460;
            bench.Configure = o => o.Decryption = new EncryptedImages(new FrameworkAes(), [small, _group]);
            Assert.Equal((RunEnd.Settled, ResultCode.Applied), (bench.Request("1.1.0"), bench.Status.LastCode));
            bench = Published(ImageEncryption.Encrypt(_image, [_group]));
            bench.Configure = o => o.Decryption = new EncryptedImages(new FrameworkAes(), [small, _group]);
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.EncryptionUnsupported, 0L), (bench.Status.LastCode, bench.Server.ImageBytesRead));
        }

        [Fact]
        public void Nothing_secret_is_left_in_the_flash()
        {
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group]);
            Bench bench = Published(file);
            bench.CutAfter(3, "1.1.0", default);
            bench.Request("1.1.0");
            Assert.Equal(ResultCode.Applied, bench.Status.LastCode);
            byte[] flash = bench.Flash.Read(0, bench.Flash.Size);
            byte[] wrapped = System.Buffers.Text.Base64Url.DecodeFromChars((string)System.Text.Json.Nodes.JsonNode.Parse(file.Json)!["recipients"]![0]!["encrypted_key"]!);
            KeyWrap.Unwrap(new ManagedAes(), _secret, wrapped, out byte[] key);
            foreach (byte[] secret in new[] { _secret, key, wrapped })
            {
                // A key schedule begins with the key as well.
                Assert.Equal(-1, flash.AsSpan().IndexOf(secret.AsSpan(0, 16)));
            }

            Assert.True(flash.AsSpan().IndexOf(_image.AsSpan(0, 1000)) >= 0, "The search finds what is there.");
            Assert.DoesNotContain(bench.Log, line => line.Contains(Convert.ToHexStringLower(key), StringComparison.OrdinalIgnoreCase));
        }

        [Theory]
        [InlineData(0)]
        [InlineData(10_000)]
        [InlineData(19_999)]
        public void A_bit_of_the_file_that_is_flipped_on_the_way_is_found_by_the_hash(int at)
        {
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group]);
            byte[] bytes = (byte[])file.Bytes.Clone();
            bytes[at] ^= 0x10;
            Bench bench = Published(file with { Bytes = bytes });
            bench.Request("1.1.0");
            Assert.Equal(("1.0.0", 0), (bench.Status.Current, bench.Device!.Reboots));
            Assert.Contains(bench.Status.LastCode, new[] { ResultCode.HashMismatch, ResultCode.ImageMalformed });
        }

        [Fact]
        public void A_file_that_is_cut_short_is_told_by_its_size()
        {
            EncryptedFile file = ImageEncryption.Encrypt(_image, [_group]);
            Bench bench = Published(file with { Bytes = file.Bytes[..^5] });
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.SizeMismatch, "1.0.0", 0), (bench.Status.LastCode, bench.Status.Current, bench.Device!.Reboots));
        }

        [Fact]
        public void A_file_that_was_published_without_being_encrypted_is_not_taken()
        {
            Bench bench = Published(ImageEncryption.Encrypt(_image, [_group]) with { Bytes = _image });
            bench.Request("1.1.0");
            Assert.Equal(("1.0.0", 0), (bench.Status.Current, bench.Device!.Reboots));
            Assert.NotEqual(ResultCode.Applied, bench.Status.LastCode);
        }

        [Theory]
        [InlineData("none", ResultCode.RecipientMissing)]
        [InlineData("other id", ResultCode.RecipientMissing)]
        [InlineData("other key", ResultCode.ContentKeyInvalid)]
        public void Who_has_not_the_key_fetches_nothing_of_the_image(string has, ResultCode expected)
        {
            Bench bench = Published(ImageEncryption.Encrypt(_image, [_group]));
            bench.Configure = o => o.Decryption = has switch
            {
                "none" => null,
                "other id" => new EncryptedImages(new ManagedAes(), [EncryptionKey.Create("others", _secret)]),
                _ => new EncryptedImages(new ManagedAes(), [EncryptionKey.Create("group", SHA256.HashData("another"u8))]),
            };
            Assert.Equal(RunEnd.Settled, bench.Request("1.1.0"));
            Assert.Equal((expected, "1.0.0", 0L), (bench.Status.LastCode, bench.Status.Current, bench.Server.ImageBytesRead));

            // For good: it is not tried again until another request comes.
            bench.Run();
            Assert.Equal((expected, 0L), (bench.Status.LastCode, bench.Server.ImageBytesRead));
        }

        [Fact]
        public void An_image_that_is_not_encrypted_is_taken_by_a_device_with_keys()
        {
            Bench bench = Published(ImageEncryption.Encrypt(_image, [_group]));
            bench.Publish("1.2.0", ("deployment", "1.2.0", Bench.Deployment("1.2.0")));
            bench.Request("1.1.0");
            bench.Request("1.2.0");
            Assert.Equal((ResultCode.Applied, "1.2.0"), (bench.Status.LastCode, bench.Status.Current));
        }

        [Fact]
        public void Two_components_are_encrypted_each_by_its_own_key()
        {
            var bench = new Bench { Configure = Configure };
            byte[] clr = SampleImages.Esp32("1.17.0.0", 8192);
            EncryptedFile one = ImageEncryption.Encrypt(_image, [_group]);
            EncryptedFile two = ImageEncryption.Encrypt(clr, [_group]);
            bench.Server.Put(Bench.Container + "a.enc", one.Bytes);
            bench.Server.Put(Bench.Container + "b.enc", two.Bytes);
            bench.Server.Put(Bench.Container + "v1_1_0.json", Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"1.1.0","components":[{{Component("deployment", "1.1.0", _image, one, "a.enc")}},{{Component("clr", "1.17.0", clr, two, "b.enc")}}]}"""));
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.NotEqual(one.Json[..60], two.Json[..60]);
        }

        [Fact]
        public void Of_an_encrypted_deployment_only_what_changed_is_fetched_and_no_patch_of_it()
        {
            byte[] old = InParts(new AssemblyVersion(1, 0));
            byte[] image = InParts(new AssemblyVersion(1, 1));
            var bench = new Bench { Configure = Configure };
            bench.Flash = DeviceFactory.Make(bench.Layout, old, SampleImages.Esp32("1.16.0.0", 4096));
            EncryptedFile file = ImageEncryption.Encrypt(image, [_group]);
            byte[] patch = PatchWriter.Write(old, image);
            bench.Server.Put(Bench.Container + "v1.lz4", patch);
            string more = $$""" "parts":"{{ImageParts.Read(image)!.Base64}}","patches":[{"from":"{{ImageParts.Read(old)!.Id}}","url":"v1.lz4","size":{{patch.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(patch))}}"}],""";
            bench.Server.Put(Bench.Container + "v1_1_0.enc", file.Bytes);
            bench.Server.Put(Bench.Container + "v1_1_0.json", Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"1.1.0","components":[{{Component("deployment", "1.1.0", image, file, "v1_1_0.enc", more)}}]}"""));
            bench.Server.MaxRead = 1459;
            List<string> opened = [];
            bench.Server.OnRange = (url, _, _) => opened.Add(url);
            bench.Request("1.1.0");
            Assert.Equal((ResultCode.Applied, "1.1.0"), (bench.Status.LastCode, bench.Status.Current));
            Assert.Equal(image, bench.Flash.Read(0x5A0000, image.Length));
            Assert.InRange(bench.Server.ImageBytesRead, 3000, 12_000);
            Assert.DoesNotContain(opened, url => url.EndsWith(".lz4", StringComparison.Ordinal));
        }

        private static byte[] InParts(AssemblyVersion version)
        {
            var one = new AssemblyVersion(1, 0);
            return [.. DeploymentBuilder.Assembly(new AssemblySpec("Kept", one), 30_004, seed: 1), .. DeploymentBuilder.Assembly(new AssemblySpec("App", version), 5000, seed: 5)];
        }

        private static void Configure(UpdateAgentOptions options)
        {
            options.Decryption = new EncryptedImages(new ManagedAes(), [_group]);
        }

        private static Bench Published(EncryptedFile file)
        {
            var bench = new Bench { Configure = Configure };
            bench.Server.Put(Bench.Container + "v1_1_0.enc", file.Bytes);
            bench.Server.Put(Bench.Container + "v1_1_0.json", Encoding.UTF8.GetBytes($$"""{"schema":1,"version":"1.1.0","components":[{{Component("deployment", "1.1.0", _image, file, "v1_1_0.enc")}}]}"""));
            return bench;
        }

        private static string Component(string id, string version, byte[] image, EncryptedFile file, string url, string more = "")
        {
            return $$"""{"id":"{{id}}","version":"{{version}}","size":{{image.Length}},{{more}}"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(image))}}","urls":["{{url}}"],"encryption":{{file.Json}}}""";
        }
    }
}
