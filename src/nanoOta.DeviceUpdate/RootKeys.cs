// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// The root keys of Azure Device Update that are trusted: those built in, with what a root-key package adds and disables. A
    /// package counts when every key that is built in has signed it, and its version never falls: a revocation cannot be undone
    /// by an older package.
    /// </summary>
    public sealed class RootKeys
    {
        /// <summary>The longest root-key package in bytes.</summary>
        public const int MaxPackageLength = 8192;

        private const string Adu200702 = "1UIurxFUo1Blh6JNW7oa-6ky3-mZXwVFyK-9NR2J6CcnWKOo7sXFHk_3kqYSBn09fbAH9ix_3m0q9bxJvBXv8IHLP4hPJx2IcShgCLYZ0tI50AUfPHaGcbtZWLyxiHurVii_MXNEMhD9PdOWXP9OXLNr_4uEm4uAuEnQffrWQFh2TcByJ3XLmi-btJ8PJfEcxRsLWjB9L7jvpyZYU6_VHVUBUQ3pG6IPP9fpHSBBpuYUCq7-8hwq1uQEe_YUfuwPl4P6WPqBNiG5oyv62WELGpT3wb5_QBRKyfo1f-9mcACx_dvXYQ07WHRnlIl1dpZ8kYfSjhGX7nuHbJovRdhlP1JwmCrLyARj9clHz3D07WSndKUjj7bt9xzTsBxkVxJaqYGEH6DnUBmWtIKxrEjj4TKCy0AfrMRZvBA0UYL5KI2oHpv1eUV1styaEUMIvmHMmsTLdzb_g92ocU9Rjg57Tfp5mI2-_IJ-QEipEgGo2X7zpRvx-5B3PkCHGMmr2fd5";
        private const string Adu200703 = "sqOydBb6uyD5UnbmJz6AQcb-zzD5yJb1WQqqgedRg4rE9Rc6LyrmV9Rxzoo975pVdj6Z4sKuTO4tuHj1ok4o8pxOOWW87OQN5eM4qFmrCKQbtPSgUqM4s0YhE8w8aAbe_gCmkm7eTEcQ1hycJPXNcOH1anxoEx3hxfaoTyGfhnxExYqZHMXTBptacZ0JHMNkMWrFF5UdXSrxVcdm1Oj12albjKJsYmAFN9cysHPL90s2JyQhjDgKuBj-9RVgNYs17x4PiKYTjXt977PnsMmmHHB7zPIpi4f3vZ22iG-sc_9y8u9IJ5ZyhgaiXON9zrCe5cLZTsTzf3gHS2WIRQwR5ZZWNIgtFg5ZQtL32e0d7ck3d0R-44Q2n1gT72_kw0TUdwaKz1vIgByimGULNdxzyGnQXuglQ5722KsFr1EpI1VAWBDquOLNXXnM7N-0W5jH-uPSbCbOLixW4M-N7v2TEi8ASY0cgjhWpl15REoa89wWELPBLScR_huYBeSjYDGZ";

        private readonly RsaPublicKey[] _builtIn;
        private readonly bool _isProduction;
        private readonly IKeyStore _store;
        private RootKeyPackage _package;
        private bool _loaded;

        // The package in hand.
        private byte[] _protected;
        private RootKeyPackage _offered;
        private readonly byte[][] _signatures = new byte[RootKeyPackage.MaxKeys][];
        private byte[] _digest;
        private int _key;
        private readonly UpdateAgentOptions _options;

        /// <summary>Makes a set of trusted keys.</summary>
        /// <param name="options">The agent's options.</param>
        /// <param name="keys">The keys built in; null: the production keys of Azure Device Update, <c>ADU.200702.R</c> and <c>ADU.200703.R</c>.</param>
        /// <param name="store">Where an accepted package is kept; null: packages are not followed.</param>
        /// <exception cref="ArgumentException">There is no key, or one is null: it was not acceptable.</exception>
        public RootKeys(UpdateAgentOptions options, RsaPublicKey[] keys, IKeyStore store)
        {
            _options = options;
            _isProduction = keys == null;
            _builtIn = keys == null ? new RsaPublicKey[] { Production("ADU.200702.R", Adu200702), Production("ADU.200703.R", Adu200703) } : keys;
            _store = store;
            if (_builtIn.Length == 0 || Array.IndexOf(_builtIn, null) >= 0)
            {
                throw new ArgumentException("A key is missing, or no RSA key of 2048 to 4096 bits");
            }
        }

        /// <summary>Whether packages are followed.</summary>
        public bool TakesPackages => _store != null;

        /// <summary>The version of the package in force; 0: none.</summary>
        public uint Version
        {
            get
            {
                Load();
                return _package == null ? 0 : _package.Version;
            }
        }

        /// <summary>The trusted key of an id.</summary>
        /// <param name="id">The id; may be null.</param>
        /// <returns>The key; null when there is none, or it is disabled.</returns>
        public RsaPublicKey Find(string id)
        {
            Load();
            if (_package != null && Array.IndexOf(_package.DisabledRoots, id) >= 0)
            {
                return null;
            }

            RsaPublicKey key = Find(_builtIn, id);
            return key == null && _package != null ? Find(_package.Keys, id) : key;
        }

        /// <summary>Tells whether a key that signs manifests has been disabled.</summary>
        /// <param name="key">The key.</param>
        /// <returns>True when it has.</returns>
        public bool IsDisabled(RsaPublicKey key)
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

        /// <summary>Takes up a root-key package in place of any before.</summary>
        /// <param name="text">Holds its text at its start.</param>
        /// <param name="length">Its length in bytes.</param>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>: go on with <see cref="Step"/>; <see cref="ResultCode.None"/>: it is in force already; or
        /// <see cref="ResultCode.KeyListMalformed"/>, <see cref="ResultCode.KeyListTooOld"/>.
        /// </returns>
        public ResultCode Begin(byte[] text, int length)
        {
            _offered = ReadPackage(text, length);
            if (_offered == null || (_offered.IsTest && _isProduction))
            {
                return ResultCode.KeyListMalformed;
            }

            if (_offered.Version <= Version)
            {
                return _offered.Version == Version ? ResultCode.None : ResultCode.KeyListTooOld;
            }

            _digest = Sha256.Of(_options.Hasher, _protected, 0, _protected.Length);
            _key = -1;
            return Next();
        }

        /// <summary>Does one piece of work.</summary>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>: call again; <see cref="ResultCode.None"/>: the package is genuine and now in force;
        /// <see cref="ResultCode.KeyUnknown"/>: a key built in is not in it; <see cref="ResultCode.SignatureInvalid"/>;
        /// <see cref="ResultCode.KeyStoreFailed"/>.
        /// </returns>
        public ResultCode Step()
        {
            ResultCode code = _options.RsaVerifier.Step();
            return code == ResultCode.None ? Next() : code;
        }

        private static RsaPublicKey Production(string id, string modulus)
        {
            return RsaPublicKey.Create(id, AnyBase64.Read(modulus, RsaPublicKey.MaxLength), new byte[] { 1, 0, 1 });
        }

        private static RsaPublicKey Find(RsaPublicKey[] keys, string id)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                if (keys[i].Id == id)
                {
                    return keys[i];
                }
            }

            return null;
        }

        // What is stored was verified before it was.
        private void Load()
        {
            if (!_loaded && _store != null)
            {
                byte[] stored = _store.Read();
                _package = stored == null ? null : RootKeyPackage.Read(stored);
            }

            _loaded = true;
        }

        // On to the signature of the next key built in.
        private ResultCode Next()
        {
            if (++_key < _builtIn.Length)
            {
                RsaPublicKey key = Find(_offered.Keys, _builtIn[_key].Id);
                byte[] signature = key == null ? null : _signatures[Array.IndexOf(_offered.Keys, key)];
                RsaPublicKey trusted = _builtIn[_key];
                _options.RsaVerifier.Begin(trusted.Modulus, trusted.Exponent, signature == null ? new byte[0] : signature, _digest);
                return key == null ? ResultCode.KeyUnknown : ResultCode.Pending;
            }

            // Stored first: a package that is followed must not be forgotten.
            if (_store == null || !_store.Write(_protected, _protected.Length))
            {
                return ResultCode.KeyStoreFailed;
            }

            _package = _offered;
            return ResultCode.None;
        }

        private RootKeyPackage ReadPackage(byte[] text, int length)
        {
            JsonReader json = new JsonReader(text, 0, length > MaxPackageLength ? 0 : length);
            _protected = null;
            Array.Clear(_signatures, 0, _signatures.Length);
            bool good = json.Read() == JsonToken.ObjectStart;
            while (good && json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                json.Read();
                if (name == "protected")
                {
                    int start = json.Position;
                    json.Skip();
                    _protected = json.Token == JsonToken.ObjectEnd ? Compact(text, start, json.TokenEnd) : null;
                }
                else if (name == "signatures")
                {
                    good = ReadSignatures(json);
                }
                else
                {
                    json.Skip();
                }
            }

            good = good && HubJson.IsWhole(json) && _protected != null && _protected.Length <= Jws.MaxLength;
            return good ? RootKeyPackage.Read(_protected) : null;
        }

        private bool ReadSignatures(JsonReader json)
        {
            int count = 0;
            bool good = json.Token == JsonToken.ArrayStart;
            while (good && json.Read() == JsonToken.ObjectStart)
            {
                string algorithm = null;
                string signature = null;
                while (json.Read() == JsonToken.Name)
                {
                    bool isAlgorithm = json.Is("alg");
                    bool isSignature = json.Is("sig");
                    json.Read();
                    algorithm = isAlgorithm ? json.GetString() : algorithm;
                    signature = isSignature ? json.GetString() : signature;
                    json.Skip();
                }

                good = algorithm == Jws.Algorithm && count < _signatures.Length
                    && (_signatures[count++] = AnyBase64.Read(signature, RsaPublicKey.MaxLength)) != null;
            }

            return good && json.Token == JsonToken.ArrayEnd;
        }

        // What is signed has no white space outside its texts.
        private static byte[] Compact(byte[] text, int start, int end)
        {
            byte[] compact = new byte[end - start];
            int length = 0;
            bool inText = false;
            for (; start < end; start++)
            {
                byte c = text[start];
                if (inText && c == '\\')
                {
                    compact[length++] = c;
                    c = text[++start];
                }
                else if (c == '"')
                {
                    inText = !inText;
                }

                if (inText || c > ' ')
                {
                    compact[length++] = c;
                }
            }

            byte[] exact = new byte[length];
            Array.Copy(compact, 0, exact, 0, length);
            return exact;
        }
    }
}
