// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>A root-key package as it is fetched: the bytes that were signed, and a signature for each of its root keys, in their order.</summary>
    internal sealed class SignedPackage
    {
        internal readonly byte[][] Signatures = new byte[RootKeyPackage.MaxKeys][];
        internal byte[] Content;

        /// <summary>Reads a package.</summary>
        /// <returns>The package; null when it is malformed or too long.</returns>
        internal static SignedPackage Read(byte[] text, int length)
        {
            SignedPackage package = new SignedPackage();
            JsonReader json = new JsonReader(text, 0, length > RootKeyPackages.MaxLength ? 0 : length);
            bool good = json.Read() == JsonToken.ObjectStart;
            string name;
            while (good && (name = json.ReadMember(1)) != null)
            {
                if (name == "protected")
                {
                    byte[] value = json.CopyValue();
                    package.Content = json.Token == JsonToken.ObjectEnd ? Compact(value) : null;
                }
                else if (name == "signatures")
                {
                    good = package.ReadSignatures(json);
                }
            }

            return good && HubJson.IsWhole(json) && package.Content != null && package.Content.Length <= Jws.MaxLength ? package : null;
        }

        private bool ReadSignatures(JsonReader json)
        {
            int count = 0;
            bool good = json.Token == JsonToken.ArrayStart;
            while (good && json.Read() == JsonToken.ObjectStart)
            {
                JsonValues signature = new JsonValues(json, null);
                good = signature.Text("/alg") == Jws.Algorithm && count < Signatures.Length
                    && (Signatures[count++] = Base64Url.ReadEither(signature.Text("/sig"), RsaPublicKey.MaxLength)) != null;
            }

            return good && json.Token == JsonToken.ArrayEnd;
        }

        // What is signed has no white space outside its texts.
        private static byte[] Compact(byte[] value)
        {
            int length = 0;
            bool inText = false;
            for (int i = 0; i < value.Length; i++)
            {
                byte c = value[i];
                if (inText && c == '\\')
                {
                    value[length++] = c;
                    c = value[++i];
                }
                else if (c == '"')
                {
                    inText = !inText;
                }

                if (inText || c > ' ')
                {
                    value[length++] = c;
                }
            }

            byte[] exact = new byte[length];
            Array.Copy(value, 0, exact, 0, length);
            return exact;
        }
    }
}
