// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>What a root-key package of Azure Device Update says: which root keys there are, and which keys are disabled.</summary>
    internal sealed class RootKeyPackage
    {
        internal const int MaxKeys = 8;

        private const int MaxDisabled = 32;

        internal uint Version;
        internal bool IsTest;
        internal RsaPublicKey[] Keys = new RsaPublicKey[0];
        internal string[] DisabledRoots = new string[0];
        internal byte[][] DisabledSigningKeys = new byte[0][];

        /// <summary>Reads the member <c>protected</c>: all that is signed.</summary>
        /// <returns>The package; null when it is malformed or holds a key that is not acceptable.</returns>
        internal static RootKeyPackage Read(byte[] text)
        {
            JsonReader json = new JsonReader(text, 0, text.Length);
            RootKeyPackage package = new RootKeyPackage();
            bool good = json.Read() == JsonToken.ObjectStart;
            string name;
            while (good && (name = json.ReadMember(1)) != null)
            {
                switch (name)
                {
                    case "version":
                        good = json.TryGetInt64(out long version) && version > 0 && version <= uint.MaxValue;
                        package.Version = (uint)version;
                        break;
                    case "isTest":
                        package.IsTest = json.Token != JsonToken.False;
                        break;
                    case "rootKeys":
                        good = package.ReadKeys(json);
                        break;
                    case "disabledRootKeys":
                        good = package.ReadDisabled(json, false);
                        break;
                    case "disabledSigningKeys":
                        good = package.ReadDisabled(json, true);
                        break;
                }
            }

            return good && json.Token == JsonToken.ObjectEnd && package.Version > 0 && package.Keys.Length > 0 ? package : null;
        }

        /// <summary>SHA-256 of a key as DER (RFC 8017, RSAPublicKey): how a package calls a key that it disables.</summary>
        internal static byte[] HashOf(IHasher hasher, RsaPublicKey key)
        {
            int length = key.Modulus.Length;
            byte[] exponent = Digits(key.Exponent);
            byte[] der = new byte[4 + 5 + length + 2 + 1 + exponent.Length];
            int at = Header(der, 0, 0x30, 5 + length + 2 + (exponent[0] >> 7) + exponent.Length);

            // An integer whose first bit is set has a zero in front.
            at = Header(der, at, 2, 1 + length) + 1;
            Array.Copy(key.Modulus, 0, der, at, length);
            at += length;
            der[at++] = 2;
            der[at++] = (byte)((exponent[0] >> 7) + exponent.Length);
            at += exponent[0] >> 7;
            Array.Copy(exponent, 0, der, at, exponent.Length);
            return Sha256.Of(hasher, der, 0, at + exponent.Length);
        }

        private static int Header(byte[] der, int at, int tag, int length)
        {
            der[at] = (byte)tag;
            der[at + 1] = 0x82;
            der[at + 2] = (byte)(length >> 8);
            der[at + 3] = (byte)length;
            return at + 4;
        }

        private static byte[] Digits(uint number)
        {
            int length = number > 0xFFFFFF ? 4 : number > 0xFFFF ? 3 : number > 0xFF ? 2 : 1;
            byte[] digits = new byte[length];
            for (int i = length - 1; i >= 0; i--)
            {
                digits[i] = (byte)number;
                number >>= 8;
            }

            return digits;
        }

        private bool ReadKeys(JsonReader json)
        {
            RsaPublicKey[] read = new RsaPublicKey[MaxKeys];
            int count = 0;
            bool good = json.Token == JsonToken.ObjectStart;
            int depth = json.Depth;
            string id;
            while (good && (id = json.ReadMember(depth)) != null)
            {
                good = count < MaxKeys && (read[count++] = ReadKey(new JsonValues(json, null), id)) != null;
            }

            Keys = new RsaPublicKey[count];
            Array.Copy(read, Keys, count);
            return good && json.Token == JsonToken.ObjectEnd;
        }

        // Its numbers are in either alphabet of base64; the modulus may have a zero in front, as DER has it, and the exponent be in digits.
        private static RsaPublicKey ReadKey(JsonValues key, string id)
        {
            byte[] modulus = Base64Url.ReadEither(key.Text("/n"), RsaPublicKey.MaxLength + 1);
            if (modulus != null && modulus.Length > 0 && modulus[0] == 0)
            {
                byte[] digits = new byte[modulus.Length - 1];
                Array.Copy(modulus, 1, digits, 0, digits.Length);
                modulus = digits;
            }

            long number = key.Number("/e");
            byte[] exponent = number > 0 && number <= uint.MaxValue ? Digits((uint)number) : Base64Url.ReadEither(key.Text("/e"), 4);
            return key.Text("/keyType") == "RSA" ? RsaPublicKey.Create(id, modulus, exponent) : null;
        }

        // Ids of root keys, or hashes of signing keys.
        private bool ReadDisabled(JsonReader json, bool hashes)
        {
            string[] ids = new string[MaxDisabled];
            byte[][] keys = new byte[MaxDisabled][];
            int count = 0;
            bool good = json.Token == JsonToken.ArrayStart;
            while (good && json.Read() != JsonToken.ArrayEnd)
            {
                good = count < MaxDisabled;
                if (good && hashes)
                {
                    keys[count] = Base64Url.ReadEither(HubJson.Find(json, "hash", null), Sha256.DigestLength);
                    good = keys[count] != null && json.Token == JsonToken.ObjectEnd;
                }
                else if (good)
                {
                    ids[count] = json.GetString();
                    good = json.Token == JsonToken.String;
                }

                count++;
            }

            if (good && hashes)
            {
                DisabledSigningKeys = new byte[count][];
                Array.Copy(keys, DisabledSigningKeys, count);
            }
            else if (good)
            {
                DisabledRoots = new string[count];
                Array.Copy(ids, DisabledRoots, count);
            }

            return good;
        }
    }
}
