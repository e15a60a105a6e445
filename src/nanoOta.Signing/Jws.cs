// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// A JSON Web Signature in its compact form (RFC 7515, section 7.1): <c>header.payload.signature</c>, each part in base64url.
    /// What is read here is not verified yet.
    /// </summary>
    public sealed class Jws
    {
        /// <summary>The one algorithm: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3).</summary>
        public const string Algorithm = "RS256";

        /// <summary>The longest text in bytes, three parts and two dots together.</summary>
        public const int MaxLength = 4096;

        /// <summary>The header's <c>kid</c>; null when it has none.</summary>
        public string KeyId;

        /// <summary>The header's <c>sjwk</c>, a signed key as Azure Device Update sends it along; null when it has none.</summary>
        public string SigningKey;

        /// <summary>The signature.</summary>
        public byte[] Signature;

        /// <summary>SHA-256 of what is signed: the text up to the second dot.</summary>
        public byte[] Digest;

        /// <summary>The payload's length in bytes; it lies at the buffer's start.</summary>
        public int PayloadLength;

        /// <summary>Reads a JWS and puts its payload in its place.</summary>
        /// <param name="text">Holds the text at its start; afterwards the payload there, and anything behind that.</param>
        /// <param name="length">The text's length in bytes. Nothing may surround it, no line end either.</param>
        /// <param name="hasher">Computes the digest.</param>
        /// <param name="jws">Receives it, or null.</param>
        /// <returns>
        /// <see cref="ResultCode.None"/>, <see cref="ResultCode.SignatureMalformed"/>, <see cref="ResultCode.CriticalHeader"/> or
        /// <see cref="ResultCode.AlgorithmRefused"/>.
        /// </returns>
        public static ResultCode Read(byte[] text, int length, IHasher hasher, out Jws jws)
        {
            jws = null;
            int first = Dot(text, 0, length);
            int second = Dot(text, first + 1, length);
            if (length > MaxLength || second >= length)
            {
                return ResultCode.SignatureMalformed;
            }

            Jws read = new Jws();
            byte[] header = Base64Url.Read(text, 0, first, MaxLength);
            read.Signature = Base64Url.Read(text, second + 1, length - second - 1, RsaPublicKey.MaxLength);
            if (header == null || read.Signature == null)
            {
                return ResultCode.SignatureMalformed;
            }

            ResultCode code = read.ReadHeader(header);
            if (code != ResultCode.None)
            {
                return code;
            }

            read.Digest = Sha256.Of(hasher, text, 0, second);
            read.PayloadLength = Base64Url.Decode(text, first + 1, second - first - 1, text);
            if (read.PayloadLength < 0)
            {
                return ResultCode.SignatureMalformed;
            }

            jws = read;
            return ResultCode.None;
        }

        // The next dot, or the end. A third one is no character of the signature.
        private static int Dot(byte[] text, int at, int length)
        {
            while (at < length && text[at] != '.')
            {
                at++;
            }

            return at;
        }

        private ResultCode ReadHeader(byte[] header)
        {
            JsonReader json = new JsonReader(header, 0, header.Length);
            bool known = false;
            bool critical = false;
            bool good = json.Read() == JsonToken.ObjectStart;
            while (good && json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                json.Read();
                switch (name)
                {
                    case "alg":
                        known = json.GetText() == Algorithm;
                        break;
                    case "kid":
                        KeyId = json.GetText();
                        good = KeyId != null;
                        break;
                    case "sjwk":
                        SigningKey = json.GetString();
                        break;
                    case "crit":
                        // Extensions that must be understood: none is.
                        critical = true;
                        break;
                }

                json.Skip();
            }

            if (!good || json.Token != JsonToken.ObjectEnd || json.Read() != JsonToken.End)
            {
                return ResultCode.SignatureMalformed;
            }

            return critical ? ResultCode.CriticalHeader : known ? ResultCode.None : ResultCode.AlgorithmRefused;
        }
    }
}
