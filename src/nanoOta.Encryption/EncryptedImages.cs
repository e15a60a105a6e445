// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Lets a device take images that are encrypted for it: <c>options.Decryption = new EncryptedImages(new ManagedAes(), keys);</c> before the agent is
    /// made. An image's file is encrypted by AES in counter mode under a key of its own, which the manifest has wrapped for each device or group. What
    /// goes into the slot is the image itself, and the manifest's size and SHA-256 are the image's.
    /// </summary>
    /// <remarks>
    /// Bytes are decrypted where they lie in the agent's buffer, from any position on: what a checkpoint keeps suffices to go on, and nothing
    /// secret is stored. This neither proves where an image comes from nor that it is whole: the signature and the hash do.
    /// </remarks>
    public sealed class EncryptedImages : IImageDecryption
    {
        private const int CounterLength = 16;

        private readonly IAes _aes;
        private readonly EncryptionKey[] _keys;
        private byte[] _counter;
        private byte[] _key;

        /// <summary>Makes it.</summary>
        /// <param name="aes">Does the work.</param>
        /// <param name="keys">The device's own key, those of its groups, or both.</param>
        /// <exception cref="System.ArgumentException">There is no key, or one is null: it was not acceptable.</exception>
        public EncryptedImages(IAes aes, EncryptionKey[] keys)
        {
            if (keys.Length == 0 || System.Array.IndexOf(keys, null) >= 0)
            {
                throw new System.ArgumentException("A key is missing, or has not 16 or 32 bytes and an id");
            }

            _aes = aes;
            _keys = keys;
        }

        /// <inheritdoc/>
        public ResultCode Begin(ManifestComponent component)
        {
            _key = null;
            _counter = null;
            byte[] text = component.Encryption;
            int length = 0;
            int recipients = -1;
            JsonReader json = new JsonReader(text, 0, text.Length);
            bool good = json.Read() == JsonToken.ObjectStart;
            string name;
            while (good && (name = json.ReadMember(1)) != null)
            {
                if (name == "enc")
                {
                    string cipher = json.GetText();
                    good = cipher != null;
                    length = cipher == "A256CTR" ? 32 : cipher == "A128CTR" ? 16 : -1;
                }
                else if (name == "iv")
                {
                    _counter = Bytes(json, CounterLength);
                    good = _counter != null;
                }
                else if (name == "recipients")
                {
                    good = json.Token == JsonToken.ArrayStart;
                    recipients = json.Position;
                }
            }

            // From here on the text is known to be JSON. Which key is wrapped must be known before it is unwrapped.
            if (!good || json.Token != JsonToken.ObjectEnd || length == 0 || _counter == null || recipients < 0)
            {
                return ResultCode.EncryptionMalformed;
            }

            return length < 0 ? ResultCode.EncryptionUnsupported
                : FindKey(new JsonReader(text, recipients, text.Length - recipients), length);
        }

        /// <inheritdoc/>
        public void Decrypt(byte[] buffer, int offset, int count, int position)
        {
            if (_key != null)
            {
                _aes.Crypt(_key, _counter, position, buffer, offset, count);
            }
        }

        // Over all recipients: one that is not as it should be is not excused by another one.
        private ResultCode FindKey(JsonReader json, int length)
        {
            ResultCode code = ResultCode.RecipientMissing;
            json.Read();
            while (json.Read() == JsonToken.ObjectStart)
            {
                string algorithm = null;
                string id = null;
                byte[] wrapped = null;
                string name;
                while ((name = json.ReadMember(2)) != null)
                {
                    if (name == "alg")
                    {
                        algorithm = json.GetString();
                    }
                    else if (name == "kid")
                    {
                        id = json.GetString();
                    }
                    else if (name == "encrypted_key")
                    {
                        wrapped = Bytes(json, length + KeyWrap.Overhead);
                    }
                }

                if (algorithm == null || id == null || wrapped == null)
                {
                    _key = null;
                    return ResultCode.EncryptionMalformed;
                }

                for (int i = 0; i < _keys.Length && code != ResultCode.None; i++)
                {
                    if (_keys[i].Id == id)
                    {
                        code = Unwrap(algorithm, _keys[i], wrapped);
                    }
                }
            }

            if (json.Token != JsonToken.ArrayEnd)
            {
                _key = null;
                return ResultCode.EncryptionMalformed;
            }

            // A length of key that only wrapping can use would leave the file as it is.
            return code == ResultCode.None && !_aes.Crypt(_key, _counter, 0, _counter, 0, 0) ? ResultCode.EncryptionUnsupported : code;
        }

        private ResultCode Unwrap(string algorithm, EncryptionKey key, byte[] wrapped)
        {
            int length = algorithm == "A256KW" ? 32 : algorithm == "A128KW" ? 16 : 0;
            return length == 0 ? ResultCode.EncryptionUnsupported
                : length != key.Bytes.Length ? ResultCode.ContentKeyInvalid
                : KeyWrap.Unwrap(_aes, key.Bytes, wrapped, out _key);
        }

        private static byte[] Bytes(JsonReader json, int length)
        {
            byte[] bytes = json.Token == JsonToken.String ? Base64Text.Read(json.GetString()) : null;
            return bytes == null || bytes.Length != length ? null : bytes;
        }
    }
}
