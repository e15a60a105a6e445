// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// The root keys of Azure Device Update that are trusted: those built in. <c>RootKeyPackages</c> of nanoOta.DeviceUpdate.RootKeys also
    /// follows the service's root-key packages, which add and disable keys.
    /// </summary>
    public class RootKeys
    {
        private const string Adu200702 = "1UIurxFUo1Blh6JNW7oa-6ky3-mZXwVFyK-9NR2J6CcnWKOo7sXFHk_3kqYSBn09fbAH9ix_3m0q9bxJvBXv8IHLP4hPJx2IcShgCLYZ0tI50AUfPHaGcbtZWLyxiHurVii_MXNEMhD9PdOWXP9OXLNr_4uEm4uAuEnQffrWQFh2TcByJ3XLmi-btJ8PJfEcxRsLWjB9L7jvpyZYU6_VHVUBUQ3pG6IPP9fpHSBBpuYUCq7-8hwq1uQEe_YUfuwPl4P6WPqBNiG5oyv62WELGpT3wb5_QBRKyfo1f-9mcACx_dvXYQ07WHRnlIl1dpZ8kYfSjhGX7nuHbJovRdhlP1JwmCrLyARj9clHz3D07WSndKUjj7bt9xzTsBxkVxJaqYGEH6DnUBmWtIKxrEjj4TKCy0AfrMRZvBA0UYL5KI2oHpv1eUV1styaEUMIvmHMmsTLdzb_g92ocU9Rjg57Tfp5mI2-_IJ-QEipEgGo2X7zpRvx-5B3PkCHGMmr2fd5";
        private const string Adu200703 = "sqOydBb6uyD5UnbmJz6AQcb-zzD5yJb1WQqqgedRg4rE9Rc6LyrmV9Rxzoo975pVdj6Z4sKuTO4tuHj1ok4o8pxOOWW87OQN5eM4qFmrCKQbtPSgUqM4s0YhE8w8aAbe_gCmkm7eTEcQ1hycJPXNcOH1anxoEx3hxfaoTyGfhnxExYqZHMXTBptacZ0JHMNkMWrFF5UdXSrxVcdm1Oj12albjKJsYmAFN9cysHPL90s2JyQhjDgKuBj-9RVgNYs17x4PiKYTjXt977PnsMmmHHB7zPIpi4f3vZ22iG-sc_9y8u9IJ5ZyhgaiXON9zrCe5cLZTsTzf3gHS2WIRQwR5ZZWNIgtFg5ZQtL32e0d7ck3d0R-44Q2n1gT72_kw0TUdwaKz1vIgByimGULNdxzyGnQXuglQ5722KsFr1EpI1VAWBDquOLNXXnM7N-0W5jH-uPSbCbOLixW4M-N7v2TEi8ASY0cgjhWpl15REoa89wWELPBLScR_huYBeSjYDGZ";

        /// <summary>The keys built in.</summary>
        protected readonly RsaPublicKey[] BuiltIn;

        /// <summary>Makes a set of trusted keys.</summary>
        /// <param name="keys">The keys built in; null: the production keys of Azure Device Update, <c>ADU.200702.R</c> and <c>ADU.200703.R</c>.</param>
        /// <exception cref="ArgumentException">There is no key, or one is null: it was not acceptable.</exception>
        public RootKeys(RsaPublicKey[] keys)
        {
            BuiltIn = keys == null ? new RsaPublicKey[] { Production("ADU.200702.R", Adu200702), Production("ADU.200703.R", Adu200703) } : keys;
            if (BuiltIn.Length == 0 || Array.IndexOf(BuiltIn, null) >= 0)
            {
                throw new ArgumentException(nameof(keys));
            }
        }

        /// <summary>Whether the root-key package that a request names is fetched and followed.</summary>
        public bool FollowsPackages;

        /// <summary>The trusted key of an id.</summary>
        /// <param name="id">The id; may be null.</param>
        /// <returns>The key; null when there is none, or it is disabled.</returns>
        public virtual RsaPublicKey Find(string id)
        {
            return Find(BuiltIn, id);
        }

        /// <summary>Tells whether a key that signs manifests has been disabled.</summary>
        /// <param name="key">The key.</param>
        /// <returns>True when it has.</returns>
        public virtual bool IsDisabled(RsaPublicKey key)
        {
            return false;
        }

        /// <summary>Begins to fetch a root-key package, in place of any before.</summary>
        /// <param name="url">Where it lies.</param>
        /// <param name="session">The agent's: the fetch takes it.</param>
        /// <param name="hub">The connection that gives way where there is memory for one session only.</param>
        public virtual void Fetch(string url, NetworkSession session, HubConnection hub)
        {
        }

        /// <summary>Goes on with what <see cref="Fetch"/> began.</summary>
        /// <param name="now">Milliseconds since the boot.</param>
        /// <param name="next">When to call again.</param>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>: call again; <see cref="ResultCode.None"/>: the package is in force; else why it cannot be had,
        /// or is not genuine.
        /// </returns>
        public virtual ResultCode Step(long now, out long next)
        {
            next = now;
            return ResultCode.None;
        }

        /// <summary>Gives up the connection, if it has one; the next step begins anew.</summary>
        public virtual void Close()
        {
        }

        /// <summary>The key of an id.</summary>
        /// <param name="keys">The keys.</param>
        /// <param name="id">The id; may be null.</param>
        /// <returns>The key; null when there is none.</returns>
        protected static RsaPublicKey Find(RsaPublicKey[] keys, string id)
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

        private static RsaPublicKey Production(string id, string modulus)
        {
            return RsaPublicKey.Create(id, Base64Url.ReadEither(modulus, RsaPublicKey.MaxLength), new byte[] { 1, 0, 1 });
        }
    }
}
