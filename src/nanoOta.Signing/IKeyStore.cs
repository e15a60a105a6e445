// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Where the list of trusted keys outlives a reboot: a place for one document, which is replaced as a whole.</summary>
    public interface IKeyStore
    {
        /// <summary>Reads the document.</summary>
        /// <returns>The one written last in full; null when there is none that is whole.</returns>
        byte[] Read();

        /// <summary>Replaces the document. When the power fails meanwhile, the old or the new one is there, whole.</summary>
        /// <param name="document">Holds the new one at its start.</param>
        /// <param name="length">Its length in bytes, at most <see cref="Jws.MaxLength"/>.</param>
        /// <returns>False when it could not be written; the old one is then still there.</returns>
        bool Write(byte[] document, int length);
    }
}
