namespace nanoOta.StandIns.InternalCalls
{
    /// <summary>What the internal calls of <c>nanoOta.NativeSlots</c> lead to when an application runs: to the board's native code.</summary>
    public static class NativeSlots
    {
        private static INativeCode Code => Board.Code;

        /// <summary>As declared there.</summary>
        public static int NativeGetState(byte[] record) => Code.State(record);

        /// <summary>As declared there.</summary>
        public static int NativeCapacity(int part) => Code.Capacity(part);

        /// <summary>As declared there.</summary>
        public static int NativeOpen(int part, int offset) => Code.Open(part, offset);

        /// <summary>As declared there.</summary>
        public static int NativeWrite(byte[] data, int count) => Code.Write(data, count);

        /// <summary>As declared there.</summary>
        public static int NativeEraseTail() => Code.EraseTail();

        /// <summary>As declared there.</summary>
        public static int NativeRead(int part, bool idle, int offset, byte[] data, int count) => Code.Read(part, idle, offset, data, count);

        /// <summary>As declared there.</summary>
        public static int NativeHash(int part, bool idle, int offset, int count, byte[] state, int at) => Code.Hash(part, idle, offset, count, state, at);

        /// <summary>As declared there.</summary>
        public static int NativeActivate(int parts, byte[] digest, byte[] version, byte[] applicationVersion, int trialSeconds)
        {
            return Code.Activate(parts, digest, version, applicationVersion, trialSeconds);
        }

        /// <summary>As declared there.</summary>
        public static int NativeConfirm() => Code.Confirm();

        /// <summary>As declared there.</summary>
        public static int NativeRevert(int reason) => Code.Revert(reason);

        /// <summary>As declared there.</summary>
        public static int NativeJournalCapacity() => Code.JournalCapacity();

        /// <summary>As declared there.</summary>
        public static bool NativeJournalRead(int place, byte[] record) => Code.JournalRead(place, record);

        /// <summary>As declared there.</summary>
        public static bool NativeJournalWrite(int place, byte[] record) => Code.JournalWrite(place, record);
    }

    /// <summary>What those of <c>nanoOta.NativeHasher</c> lead to.</summary>
    public static class NativeHasher
    {
        /// <summary>As declared there.</summary>
        public static void Append(byte[] state, int at, byte[] data, int offset, int count) => Board.Code.Append(state, at, data, offset, count);

        /// <summary>As declared there.</summary>
        public static void Finish(byte[] state, int at, byte[] digest, int digestAt) => Board.Code.Finish(state, at, digest, digestAt);
    }

    /// <summary>What those of <c>nanoOta.NativeRsaVerifier</c> lead to.</summary>
    public static class NativeRsaVerifier
    {
        /// <summary>As declared there.</summary>
        public static bool NativeVerify(byte[] modulus, uint exponent, byte[] signature, byte[] digest, uint[] work)
        {
            return Board.Code.Verify(modulus, exponent, signature, digest);
        }
    }

    internal static class Board
    {
        // A firmware without them does not start an application that needs them.
        internal static INativeCode Code => DeviceBoard.Current.NativeCode
            ?? throw new NotSupportedException("This board's firmware has no native code of nanoOta.");
    }
}
