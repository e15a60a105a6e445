using System.Text;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tests.Encryption
{
    /// <summary>What the tool says of a member that no device reads.</summary>
    public class ManifestEncryptionTests
    {
        [Theory]
        [InlineData("7")]
        [InlineData("{}")]
        [InlineData("{\"enc\":\"A256CTR\",\"iv\":\"x\",\"iv\":\"y\"}")]
        [InlineData("{\"enc\":7,\"recipients\":[{\"kid\":\"a\",\"kid\":\"b\"}]}")]
        [InlineData("{\"sha256\":\"zz00112233445566778899aabbccddeeff00112233445566778899aabbccddee\",\"recipients\":[]}")]
        public void A_member_that_cannot_be_read_has_a_fault_and_no_exception(string text)
        {
            ManifestEncryption? read = ManifestEncryption.Of(new ManifestComponent { Encryption = Encoding.UTF8.GetBytes(text) });
            Assert.StartsWith("EncryptionMalformed", read!.Fault, StringComparison.Ordinal);
        }

        [Fact]
        public void One_that_is_for_nobody_is_told()
        {
            EncryptedFile file = ImageEncryption.Encrypt([1], [EncryptionKey.Create("a", new byte[16])]);
            string text = file.Json[..file.Json.IndexOf("[{", StringComparison.Ordinal)] + "[]}";
            ManifestEncryption read = ManifestEncryption.Of(new ManifestComponent { Encryption = Encoding.UTF8.GetBytes(text) })!;
            Assert.Equal(("It is encrypted for nobody.", "encrypted, A128CTR, for nobody"), (read.Fault, read.Line));
            Assert.Null(ManifestEncryption.Of(new ManifestComponent()));
        }
    }
}
