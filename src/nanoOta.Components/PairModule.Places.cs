// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    // The two places: what a derived class says of them, and what it may ask.
    public abstract partial class PairModule
    {
        /// <summary>
        /// The place that is in use, 0 or 1: that of the trial while one runs. As long as the record cannot be read, it is the one that an older
        /// copy says, or 0; ask again.
        /// </summary>
        public int InUse
        {
            get
            {
                _record.Read();
                return _record.InUse;
            }
        }

        /// <summary>The place that was confirmed last, 0 or 1; the other one is idle.</summary>
        protected int Active => _record.Active;

        /// <summary>How much a place holds, in bytes.</summary>
        protected abstract int Capacity { get; }

        /// <summary>The length of a place's image, in bytes; 0 when it is not known.</summary>
        /// <param name="place">0 or 1.</param>
        public int SizeOf(int place)
        {
            return (int)_record[PairRecord.Size + 4 * place];
        }

        /// <summary>Judges the image by its first 4 KiB, before they are written.</summary>
        /// <param name="component">The component.</param>
        /// <param name="head">Holds them from index 0 on.</param>
        /// <param name="count">How many they are.</param>
        /// <returns><see cref="ResultCode.None"/>, the usual answer, or why not.</returns>
        protected virtual ResultCode Judge(ManifestComponent component, byte[] head, int count)
        {
            return ResultCode.None;
        }

        /// <summary>Opens a place for writing.</summary>
        /// <param name="place">The idle one.</param>
        /// <param name="offset">Where to go on, in bytes; 0: from the start.</param>
        /// <param name="size">The length of the image that comes, in bytes.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        protected abstract ResultCode Open(int place, int offset, int size);

        /// <summary>Writes the next bytes durably.</summary>
        /// <param name="place">The idle one.</param>
        /// <param name="offset">Where, in bytes: a multiple of 4096.</param>
        /// <param name="buffer">Holds them from index 0 on.</param>
        /// <param name="count">How many they are: 4096, at the image's end fewer.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        protected abstract ResultCode Put(int place, int offset, byte[] buffer, int count);

        /// <summary>Reads.</summary>
        /// <param name="place">0 or 1.</param>
        /// <param name="offset">Where, in bytes.</param>
        /// <param name="buffer">Receives the bytes from index 0 on.</param>
        /// <param name="count">How many.</param>
        /// <returns><see cref="ResultCode.None"/>, or why not.</returns>
        protected abstract ResultCode Get(int place, int offset, byte[] buffer, int count);

        /// <summary>Brings the idle place's image into effect. Nothing is to be done when readers go by <see cref="InUse"/>.</summary>
        /// <param name="place">The place.</param>
        /// <param name="begins">Whether this is the first call, and not one after <see cref="ResultCode.Pending"/>.</param>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when done, or why not.</returns>
        protected virtual ResultCode Install(int place, bool begins)
        {
            return ResultCode.None;
        }

        /// <summary>Tells whether what was installed works; reboots it before, if it has a reset of its own.</summary>
        /// <inheritdoc cref="Install"/>
        protected virtual ResultCode Test(int place, bool begins)
        {
            return ResultCode.None;
        }

        /// <summary>Makes final what was installed, as far as the component itself has a say in it.</summary>
        /// <inheritdoc cref="Install"/>
        protected virtual ResultCode Accept(int place, bool begins)
        {
            return ResultCode.None;
        }

        /// <summary>Brings the former image back into effect, however far <see cref="Install"/> has come.</summary>
        /// <inheritdoc cref="Install"/>
        protected virtual ResultCode Restore(int place, bool begins)
        {
            return ResultCode.None;
        }

        /// <summary>The version of a place's image, a.b.c; null when it is not known.</summary>
        /// <param name="place">0 or 1.</param>
        protected string VersionAt(int place)
        {
            string version = _record.GetText(PairRecord.Version + PairRecord.VersionLength * place);
            return version != null ? version : place == Active ? _factoryVersion : null;
        }

        /// <summary>The SHA-256 of a place's image, 32 bytes; zeros when it is not known.</summary>
        /// <param name="place">0 or 1.</param>
        protected byte[] HashOf(int place)
        {
            byte[] hash = new byte[Sha256.DigestLength];
            Array.Copy(_record.Durable, PairRecord.ImageHash + Sha256.DigestLength * place, hash, 0, hash.Length);
            return hash;
        }
    }
}
