using System.Text;
using System.Text.Json.Nodes;

namespace nanoOta.Tests.Signing
{
    /// <summary>Published signatures of Azure Device Update, with production keys (tests/vectors/adu).</summary>
    public class AduVectorTests
    {
        [Fact]
        public void A_published_signature_is_accepted_with_the_production_root_key_down_to_its_payload()
        {
            (Jws inner, RsaPublicKey root, Jws outer, RsaPublicKey signing) = Read("adu-freertos-valid-manifest.jws");
            Assert.Equal(ResultCode.None, Rs256Tests.Verify(root, inner.Signature, inner.Digest));
            Assert.Equal(ResultCode.None, Rs256Tests.Verify(signing, outer.Signature, outer.Digest));
        }

        [Fact]
        public void The_other_production_root_key_does_not_verify_it()
        {
            (Jws inner, _, _, _) = Read("adu-freertos-valid-manifest.jws");
            Assert.Equal(ResultCode.SignatureInvalid, Rs256Tests.Verify(Root("ADU.200703.R"), inner.Signature, inner.Digest));
        }

        [Fact]
        public void A_published_signature_whose_payload_was_changed_is_refused_though_its_key_is_good()
        {
            (Jws inner, RsaPublicKey root, Jws outer, RsaPublicKey signing) = Read("adu-freertos-wrongsha.jws");
            Assert.Equal(ResultCode.None, Rs256Tests.Verify(root, inner.Signature, inner.Digest));
            Assert.Equal(ResultCode.SignatureInvalid, Rs256Tests.Verify(signing, outer.Signature, outer.Digest));
        }

        // The key that signs lies in the header, itself signed with a root key.
        private static (Jws Inner, RsaPublicKey Root, Jws Outer, RsaPublicKey Signing) Read(string name)
        {
            byte[] text = File.ReadAllBytes(TestFiles.PathOf("adu", name));
            JsonNode header = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromUtf8(text.AsSpan(0, text.AsSpan().IndexOf((byte)'.'))))!;
            byte[] sjwk = Encoding.ASCII.GetBytes((string)header["sjwk"]!);
            Jws outer = Jws(text);
            Jws inner = Jws(sjwk);

            // Its modulus is in standard base64.
            JsonNode jwk = JsonNode.Parse(sjwk.AsSpan(0, inner.PayloadLength))!;
            RsaPublicKey signing = RsaPublicKey.Create((string)jwk["kid"]!, Convert.FromBase64String((string)jwk["n"]!), Convert.FromBase64String((string)jwk["e"]!))!;
            return (inner, Root(inner.KeyId), outer, signing);
        }

        private static Jws Jws(byte[] text)
        {
            Assert.Equal(ResultCode.None, nanoOta.Jws.Read(text, text.Length, new ManagedHasher(), out Jws jws));
            return jws;
        }

        private static RsaPublicKey Root(string id)
        {
            JsonNode key = JsonNode.Parse(File.ReadAllBytes(TestFiles.PathOf("adu", "adu-root-keys-prod.json")))![id]!;
            byte[] modulus = Convert.FromHexString((string)key["nHex"]!);
            Assert.Equal((0, 385), (modulus[0], modulus.Length));
            return RsaPublicKey.Create(id, modulus[1..], Convert.FromHexString((string)key["eHex"]!))!;
        }
    }
}
