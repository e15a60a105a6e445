// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// The keys that are trusted from a version of the list on: all of them, so that one which is not named is retired.
    /// <c>{"version":2,"keys":[…]}</c>, each key a JSON Web Key.
    /// </summary>
    public sealed class KeyList
    {
        /// <summary>The most keys of a list.</summary>
        public const int MaxKeys = 4;

        /// <summary>The list's version, from 1; 0: the keys that the application was built with.</summary>
        public uint Version;

        /// <summary>The keys, 1 to <see cref="MaxKeys"/>, each id once.</summary>
        public RsaPublicKey[] Keys;

        /// <summary>The key of an id.</summary>
        /// <param name="id">The id; may be null.</param>
        /// <returns>The key; null when it is not in the list.</returns>
        public RsaPublicKey Find(string id)
        {
            for (int i = 0; i < Keys.Length; i++)
            {
                if (Keys[i].Id == id)
                {
                    return Keys[i];
                }
            }

            return null;
        }

        /// <summary>Reads a list.</summary>
        /// <param name="text">Holds its text at its start.</param>
        /// <param name="length">The text's length in bytes.</param>
        /// <returns>The list; null when it is malformed, holds no key, or one that is not acceptable.</returns>
        public static KeyList Read(byte[] text, int length)
        {
            JsonReader json = new JsonReader(text, 0, length);
            KeyList list = new KeyList();
            bool good = json.Read() == JsonToken.ObjectStart;
            while (good && json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                json.Read();
                if (name == "version")
                {
                    good = json.TryGetInt64(out long version) && version > 0 && version <= uint.MaxValue;
                    list.Version = (uint)version;
                }
                else if (name == "keys")
                {
                    good = list.ReadKeys(json);
                }
                else
                {
                    json.Skip();
                }
            }

            good = good && json.Token == JsonToken.ObjectEnd && json.Read() == JsonToken.End;
            return good && list.Version > 0 && list.Keys != null ? list : null;
        }

        private bool ReadKeys(JsonReader json)
        {
            Keys = new RsaPublicKey[0];
            if (json.Token != JsonToken.ArrayStart)
            {
                return false;
            }

            while (json.Read() != JsonToken.ArrayEnd)
            {
                RsaPublicKey key = RsaPublicKey.Read(json);
                if (key == null || Find(key.Id) != null || Keys.Length == MaxKeys)
                {
                    return false;
                }

                RsaPublicKey[] keys = new RsaPublicKey[Keys.Length + 1];
                System.Array.Copy(Keys, keys, Keys.Length);
                keys[Keys.Length] = key;
                Keys = keys;
            }

            return Keys.Length > 0;
        }
    }
}
