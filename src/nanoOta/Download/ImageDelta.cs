// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Delivers a new image in order, each byte from where it is nearest: the active slot, a patch, or a range of the image's file. The
    /// implementation is <c>AssemblyDelta</c> of nanoOta.Delta. Where the bytes come from decides nothing: the image's SHA-256 does.
    /// </summary>
    public abstract class ImageDelta
    {
        /// <summary>Length of <see cref="State"/> in bytes.</summary>
        internal const int StateLength = 20;

        // The last byte but one of the state: the image is fetched as a whole.
        private const int Mark = 18;
        private const byte Whole = 0xFF;

        /// <summary>What a checkpoint keeps beside the offset: how far a patch has been read. Zeros at an image's beginning.</summary>
        internal readonly byte[] State = new byte[StateLength];

        /// <summary>
        /// Delivers the bytes. Its reads may also answer <see cref="ResultCode.Pending"/>: nothing came yet, and more of the same work remains.
        /// </summary>
        internal IImageSource Source;

        /// <summary>Whether the agent fetches from <see cref="Source"/>; otherwise, the image is fetched as a whole.</summary>
        internal bool IsOn;

        /// <summary>Whether this image is fetched as a whole, because what was put together before was not the image.</summary>
        internal bool IsGivenUp => State[Mark] == Whole;

        /// <summary>Begins an image, or goes on with it where <see cref="State"/> was kept.</summary>
        /// <param name="context">The agent's source, hasher and status.</param>
        /// <param name="component">The image.</param>
        /// <param name="module">Takes the image, and reads both slots.</param>
        /// <param name="position">Bytes of the image that lie in the idle slot.</param>
        /// <returns>False when there is nothing to gain.</returns>
        internal abstract bool Begin(UpdateContext context, ManifestComponent component, UpdateModule module, int position);

        /// <summary>Brings <see cref="State"/> up to date, at the end of a block.</summary>
        internal abstract void SaveState();

        /// <summary>Has the image fetched as a whole, also after a reboot.</summary>
        internal void GiveUp()
        {
            IsOn = false;
            State[Mark] = Whole;
        }
    }
}
