using System.Security.Cryptography;
using nanoOta.VirtualDevice.Images;
using static nanoOta.Tests.Images.EspSignatureMaker;

namespace nanoOta.Tests.Images
{
    /// <summary>Images signed for Secure Boot: what espsecure's signature-info looks at, and no more, since no key is given.</summary>
    public class EspSignatureTests
    {
        private static readonly byte[] _image = SampleImages.Esp32("1.16.0.1", 4096);
        private static readonly byte[] _unaligned = SampleImages.Esp32("1.16.0.1", 4096 + 1024);

        [Theory]
        [InlineData("esp32-secure-boot-v1.bin", 1, "ECDSA over P-256")]
        [InlineData("esp32-secure-boot-v2.bin", 2, "RSA-3072 PSS, key digest ")]
        public void An_image_that_Secure_Boot_can_start_is_sound(string file, int version, string block)
        {
            byte[] bytes = Vectors.Read(file);
            EspImage image = EspImage.Read(bytes);
            Assert.True(image.Sound, Sentences(image));
            Assert.Equal((version, 4096, 4096), (image.Signature!.Version, image.Signature.Offset, image.Length));
            Assert.StartsWith(block, Assert.Single(image.Signature.Blocks));
            Assert.Contains(image.Report().Facts, fact => fact.Name == "Secure Boot" && fact.Value.Contains(block));
            Assert.Contains(image.Checks, check => check.Name == "Secure Boot signature" && check.Sentence.Contains("not verified"));
        }

        [Fact]
        public void The_public_key_s_digest_is_the_one_that_espsecure_prints()
        {
            byte[] bytes = Vectors.Read("esp32-secure-boot-v2.bin");
            string digest = Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(4096 + 36, 776)));
            Assert.Equal($"RSA-3072 PSS, key digest {digest}", EspImage.Read(bytes).Signature!.Blocks[0]);
        }

        [Theory]
        [InlineData(new[] { 0 }, "RSA-3072 PSS")]
        [InlineData(new[] { 1 }, "ECDSA over P-192")]
        [InlineData(new[] { 2 }, "ECDSA over P-256")]
        [InlineData(new[] { 3 }, "ECDSA over P-384")]
        [InlineData(new[] { 0, 0 }, "RSA-3072 PSS", "RSA-3072 PSS")]
        [InlineData(new[] { 2, 2, 2 }, "ECDSA over P-256", "ECDSA over P-256", "ECDSA over P-256")]
        [InlineData(new[] { 0, 1, 3 }, "RSA-3072 PSS", "ECDSA over P-192", "ECDSA over P-384")]
        public void Up_to_three_blocks_of_every_kind_are_read_each_with_its_key(int[] kinds, params string[] names)
        {
            foreach (byte[] image in new[] { _image, _unaligned })
            {
                EspImage signed = EspImage.Read(Version2(image, kinds));
                Assert.True(signed.Sound, Sentences(signed));
                Assert.Equal(names, signed.Signature!.Blocks.Select(block => block.Split(", key digest ")[0]));
                Assert.Equal(kinds.Length, signed.Signature.Blocks.Distinct().Count());
                Assert.Equal(image.Length, signed.Length);
            }
        }

        [Fact]
        public void Any_length_of_an_image_is_padded_up_to_the_sector()
        {
            for (int size = SampleImages.Esp32Minimum; size < 2 * Sector; size += 496)
            {
                byte[] image = SampleImages.Esp32("1.0", size / 16 * 16);
                Assert.True(EspImage.Read(Version1(image)).Sound);
                Assert.True(EspImage.Read(Version2(image, 0)).Sound);
            }
        }

        [Theory]
        [InlineData(0, 0xE8, "Offset 0x1000: 4096 bytes behind the image.")]
        [InlineData(1, 4, "Offset 0x1000: signature block 0 is of no known kind")]
        [InlineData(2, 1, "Offset 0x1000: signature block 0 is of no known kind")]
        [InlineData(5, 0x99, "Offset 0x1000: signature block 0: CRC 0x")]
        [InlineData(1000, 0x99, "Offset 0x1000: signature block 0: CRC 0x")]
        [InlineData(1196, 0x99, "Offset 0x1000: signature block 0: CRC 0x")]
        [InlineData(1200, 0x99, "Offset 0x1000: signature block 0: its last 16 bytes")]
        [InlineData(1216, 0x99, "Offset 0x14C0: signature block 1 is of no known kind")]
        [InlineData(3647, 0x99, "Offset 0x1E3F: a byte behind the last signature block")]
        [InlineData(4095, 0x99, "Offset 0x1FFF: a byte behind the last signature block")]
        public void Damage_to_the_signature_sector_is_found(int offset, byte value, string sentence)
        {
            byte[] bytes = Version2(_image, 0);
            bytes[4096 + offset] = value;
            Assert.Contains(sentence, Sentences(EspImage.Read(bytes)));
        }

        [Fact]
        public void A_block_of_another_image_is_found_although_its_CRC_is_right()
        {
            byte[] bytes = Version2(_image, 0);
            bytes[4096 + 4] ^= 1;
            Seal(bytes.AsSpan(4096, Block));
            Assert.Contains("is of another image", Sentences(EspImage.Read(bytes)));
            byte[] longer = Version2(_unaligned, 3);
            longer[_unaligned.Length] = 0;
            Assert.Contains("more than erased bytes", Sentences(EspImage.Read(longer)));
            Assert.Contains("is of another image", Sentences(EspImage.Read(longer)));
        }

        [Fact]
        public void A_sector_that_the_bootloader_would_not_find_is_refused()
        {
            byte[] sector = Version2(_unaligned, 0)[^Sector..];
            EspImage image = EspImage.Read([.. _unaligned, .. sector]);
            Assert.Contains("--skip-padding", Sentences(image));
        }

        [Fact]
        public void A_version_1_signature_begins_with_0()
        {
            Assert.Contains("version 1 begins with 0, this one with 1", Sentences(EspImage.Read(Version1(_image, 1))));
            Assert.Contains("67 bytes behind the image", Sentences(EspImage.Read(Version1(_image)[..^1])));
            Assert.Contains("69 bytes behind the image", Sentences(EspImage.Read([.. Version1(_image), 0])));
        }

        [Fact]
        public void Nothing_follows_the_sector()
        {
            byte[] bytes = Version2(_image, 0);
            Assert.Contains("8192 bytes behind the image", Sentences(EspImage.Read([.. bytes, .. new byte[Sector]])));
            Assert.Contains("4095 bytes behind the image", Sentences(EspImage.Read(bytes[..^1])));
        }

        [Fact]
        public void A_slot_with_a_signed_image_is_read_like_one_without()
        {
            EspImage image = EspImage.ReadSlot(Version2(_image, 0, 0));
            Assert.True(image.Sound);
            Assert.Equal(4096, image.Length);
            Assert.Null(image.Signature);
        }

        private static string Sentences(EspImage image) => string.Join(" ", image.Checks.Where(check => !check.Ok).Select(check => check.Sentence));
    }
}
