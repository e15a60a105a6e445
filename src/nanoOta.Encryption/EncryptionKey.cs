// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// A secret key that the keys of images are wrapped with: of one device, or of a group of them. <c>nanoota keygen --encrypt</c> makes it. It
    /// gives its bytes to nobody.
    /// </summary>
    public sealed class EncryptionKey
    {
        /// <summary>The longest id, in characters.</summary>
        public const int MaxIdLength = 64;

        /// <summary>The key's id (<c>kid</c>), by which manifests call it.</summary>
        public readonly string Id;

        /// <summary>The key, 16 or 32 bytes. A secret.</summary>
        internal readonly byte[] Bytes;

        private EncryptionKey(string id, byte[] bytes)
        {
            Id = id;
            Bytes = bytes;
        }

        /// <summary>Makes a key of its parts.</summary>
        /// <param name="id">Its id, 1 to <see cref="MaxIdLength"/> characters.</param>
        /// <param name="bytes">The key, 16 or 32 bytes: AES-128 or AES-256. Not copied.</param>
        /// <returns>The key; null when it is none.</returns>
        public static EncryptionKey Create(string id, byte[] bytes)
        {
            return id == null || id.Length == 0 || id.Length > MaxIdLength || bytes == null || (bytes.Length != 16 && bytes.Length != 32)
                ? null : new EncryptionKey(id, bytes);
        }

        /// <summary>Reads a JSON Web Key (RFC 7517) of type <c>oct</c> (RFC 7518, section 6.4) with its id.</summary>
        /// <param name="jwk">Its text.</param>
        /// <returns>The key; null when it is none.</returns>
        public static EncryptionKey Parse(string jwk)
        {
            byte[] text = Encoding.UTF8.GetBytes(jwk == null ? string.Empty : jwk);
            JsonReader json = new JsonReader(text, 0, text.Length);
            bool isSymmetric = false;
            string id = null;
            byte[] bytes = null;
            string name;
            if (json.Read() != JsonToken.ObjectStart)
            {
                return null;
            }

            while ((name = json.ReadMember(1)) != null)
            {
                string value = json.Token == JsonToken.String ? json.GetString() : null;
                if (name == "kty")
                {
                    isSymmetric = value == "oct";
                }
                else if (name == "kid")
                {
                    id = value;
                }
                else if (name == "k")
                {
                    bytes = Base64Text.Read(value);
                }
            }

            return isSymmetric && json.Token == JsonToken.ObjectEnd && json.Read() == JsonToken.End ? Create(id, bytes) : null;
        }
    }
}
