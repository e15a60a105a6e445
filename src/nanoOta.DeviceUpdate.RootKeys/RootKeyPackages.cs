// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// Root keys that follow the service's root-key packages: those built in, with what a package adds and disables. A package counts
    /// when every key that is built in has signed it, and its version never falls: an older package cannot undo a revocation.
    /// </summary>
    public sealed class RootKeyPackages : RootKeys
    {
        /// <summary>The longest root-key package in bytes.</summary>
        public const int MaxLength = 8192;

        private readonly UpdateAgentOptions _options;
        private readonly IKeyStore _store;
        private readonly RootKeyFetch _fetch;
        private readonly bool _isProduction;
        private RootKeyPackage _package;

        // The package in hand.
        private SignedPackage _signed;
        private RootKeyPackage _offered;
        private byte[] _digest;
        private int _key;

        /// <summary>Makes a set of trusted keys.</summary>
        /// <param name="options">The agent's options.</param>
        /// <param name="keys">The keys built in; null: the production keys of Azure Device Update, <c>ADU.200702.R</c> and <c>ADU.200703.R</c>.</param>
        /// <param name="store">Where an accepted package is kept.</param>
        /// <param name="source">Fetches the packages. Not the agent's own source, which may be busy. Null: none is fetched, only <see cref="Begin"/> takes one up.</param>
        /// <exception cref="ArgumentException">There is no key, or one is null: it was not acceptable.</exception>
        public RootKeyPackages(UpdateAgentOptions options, RsaPublicKey[] keys, IKeyStore store, IImageSource source)
            : base(keys)
        {
            _options = options;
            _isProduction = keys == null;
            _store = store;
            _fetch = source == null ? null : new RootKeyFetch(this, source);
            FollowsPackages = _fetch != null;
        }

        /// <summary>The version of the package in force; 0: none.</summary>
        public uint Version
        {
            get
            {
                Load();
                return _package == null ? 0 : _package.Version;
            }
        }

        /// <inheritdoc/>
        public override RsaPublicKey Find(string id)
        {
            Load();
            if (_package == null)
            {
                return Find(BuiltIn, id);
            }

            RsaPublicKey key = Find(BuiltIn, id);
            return Array.IndexOf(_package.DisabledRoots, id) >= 0 ? null : key == null ? Find(_package.Keys, id) : key;
        }

        /// <inheritdoc/>
        public override bool IsDisabled(RsaPublicKey key)
        {
            Load();
            byte[][] disabled = _package == null ? null : _package.DisabledSigningKeys;
            byte[] hash = disabled == null || disabled.Length == 0 ? null : RootKeyPackage.HashOf(_options.Hasher, key);
            for (int i = 0; hash != null && i < disabled.Length; i++)
            {
                if (Bytes.Equal(disabled[i], hash))
                {
                    return true;
                }
            }

            return false;
        }

        /// <inheritdoc/>
        public override void Fetch(string url, NetworkSession session, HubConnection hub)
        {
            _fetch.Begin(url, session, hub);
        }

        /// <inheritdoc/>
        public override ResultCode Step(long now, out long next)
        {
            return _fetch.Step(now, out next);
        }

        /// <inheritdoc/>
        public override void Close()
        {
            if (_fetch != null)
            {
                _fetch.Close();
            }
        }

        /// <summary>Takes up a root-key package in place of any before.</summary>
        /// <param name="text">Holds its text at its start.</param>
        /// <param name="length">Its length in bytes.</param>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>: go on with <see cref="Verify"/>; <see cref="ResultCode.None"/>: it is in force already; or
        /// <see cref="ResultCode.KeyListMalformed"/>, <see cref="ResultCode.KeyListTooOld"/>.
        /// </returns>
        public ResultCode Begin(byte[] text, int length)
        {
            _signed = SignedPackage.Read(text, length);
            _offered = _signed == null ? null : RootKeyPackage.Read(_signed.Content);
            if (_offered == null || (_offered.IsTest && _isProduction))
            {
                return ResultCode.KeyListMalformed;
            }

            if (_offered.Version <= Version)
            {
                return _offered.Version == Version ? ResultCode.None : ResultCode.KeyListTooOld;
            }

            _digest = Sha256.Of(_options.Hasher, _signed.Content, 0, _signed.Content.Length);
            _key = -1;
            return Next();
        }

        /// <summary>Does one piece of the verification.</summary>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>: call again; <see cref="ResultCode.None"/>: the package is genuine and now in force;
        /// <see cref="ResultCode.KeyUnknown"/>: a key built in is not in it; <see cref="ResultCode.SignatureInvalid"/>;
        /// <see cref="ResultCode.KeyStoreFailed"/>.
        /// </returns>
        public ResultCode Verify()
        {
            ResultCode code = _options.RsaVerifier.Step();
            return code == ResultCode.None ? Next() : code;
        }

        // What is stored was verified before it was. Its drive may come late: a key that was disabled must not count until the next boot.
        private void Load()
        {
            if (_package == null)
            {
                byte[] stored = _store.Read();
                _package = stored == null ? null : RootKeyPackage.Read(stored);
            }
        }

        // On to the signature of the next key built in.
        private ResultCode Next()
        {
            if (++_key < BuiltIn.Length)
            {
                RsaPublicKey key = Find(_offered.Keys, BuiltIn[_key].Id);
                byte[] signature = key == null ? null : _signed.Signatures[Array.IndexOf(_offered.Keys, key)];
                RsaPublicKey trusted = BuiltIn[_key];
                _options.RsaVerifier.Begin(trusted.Modulus, trusted.Exponent, signature == null ? new byte[0] : signature, _digest);
                return key == null ? ResultCode.KeyUnknown : ResultCode.Pending;
            }

            // Stored first: a package that is followed must not be forgotten.
            if (!_store.Write(_signed.Content, _signed.Content.Length))
            {
                return ResultCode.KeyStoreFailed;
            }

            _package = _offered;
            return ResultCode.None;
        }
    }
}
