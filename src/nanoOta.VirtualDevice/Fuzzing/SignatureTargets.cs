using System.Text;
using nanoOta.VirtualDevice.Images;
using Base64 = System.Buffers.Text.Base64Url;

namespace nanoOta.VirtualDevice.Fuzzing
{
    /// <summary>What reads signed documents and keys. That forged signatures are refused is for tests with keys; here it is about form.</summary>
    internal static class SignatureTargets
    {
        // Odd, and of the right length; nobody has its factors.
        private static readonly string _modulus = Base64.EncodeToString([.. Enumerable.Repeat((byte)0xC5, 256)]);
        private static readonly string _key = $$"""{"kty":"RSA","kid":"a","alg":"RS256","n":"{{_modulus}}","e":"AQAB"}""";
        private static readonly string _list = $$"""{"version":3,"keys":[{{_key}}]}""";
        private static readonly string _signed = $"{Text("""{"alg":"RS256","kid":"a"}""")}.{Text("""{"schema":1}""")}.{_modulus}";
        private static readonly SignedManifests _verifier = new(HostOptions.Create(), [RsaPublicKey.Parse(_key)], null);

        public static IReadOnlyList<FuzzTarget> All { get; } =
        [
            new("jws", 100, Bytes(_signed, $"{Text("""{"alg":"none"}""")}..", $"{Text(_key)}.{Text(_list)}.AA"), input =>
            {
                byte[] document = (byte[])input.Clone();
                ResultCode code = Jws.Read(document, document.Length, new ManagedHasher(), out Jws jws);
                Require((code == ResultCode.None) == (jws != null), $"{code}, and {(jws == null ? "no" : "a")} JWS");
                Require(jws == null || (jws.PayloadLength < input.Length && jws.Signature.Length <= RsaPublicKey.MaxLength), "longer than it can be");

                // The first steps, up to the signature's arithmetic, which takes as long for every input.
                document = (byte[])input.Clone();
                _verifier.Begin(document, document.Length, false);
                Require(_verifier.Step(out _) != ResultCode.None, "accepted without a look at the signature");
                ImageFile.Identify(input);
            }),
            new("keys", 100, Bytes(_list, _key), input =>
            {
                KeyList list = KeyList.Read(input, input.Length);
                Require(list == null || list.Keys.Length is > 0 and <= KeyList.MaxKeys && list.Version > 0, "a list without a key or a version");
                Require(list == null || list.Keys.All(IsSound), "a key in the list that is not acceptable");
                RsaPublicKey key = RsaPublicKey.Parse(Encoding.Latin1.GetString(input));
                Require(key == null || IsSound(key), "a key that is not acceptable");
                ImageFile.Identify(input);
            }),
            new("base64url", 100, Bytes(_modulus, "QUJD", "QQ", "QUI", "_-8"), input =>
            {
                byte[] read = Base64Url.Read(input, 0, input.Length, input.Length);
                Require(read == null || Base64.EncodeToString(read) == Encoding.Latin1.GetString(input), "another text for the same bytes");
            }),
        ];

        private static bool IsSound(RsaPublicKey key)
        {
            return key.Modulus.Length is 256 or 384 or 512 && key.Modulus[0] >= 0x80 && (key.Modulus[^1] & 1) == 1
                && key.Exponent >= 3 && (key.Exponent & 1) == 1 && key.Id.Length is > 0 and <= RsaPublicKey.MaxIdLength;
        }

        private static string Text(string text)
        {
            return Base64.EncodeToString(Encoding.UTF8.GetBytes(text));
        }

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
