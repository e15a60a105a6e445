using System.Buffers.Binary;
using System.Security.Cryptography;
using nanoOta.VirtualDevice.Deltas;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Deltas
{
    public class PartsTests
    {
        private static readonly byte[] _image = SampleImages.Deployment(new(1, 1), 8192);

        [Fact]
        public void An_identity_is_size_and_checksums_of_the_header()
        {
            ImageParts parts = ImageParts.Read(EditedAssembly.Mscorlib())!;
            Assert.Equal(new PartIdentity(32536, 0x4EDBC566, 0x295617D1), Assert.Single(parts.Parts).Identity);
            Assert.Equal("GH8AAGbF207RF1Yp", parts.Base64);
        }

        [Fact]
        public void The_parts_are_the_assemblies_in_their_order()
        {
            ImageParts parts = ImageParts.Read(_image)!;
            Assert.Equal(["Library 1.0.0.0", "App 1.1.0.0"], parts.Parts.Select(part => $"{part.Name} {part.Version}"));
            Assert.Equal(_image.Length, parts.Parts.Sum(part => (int)part.Identity.Size));
            Assert.Equal([0, (int)parts.Parts[0].Identity.Size], parts.Parts.Select(part => part.Offset));
        }

        [Fact]
        public void The_id_of_an_image_is_the_start_of_the_hash_over_its_identities()
        {
            ImageParts parts = ImageParts.Read(_image)!;
            byte[] headers = [.. parts.Parts.SelectMany(part => (byte[])[.. _image[(part.Offset + 100)..(part.Offset + 104)], .. _image[(part.Offset + 8)..(part.Offset + 16)]])];
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(headers))[..16], parts.Id);
            Assert.NotEqual(parts.Id, ImageParts.Read(SampleImages.Deployment(new(1, 1), 8192, 1))!.Id);
        }

        [Fact]
        public void The_manifest_member_is_read_as_it_was_written()
        {
            ImageParts parts = ImageParts.Read(_image)!;
            Assert.Equal(parts.Parts.Select(part => part.Identity), ImageParts.ParseMember(parts.Base64)!);
        }

        [Theory]
        [InlineData("")]
        [InlineData("GH8AAGbF207RF1Y=")]
        [InlineData("GH8AAGbF207RF1Yp\n")]
        [InlineData("GH8AAGbF207RF1_p")]
        [InlineData("GX8AAGbF207RF1Yp")]
        [InlineData("AAAAAGbF207RF1Yp")]
        [InlineData("eAAAAGbF207RF1Yp")]
        public void A_member_that_is_no_list_of_identities_is_refused(string member)
        {
            Assert.Null(ImageParts.ParseMember(member));
        }

        [Fact]
        public void A_member_has_at_most_64_identities()
        {
            Assert.Equal(64, ImageParts.ParseMember(string.Concat(Enumerable.Repeat("GH8AAGbF207RF1Yp", 64)))!.Length);
            Assert.Null(ImageParts.ParseMember(string.Concat(Enumerable.Repeat("GH8AAGbF207RF1Yp", 65))));
            Assert.Null(ImageParts.ParseMember(string.Concat(Enumerable.Repeat("GH8AAGbF207RF1Yp", 80))));
        }

        [Fact]
        public void An_image_with_anything_else_in_it_has_no_parts()
        {
            Assert.Null(ImageParts.Read([]));
            Assert.Null(ImageParts.Read([.. _image, 0, 0, 0, 0]));
            Assert.Null(ImageParts.Read([.. _image, .. new byte[200]]));
            Assert.Null(ImageParts.Read(_image.AsSpan(0, _image.Length - 4)));
            Assert.Null(ImageParts.Read(SampleImages.Esp32("1.16.0.1", 40000)));
            byte[] damaged = [.. _image];
            BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(100), 0);
            Assert.Null(ImageParts.Read(damaged));
        }
    }
}
