using System.Security.Cryptography;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Images
{
    public class McubootImageTests
    {
        private static readonly string _vectorKey = File.ReadAllText(Vectors.PathOf("mcuboot-ecdsa-public.pem"));

        [Fact]
        public void An_image_signed_by_imgtool_verifies_with_its_key()
        {
            McubootImage image = McubootImage.Read(Vectors.Read("mcuboot-1.2.3+4-ecdsa-h400.bin"), _vectorKey);

            AssertSound(image);
            Assert.Equal(("1.2.3+4", 0x400, 3000), (image.Version, image.PayloadOffset, image.PayloadLength));
            Assert.Equal(["SHA-256", "key hash", "ECDSA signature"], image.Tlvs.Select(t => t.Name));
            Assert.StartsWith("6cd88490", Convert.ToHexStringLower(image.Tlvs[0].Value));
            Assert.EndsWith("83f877", Convert.ToHexStringLower(image.Tlvs[0].Value));
            Assert.Null(image.Trailer);
        }

        [Fact]
        public void A_slot_padded_and_confirmed_by_imgtool_has_its_trailer()
        {
            McubootImage image = McubootImage.Read(Vectors.Read("mcuboot-2.0.0-h20-padded-confirmed.bin"));

            AssertSound(image);
            Assert.Equal("2.0.0", image.Version);
            Assert.Equal(new McubootTrailer(8, ImageOk: true, CopyDone: false, SwapInfo: 0xFF, Offset: 0x4000 - 40), image.Trailer);
            Assert.Equal("none", image.Trailer!.Swap);
        }

        [Fact]
        public void Without_a_key_the_signature_is_named_and_not_verified()
        {
            byte[] bytes = Vectors.Read("mcuboot-1.2.3+4-ecdsa-h400.bin");
            bytes[^1] ^= 1;
            Assert.Equal("ECDSA signature: not verified, no key was given.", McubootImage.Read(bytes).Checks.Single(c => c.Name == "Signature").Sentence);
            Assert.Contains("does not verify", Failed(McubootImage.Read(bytes, _vectorKey)).Sentence);
        }

        [Fact]
        public void An_image_whose_Ed25519_signature_covers_it_without_a_hash_is_sound()
        {
            byte[] bytes = Vectors.Read("mcuboot-pure-ed25519.bin");
            McubootImage image = McubootImage.Read(bytes);
            AssertSound(image);
            Assert.Equal(["key hash", "Ed25519 signature", "signature covers the image itself"], image.Tlvs.Select(tlv => tlv.Name));
            Assert.Contains("covers the image itself", image.Checks.Single(check => check.Name == "Hash").Sentence);
            Assert.Equal("Ed25519 signature: not verified, no key was given.", image.Checks.Single(check => check.Name == "Signature").Sentence);
            Assert.Contains(image.Report().Facts, fact => fact is { Name: "Signature", Value: "Ed25519 signature" });
        }

        [Theory]
        [InlineData(new byte[] { 0 }, 64, "is not one byte of 1")]
        [InlineData(new byte[] { 2 }, 64, "is not one byte of 1")]
        [InlineData(new byte[] { }, 64, "is not one byte of 1")]
        [InlineData(new byte[] { 1, 0 }, 64, "is not one byte of 1")]
        [InlineData(new byte[] { 1 }, 63, "Neither a hash TLV nor an Ed25519 signature of 64 bytes")]
        [InlineData(new byte[] { 1 }, 0, "Neither a hash TLV nor an Ed25519 signature of 64 bytes")]
        public void A_mark_or_signature_that_MCUboot_would_not_take_is_refused(byte[] mark, int length, string sentence)
        {
            Assert.Contains(sentence, Failed(McubootImage.Read(new McubootMaker { Pure = mark, PureSignature = length }.Make())).Sentence);
        }

        [Fact]
        public void A_protected_counter_goes_with_a_pure_signature_and_a_slot_s_trailer_too()
        {
            AssertSound(McubootImage.Read(new McubootMaker { Pure = [1], SecurityCounter = 4 }.Make()));
            AssertSound(McubootImage.Read(new McubootMaker { Pure = [1], Slot = (512, 8) }.Make()));
        }

        [Fact]
        public void With_a_key_of_another_kind_a_pure_signature_does_not_verify()
        {
            Assert.Contains(McubootImage.Read(Vectors.Read("mcuboot-pure-ed25519.bin"), _vectorKey).Checks, check => check is { Name: "Signature", Ok: false });
        }

        [Fact]
        public void With_the_key_every_bit_of_hash_key_hash_and_signature_counts()
        {
            byte[] bytes = Vectors.Read("mcuboot-1.2.3+4-ecdsa-h400.bin");
            for (int bit = (0x400 + 3000) * 8; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(McubootImage.Read(bytes, _vectorKey).Sound, $"bit {bit % 8} of offset 0x{bit / 8:X}");
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        [Fact]
        public void Another_key_is_told_from_a_bad_signature()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            McubootImage image = McubootImage.Read(Vectors.Read("mcuboot-1.2.3+4-ecdsa-h400.bin"), key.ExportSubjectPublicKeyInfoPem());
            Assert.Contains("another key", image.Checks.Single(c => c.Name == "Key").Sentence);
        }

        [Fact]
        public void An_RSA_signature_verifies_with_its_key()
        {
            using var key = RSA.Create(2048);
            byte[] bytes = new McubootMaker { Key = key, SecurityCounter = 7 }.Make();
            AssertSound(McubootImage.Read(bytes, key.ExportSubjectPublicKeyInfoPem()));
            bytes[^1] ^= 1;
            Assert.Equal("Signature", Failed(McubootImage.Read(bytes, key.ExportSubjectPublicKeyInfoPem())).Name);
        }

        [Fact]
        public void An_unsigned_image_is_refused_when_a_key_is_given()
        {
            var failed = McubootImage.Read(new McubootMaker().Make(), _vectorKey).Checks.Where(c => !c.Ok).Select(c => c.Name);
            Assert.Equal(["Key", "Signature"], failed);
        }

        [Theory]
        [InlineData("not a key")]
        [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
        [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
        public void A_file_that_is_no_public_key_is_an_argument_error(string pem)
        {
            Assert.Throws<ArgumentException>(() => McubootImage.Read(new McubootMaker().Make(), pem));
        }

        [Theory]
        [InlineData("SHA256", "SHA-256")]
        [InlineData("SHA384", "SHA-384")]
        [InlineData("SHA512", "SHA-512")]
        public void Each_kind_of_hash_is_verified_and_covers_the_protected_entries(string hash, string name)
        {
            byte[] bytes = new McubootMaker { Hash = new HashAlgorithmName(hash), SecurityCounter = 7 }.Make();
            McubootImage image = McubootImage.Read(bytes);
            AssertSound(image);
            Assert.Equal([("security counter", true), (name, false)], image.Tlvs.Select(t => (t.Name, t.Protected)));
            bytes[image.Tlvs[0].Offset] ^= 1;
            Assert.Equal("Hash", Failed(McubootImage.Read(bytes)).Name);
        }

        [Fact]
        public void An_encrypted_image_is_not_called_sound()
        {
            Assert.Contains("encrypted", Failed(McubootImage.Read(new McubootMaker { Flags = 4 }.Make())).Sentence);
        }

        [Theory]
        [InlineData(8, 24, 32, 40)]
        [InlineData(16, 32, 48, 64)]
        [InlineData(32, 64, 96, 128)]
        public void The_trailer_is_read_for_every_alignment(int alignment, int imageOk, int copyDone, int swapInfo)
        {
            byte[] slot = new McubootMaker { Slot = (0x400, alignment) }.Make();
            slot[^imageOk] = 1;
            slot[^copyDone] = 1;
            slot[^swapInfo] = 0x12;
            McubootImage image = McubootImage.Read(slot);
            AssertSound(image);
            Assert.Equal(new McubootTrailer(alignment, true, true, 0x12, 0x400 - swapInfo), image.Trailer);
            Assert.Equal("test", image.Trailer!.Swap);

            slot[^copyDone] = 2;
            Assert.Equal("Trailer", Failed(McubootImage.Read(slot)).Name);
        }

        [Theory]
        [InlineData(8, 0x1F, "Header", "Offset 0x8")]
        [InlineData(15, 0x80, "Header", "Offset 0x8")]
        [InlineData(10, 1, "TLVs", "Offset 0x84")]
        [InlineData(0x84, 0, "TLVs", "Offset 0x84: no TLV area with magic 0x6907")]
        [InlineData(0x86, 3, "TLVs", "Offset 0x86: a TLV area of 3 bytes")]
        [InlineData(0x86, 0xFF, "TLVs", "Offset 0x86: a TLV area of 255 bytes")]
        [InlineData(0x8A, 33, "TLVs", "Offset 0x88: a TLV reaches beyond its area")]
        [InlineData(0x40, 0, "Hash", "Offset 0x8C: the SHA-256 TLV")]
        public void Damage_is_named_with_its_place(int offset, byte value, string check, string sentence)
        {
            byte[] bytes = new McubootMaker().Make();
            bytes[offset] = value;
            ImageCheck failed = Failed(McubootImage.Read(bytes));
            Assert.Equal(check, failed.Name);
            Assert.Contains(sentence, failed.Sentence);
        }

        [Fact]
        public void A_protected_area_of_another_size_than_the_header_states_is_refused()
        {
            byte[] bytes = new McubootMaker { SecurityCounter = 7 }.Make();
            bytes[10]++;
            Assert.Equal("Offset 0x86: a TLV area of 12 bytes; the header states 13, 52 are left.", Assert.Single(McubootImage.Read(bytes).Checks, c => c.Name == "TLVs").Sentence);
        }

        [Theory]
        [InlineData(172 + 39, 8)] // reaches into the image
        [InlineData(0x400, 24)]
        [InlineData(0x400, 4)]
        public void A_trailer_that_cannot_be_one_is_refused(int slotSize, int alignment)
        {
            McubootImage image = McubootImage.Read(new McubootMaker { Slot = (slotSize, alignment) }.Make());
            Assert.Null(image.Trailer);
            Assert.Equal("Trailing bytes", Failed(image).Name);
        }

        [Fact]
        public void Bytes_behind_the_image_must_be_erased()
        {
            byte[] image = new McubootMaker().Make();
            AssertSound(McubootImage.Read([.. image, 0xFF, 0xFF]));
            Assert.Equal($"Offset 0x{image.Length + 1:X}: bytes behind the image that are neither erased nor a trailer.", Failed(McubootImage.Read([.. image, 0xFF, 0])).Sentence);
        }

        private static ImageCheck Failed(McubootImage image)
        {
            return Assert.Single(image.Checks, c => !c.Ok);
        }

        private static void AssertSound(McubootImage image)
        {
            Assert.True(image.Sound, string.Join(" ", image.Checks.Where(c => !c.Ok)));
        }
    }
}
