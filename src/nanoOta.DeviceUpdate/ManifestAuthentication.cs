// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// One authentication of an update manifest of Azure Device Update, in six steps: the signature's form; its header, which
    /// brings a signing key along; that a trusted root key signed the signing key; the signing key itself; the signature; the
    /// manifest's hash. Signing keys are not kept: each authentication begins at the root.
    /// </summary>
    public sealed class ManifestAuthentication
    {
        private readonly RootKeys _roots;
        private readonly byte[] _manifest;
        private readonly byte[] _text;
        private readonly UpdateAgentOptions _options;
        private Jws _signature;
        private byte[] _key;
        private int _keyLength;
        private RsaPublicKey _signingKey;
        private bool _isVerifying;

        /// <summary>Prepares an authentication; the work is done by <see cref="Step"/>.</summary>
        /// <param name="options">The agent's options.</param>
        /// <param name="roots">The root keys.</param>
        /// <param name="manifest">The manifest's bytes, the escapes of its JSON string resolved.</param>
        /// <param name="signature">The signature's text, likewise; null: there is none.</param>
        public ManifestAuthentication(UpdateAgentOptions options, RootKeys roots, byte[] manifest, string signature)
        {
            _options = options;
            _roots = roots;
            _manifest = manifest;
            _text = Encoding.UTF8.GetBytes(signature == null ? string.Empty : signature);
        }

        /// <summary>Which of the six steps it is at, from 1; after a refusal, the one that refused.</summary>
        public int Number = 1;

        /// <summary>Does one bounded piece of work.</summary>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>: call again; <see cref="ResultCode.None"/>: the manifest is genuine; else why it is not:
        /// <see cref="ResultCode.SignatureMalformed"/>, <see cref="ResultCode.CriticalHeader"/>,
        /// <see cref="ResultCode.AlgorithmRefused"/>, <see cref="ResultCode.KeyUnknown"/>,
        /// <see cref="ResultCode.SignatureInvalid"/> or <see cref="ResultCode.HashMismatch"/>.
        /// </returns>
        public ResultCode Step()
        {
            ResultCode code;
            switch (Number)
            {
                case 1:
                    code = _text.Length == 0 ? ResultCode.SignatureMissing : Jws.Read(_text, _text.Length, _options.Hasher, out _signature);
                    Number += code == ResultCode.AlgorithmRefused || code == ResultCode.CriticalHeader ? 1 : 0;
                    break;
                case 2:
                    code = _signature.SigningKey == null ? ResultCode.SignatureMalformed : ResultCode.None;
                    break;
                case 3:
                    code = _isVerifying ? _options.RsaVerifier.Step() : ReadKey();
                    break;
                case 4:
                    code = AcceptKey();
                    break;
                case 5:
                    code = _isVerifying ? _options.RsaVerifier.Step() : Verify(_signingKey, _signature);
                    break;
                default:
                    return CompareHash();
            }

            if (code != ResultCode.None)
            {
                return code;
            }

            _isVerifying = false;
            Number++;
            return ResultCode.Pending;
        }

        private ResultCode ReadKey()
        {
            _key = Encoding.UTF8.GetBytes(_signature.SigningKey);
            ResultCode code = Jws.Read(_key, _key.Length, _options.Hasher, out Jws jws);
            if (code != ResultCode.None)
            {
                return code;
            }

            _keyLength = jws.PayloadLength;
            RsaPublicKey root = _roots.Find(jws.KeyId);
            if (root == null)
            {
                return ResultCode.KeyUnknown;
            }

            return Verify(root, jws);
        }

        private ResultCode Verify(RsaPublicKey key, Jws jws)
        {
            _options.RsaVerifier.Begin(key.Modulus, key.Exponent, jws.Signature, jws.Digest);
            _isVerifying = true;
            return ResultCode.Pending;
        }

        // Its numbers are in either alphabet of base64.
        private ResultCode AcceptKey()
        {
            JsonReader json = new JsonReader(_key, 0, _keyLength);
            json.Read();
            JsonValues key = new JsonValues(json, null);
            string algorithm = key.Text("/alg");
            bool good = HubJson.IsWhole(json) && key.Text("/kty") == "RSA" && (algorithm == null || algorithm == Jws.Algorithm);
            byte[] exponent = Base64Url.ReadEither(key.Text("/e"), 4);
            _signingKey = RsaPublicKey.Create(key.Text("/kid"), Base64Url.ReadEither(key.Text("/n"), RsaPublicKey.MaxLength), exponent);
            return good && _signingKey != null && !_roots.IsDisabled(_signingKey) ? ResultCode.None : ResultCode.KeyUnknown;
        }

        private ResultCode CompareHash()
        {
            JsonReader json = new JsonReader(_text, 0, _signature.PayloadLength);
            json.Read();
            byte[] expected = Base64Url.ReadEither(new JsonValues(json, null).Text("/sha256"), Sha256.DigestLength);
            byte[] digest = Sha256.Of(_options.Hasher, _manifest, 0, _manifest.Length);
            return HubJson.IsWhole(json) && Bytes.Equal(expected, digest) ? ResultCode.None : ResultCode.HashMismatch;
        }
    }
}
