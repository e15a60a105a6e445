// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Tells whether a manifest is signed by somebody who is trusted (<c>SignedManifests</c>). With a verifier the agent fetches
    /// <c>v1_1_0.jws</c> instead of <c>v1_1_0.json</c>, and believes nothing else.
    /// </summary>
    public interface IManifestVerifier
    {
        /// <summary>The file beside the manifest that says which keys are trusted, looked at before each manifest; null: none.</summary>
        string KeyListName { get; }

        /// <summary>Takes up a document in place of any before.</summary>
        /// <param name="document">Holds it at its start. It must not change until the last step, which may change it.</param>
        /// <param name="length">Its length in bytes.</param>
        /// <param name="isKeyList">Whether it is the file of <see cref="KeyListName"/>, rather than a manifest.</param>
        void Begin(byte[] document, int length, bool isKeyList);

        /// <summary>Does one bounded piece of work.</summary>
        /// <param name="length">Receives the manifest's length; it then lies at the document's start.</param>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>: call again; <see cref="ResultCode.None"/>: it is genuine; else one of 400 and up.
        /// </returns>
        ResultCode Step(out int length);
    }
}
