namespace nanoOta.Tests.Signing
{
    /// <summary>A store whose content outlives the verifiers that use it.</summary>
    internal sealed class MemoryKeyStore : IKeyStore
    {
        private byte[]? _document;

        public bool Fails { get; set; }

        /// <summary>Whether its drive is not there yet.</summary>
        public bool IsAway { get; set; }

        public int Writes { get; private set; }

        public byte[]? Read()
        {
            return IsAway ? null : _document;
        }

        public bool Write(byte[] document, int length)
        {
            if (Fails)
            {
                return false;
            }

            Writes++;
            _document = document[..length];
            return true;
        }
    }
}
