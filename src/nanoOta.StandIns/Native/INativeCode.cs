namespace nanoOta.StandIns
{
    /// <summary>
    /// The firmware's native code as <c>nanoOta.Native</c> calls it. Answers are result codes where the managed side reads them as such.
    /// </summary>
    public interface INativeCode
    {
        /// <summary>Copies the slot record and answers the state's bits.</summary>
        int State(byte[] record);

        /// <summary>The size of an idle slot.</summary>
        int Capacity(int part);

        /// <summary>Opens an idle slot.</summary>
        int Open(int part, int offset);

        /// <summary>Programs the next bytes.</summary>
        int Write(byte[] data, int count);

        /// <summary>Erases the rest of the open slot.</summary>
        int EraseTail();

        /// <summary>Reads a slot.</summary>
        int Read(int part, bool idle, int offset, byte[] data, int count);

        /// <summary>Hashes a range of a slot.</summary>
        int Hash(int part, bool idle, int offset, int count, byte[] state, int at);

        /// <summary>Activates idle slots; texts in UTF-8.</summary>
        int Activate(int parts, byte[] digest, byte[] version, byte[] applicationVersion, int trialSeconds);

        /// <summary>Confirms what is on trial.</summary>
        int Confirm();

        /// <summary>Reverts.</summary>
        int Revert(int reason);

        /// <summary>The journal's places.</summary>
        int JournalCapacity();

        /// <summary>Reads one.</summary>
        bool JournalRead(int place, byte[] record);

        /// <summary>Writes one.</summary>
        bool JournalWrite(int place, byte[] record);

        /// <summary>Takes bytes into a SHA-256.</summary>
        void Append(byte[] state, int at, byte[] data, int offset, int count);

        /// <summary>Ends a SHA-256.</summary>
        void Finish(byte[] state, int at, byte[] digest, int digestAt);

        /// <summary>Verifies RS256.</summary>
        bool Verify(byte[] modulus, uint exponent, byte[] signature, byte[] digest);
    }
}
