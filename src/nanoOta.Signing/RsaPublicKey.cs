// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>An RSA public key of 2048, 3072 or 4096 bits, with the name that signatures call it by.</summary>
    public sealed class RsaPublicKey
    {
        /// <summary>The longest modulus in bytes.</summary>
        public const int MaxLength = 512;

        /// <summary>The longest id in characters.</summary>
        public const int MaxIdLength = 64;

        /// <summary>The key's id (<c>kid</c>), of 1 to <see cref="MaxIdLength"/> characters.</summary>
        public readonly string Id;

        /// <summary>The modulus, most significant byte first: 256, 384 or 512 bytes, odd, its first bit set.</summary>
        public readonly byte[] Modulus;

        /// <summary>The exponent, odd and at least 3.</summary>
        public readonly uint Exponent;

        private RsaPublicKey(string id, byte[] modulus, uint exponent)
        {
            Id = id;
            Modulus = modulus;
            Exponent = exponent;
        }

        /// <summary>Makes a key.</summary>
        /// <param name="id">Its id.</param>
        /// <param name="modulus">The modulus, most significant byte first, without leading zeros; may be null.</param>
        /// <param name="exponent">The exponent, likewise; at most four bytes.</param>
        /// <returns>The key; null when these are not those of an acceptable one.</returns>
        public static RsaPublicKey Create(string id, byte[] modulus, byte[] exponent)
        {
            if (id == null || id.Length == 0 || id.Length > MaxIdLength || modulus == null || exponent == null)
            {
                return null;
            }

            int length = modulus.Length;
            if ((length != 256 && length != 384 && length != MaxLength) || modulus[0] < 0x80 || (modulus[length - 1] & 1) == 0)
            {
                return null;
            }

            uint e = 0;
            for (int i = 0; i < exponent.Length; i++)
            {
                e = (e << 8) | exponent[i];
            }

            // A leading zero is refused because it would make two texts of one key.
            bool good = exponent.Length > 0 && exponent.Length <= 4 && exponent[0] != 0 && e >= 3 && (e & 1) != 0;
            return good ? new RsaPublicKey(id, modulus, e) : null;
        }

        /// <summary>Reads a key from a JSON Web Key: an object with <c>kty</c> RSA, <c>kid</c>, <c>n</c>, <c>e</c>; an <c>alg</c> must be RS256.</summary>
        /// <param name="json">Stands at the object's start; afterwards at its end when the key is good.</param>
        /// <returns>The key; null when the text is malformed or the key not acceptable.</returns>
        public static RsaPublicKey Read(JsonReader json)
        {
            if (json.Token != JsonToken.ObjectStart)
            {
                return null;
            }

            string id = null;
            byte[] modulus = null;
            byte[] exponent = null;
            bool good = false;
            while (json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                json.Read();
                string text = json.GetText();
                switch (name)
                {
                    case "kty":
                        good = text == "RSA";
                        break;
                    case "alg":
                        if (text != Jws.Algorithm)
                        {
                            return null;
                        }

                        break;
                    case "kid":
                        id = text;
                        break;
                    case "n":
                        modulus = Number(text);
                        break;
                    case "e":
                        exponent = Number(text);
                        break;
                }

                json.Skip();
            }

            return good && json.Token == JsonToken.ObjectEnd ? Create(id, modulus, exponent) : null;
        }

        /// <summary>Reads a key from the text of a JSON Web Key.</summary>
        /// <param name="jwk">The text.</param>
        /// <returns>The key; null when the text is malformed or the key not acceptable.</returns>
        public static RsaPublicKey Parse(string jwk)
        {
            byte[] text = Encoding.UTF8.GetBytes(jwk);
            JsonReader json = new JsonReader(text, 0, text.Length);
            json.Read();
            RsaPublicKey key = Read(json);
            return key != null && json.Read() == JsonToken.End ? key : null;
        }

        private static byte[] Number(string text)
        {
            if (text == null)
            {
                return null;
            }

            byte[] characters = Encoding.UTF8.GetBytes(text);
            return Base64Url.Read(characters, 0, characters.Length, MaxLength);
        }
    }
}
