// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Decrypts the files of images that come encrypted: <c>EncryptedImages</c> of nanoOta.Encryption. It decides nothing: the image's SHA-256
    /// is that of what it gives.
    /// </summary>
    public interface IImageDecryption
    {
        /// <summary>Turns to an image, and finds the key to its file. Called when a manifest is judged, and again when the image is fetched.</summary>
        /// <param name="component">The image, with <see cref="ManifestComponent.Encryption"/>.</param>
        /// <returns>
        /// <see cref="ResultCode.None"/>, <see cref="ResultCode.EncryptionMalformed"/>, <see cref="ResultCode.EncryptionUnsupported"/>,
        /// <see cref="ResultCode.RecipientMissing"/> or <see cref="ResultCode.ContentKeyInvalid"/>.
        /// </returns>
        ResultCode Begin(ManifestComponent component);

        /// <summary>Decrypts bytes of the image's file in place, any number from any position: a file is read in parts, and gone on with.</summary>
        /// <param name="buffer">Holds them.</param>
        /// <param name="offset">Where they begin in the buffer.</param>
        /// <param name="count">How many they are; may be 0.</param>
        /// <param name="position">Where they begin in the file.</param>
        void Decrypt(byte[] buffer, int offset, int count, int position);
    }
}
