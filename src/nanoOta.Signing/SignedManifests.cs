// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// Believes manifests that are signed by a trusted key: compact JWS, RS256. With a store it also follows signed lists of keys,
    /// so that keys can be added and retired in the field.
    /// </summary>
    public sealed class SignedManifests : IManifestVerifier
    {
        private readonly IKeyStore _store;
        private readonly UpdateAgentOptions _options;
        private KeyList _trusted = new KeyList();

        // The document in hand.
        private byte[] _document;
        private int _length;
        private bool _isKeyList;
        private KeyList _offered;
        private bool _isVerifying;

        /// <summary>Makes a verifier.</summary>
        /// <param name="options">The agent's options, with hasher and RSA verifier.</param>
        /// <param name="keys">The keys the application was built with, at least one. They count until a list of keys is accepted.</param>
        /// <param name="store">Where an accepted list is kept; null: lists are not followed.</param>
        /// <exception cref="ArgumentException">There is no key, or one is null: it was not acceptable.</exception>
        public SignedManifests(UpdateAgentOptions options, RsaPublicKey[] keys, IKeyStore store)
        {
            if (keys.Length == 0 || Array.IndexOf(keys, null) >= 0)
            {
                throw new ArgumentException("A key is missing, or no RSA key of 2048 to 4096 bits");
            }

            _options = options;
            _trusted.Keys = keys;
            _store = store;
        }

        /// <summary>The keys that are trusted now. A stored list is read when the first document is verified.</summary>
        public KeyList Trusted => _trusted;

        /// <inheritdoc/>
        public string KeyListName => _store == null ? null : "keys.jws";

        /// <inheritdoc/>
        public void Begin(byte[] document, int length, bool isKeyList)
        {
            _document = document;
            _length = length;
            _isKeyList = isKeyList;
            _offered = null;
            _isVerifying = false;
            if (_trusted.Version == 0 && _store != null)
            {
                // Its drive may come late: a key that was retired must not count until the next boot.
                byte[] stored = _store.Read();
                KeyList list = stored == null ? null : KeyList.Read(stored, stored.Length);
                _trusted = list == null ? _trusted : list;
            }
        }

        /// <inheritdoc/>
        public ResultCode Step(out int length)
        {
            ResultCode code = _isVerifying ? _options.RsaVerifier.Step() : Prepare();
            length = _length;
            if (code == ResultCode.Pending)
            {
                return code;
            }

            _isVerifying = false;
            if (code != ResultCode.None || _offered == null)
            {
                return code;
            }

            // Stored first: a list that is followed must not be forgotten.
            if (!_store.Write(_document, _length))
            {
                return ResultCode.KeyStoreFailed;
            }

            _trusted = _offered;
            return ResultCode.None;
        }

        // All but the signature itself. None: there is nothing to verify.
        private ResultCode Prepare()
        {
            ResultCode code = Jws.Read(_document, _length, _options.Hasher, out Jws jws);
            if (code != ResultCode.None)
            {
                return code;
            }

            _length = jws.PayloadLength;
            if (_isKeyList)
            {
                KeyList list = KeyList.Read(_document, _length);
                if (list == null)
                {
                    return ResultCode.KeyListMalformed;
                }

                // The list in force may be signed by a key that it retires; it is only passed over.
                if (list.Version <= _trusted.Version)
                {
                    return list.Version == _trusted.Version ? ResultCode.None : ResultCode.KeyListTooOld;
                }

                _offered = list;
            }

            RsaPublicKey key = _trusted.Find(jws.KeyId);
            if (key == null)
            {
                _offered = null;
                return ResultCode.KeyUnknown;
            }

            _options.RsaVerifier.Begin(key.Modulus, key.Exponent, jws.Signature, jws.Digest);
            _isVerifying = true;
            return ResultCode.Pending;
        }
    }
}
