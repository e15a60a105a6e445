namespace nanoOta.Native.Tests
{
    /// <summary>The managed hasher with a state of its own, to stand beside <see cref="NativeSha256"/>.</summary>
    internal sealed class ManagedSha256
    {
        private readonly ManagedHasher _hasher = new();
        private readonly byte[] _state = new byte[Sha256.StateLength];

        public void Append(byte[] data, int offset, int count)
        {
            _hasher.Append(_state, 0, data, offset, count);
        }

        public void Export(byte[] state, int at)
        {
            _state.CopyTo(state, at);
        }

        public void Import(byte[] state, int at)
        {
            state.AsSpan(at, Sha256.StateLength).CopyTo(_state);
        }

        public void Finish(byte[] digest, int at)
        {
            _hasher.Finish(_state, 0, digest, at);
        }
    }
}
