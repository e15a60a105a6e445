// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta
{
    /// <summary>
    /// What a new image consists of, and what the active slot has of it. The same manifest and the same active slot give the same plan, so
    /// that a download goes on with it after a reboot.
    /// </summary>
    internal sealed class DeltaPlan
    {
        /// <summary>Length of what identifies an assembly: size, header checksum, assembly checksum.</summary>
        internal const int IdentityLength = 12;

        private const int MaxParts = 64;
        private const int HeaderLength = 124;
        private const int SizeAt = 100;
        private const int MaxSize = 0x1000000;
        private const int FromLength = 8;

        /// <summary>
        /// A request costs about two seconds for connection and TLS handshake, in which 20 to 34 KB would come at 10 to 17 KB/s, and about 5 KB of
        /// headers and certificates. So up to so many bytes that are there already are fetched rather than a request made more.
        /// </summary>
        internal const int LongestGap = 8192;

        // "NFMRK1", NUL, NUL: an assembly of nanoFramework 1.x.
        private const uint MarkerLow = 0x524D464E;
        private const uint MarkerHigh = 0x0000314B;

        private readonly int[] _old = new int[MaxParts + 1];
        private byte[] _parts;
        private int[] _sources;

        /// <summary>How many assemblies the new image has.</summary>
        internal int Count;

        /// <summary>How many assemblies the active slot has.</summary>
        internal int OldCount;

        /// <summary>The patch for what the device runs; null when there is none that is worth it.</summary>
        internal string PatchUrl;

        /// <summary>The patch's length in bytes.</summary>
        internal int PatchSize;

        /// <summary>Which of the manifest's patches it is, from 1 on; 0: none.</summary>
        internal int Patch;

        /// <summary>The size of a part of the new image in bytes.</summary>
        internal int SizeOf(int part)
        {
            return (int)Bytes.GetUInt32(_parts, part * IdentityLength);
        }

        /// <summary>Where the active slot has a part of the new image; -1 when it has not.</summary>
        internal int SourceOf(int part)
        {
            return _sources[part];
        }

        /// <summary>Where an assembly begins in the active slot; for the number behind the last, where that one ends.</summary>
        internal int OldAt(int assembly)
        {
            return _old[assembly];
        }

        /// <summary>Makes the plan.</summary>
        /// <param name="context">The agent's hasher, and the rules for URLs.</param>
        /// <param name="component">The new image.</param>
        /// <param name="module">Reads the active slot.</param>
        /// <param name="buffer">At least a header long, free for use.</param>
        /// <returns>False when the manifest does not name the parts, or there is nothing to gain.</returns>
        internal bool Make(UpdateContext context, ManifestComponent component, UpdateModule module, byte[] buffer)
        {
            Patch = 0;
            PatchUrl = null;
            if (component.Parts == null || !ReadParts(component))
            {
                return false;
            }

            byte[] state = new byte[Sha256.StateLength];
            Walk(context.Hasher, state, component, module, buffer);
            int missing = 0;
            for (int i = 0; i < Count; i++)
            {
                missing += _sources[i] < 0 ? SizeOf(i) : 0;
            }

            // A patch is a file of its own, and the counter of the image's encryption is not for it.
            if (component.Patches != null && component.Encryption == null && missing > 0)
            {
                context.Hasher.Finish(state, 0, buffer, 0);
                FindPatch(context, component.Patches, missing, buffer);
            }

            // Less is not worth that a damaged file is fetched twice.
            return PatchUrl != null || component.Size - missing > LongestGap;
        }

        private bool ReadParts(ManifestComponent component)
        {
            _parts = Encoding.UTF8.GetBytes(component.Parts);
            Count = _parts.Length / 16;
            if (_parts.Length % 16 != 0 || Count == 0 || Count > MaxParts || !DecodeBase64(_parts))
            {
                return false;
            }

            int size = 0;
            for (int i = 0; i < Count; i++)
            {
                uint part = Bytes.GetUInt32(_parts, i * IdentityLength);
                if (part < HeaderLength || part % 4 != 0 || part > (uint)(component.Size - size))
                {
                    return false;
                }

                size += (int)part;
            }

            return size == component.Size;
        }

        // In place (RFC 4648). Twelve bytes are sixteen characters, so that there is no padding.
        private static bool DecodeBase64(byte[] text)
        {
            uint bits = 0;
            for (int i = 0; i < text.Length; i++)
            {
                int c = text[i];
                int value = c >= 'A' && c <= 'Z' ? c - 'A'
                    : c >= 'a' && c <= 'z' ? c - 'a' + 26
                    : c >= '0' && c <= '9' ? c - '0' + 52
                    : c == '+' ? 62 : c == '/' ? 63 : -1;
                if (value < 0)
                {
                    return false;
                }

                bits = (bits << 6) | (uint)value;
                if (i % 4 == 3)
                {
                    int to = i / 4 * 3;
                    text[to] = (byte)(bits >> 16);
                    text[to + 1] = (byte)(bits >> 8);
                    text[to + 2] = (byte)bits;
                }
            }

            return true;
        }

        // Over the headers of the active slot: where what is, and in the hash's state, what identifies all of it.
        private void Walk(IHasher hasher, byte[] state, ManifestComponent component, UpdateModule module, byte[] header)
        {
            _sources = new int[Count];
            for (int i = 0; i < Count; i++)
            {
                _sources[i] = -1;
            }

            int at = 0;
            OldCount = 0;
            while (OldCount < MaxParts && module.ReadActive(component, at, header, HeaderLength) == ResultCode.None
                && Bytes.GetUInt32(header, 0) == MarkerLow && Bytes.GetUInt32(header, 4) == MarkerHigh)
            {
                uint size = Bytes.GetUInt32(header, SizeAt);
                if (size < HeaderLength || size > MaxSize)
                {
                    break;
                }

                // The checksums are at 8 and 12; the size before them makes it the identity.
                System.Array.Copy(header, SizeAt, header, 4, 4);
                hasher.Append(state, 0, header, 4, IdentityLength);
                for (int i = 0; i < Count; i++)
                {
                    if (_sources[i] < 0 && Bytes.Equal(_parts, i * IdentityLength, header, 4, IdentityLength))
                    {
                        _sources[i] = at;
                    }
                }

                _old[OldCount++] = at;
                at += ((int)size + 3) & ~3;
            }

            _old[OldCount] = at;
        }

        // The manifest's members are judged here; what is not as it should be is passed over: a patch may be missing.
        private void FindPatch(UpdateContext context, byte[] patches, int missing, byte[] from)
        {
            JsonReader json = new JsonReader(patches, 0, patches.Length);
            if (json.Read() != JsonToken.ArrayStart)
            {
                return;
            }

            for (int number = 1; json.Read() == JsonToken.ObjectStart && Patch == 0; number++)
            {
                byte[] predecessor = null;
                string url = null;
                long size = 0;
                string name;
                while ((name = json.ReadMember(2)) != null)
                {
                    if (name == "from")
                    {
                        predecessor = Hex.Parse(json.GetString(), FromLength);
                    }
                    else if (name == "url")
                    {
                        url = json.GetString();
                    }
                    else if (name == "size")
                    {
                        json.TryGetInt64(out size);
                    }
                }

                if (predecessor == null || !Bytes.Equal(predecessor, 0, from, 0, FromLength)
                    || size <= 0 || size >= missing || !Url.IsReference(url))
                {
                    continue;
                }

                url = context.UrlOf(url);
                if (Url.IsAbsolute(url) && Gates.IsHostAllowed(context.Options, url))
                {
                    Patch = number;
                    PatchUrl = url;
                    PatchSize = (int)size;
                }
            }
        }
    }
}
