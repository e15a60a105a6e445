namespace nanoOta.Tests.Devices
{
    /// <summary>The memory of a small board: it takes one TLS session, and refuses whoever comes second.</summary>
    internal sealed class OneSession
    {
        private object? _holder;

        /// <summary>How often somebody came second.</summary>
        public int Refusals { get; private set; }

        /// <summary>How often the session was taken.</summary>
        public int Sessions { get; private set; }

        public bool TryTake(object who)
        {
            if (_holder != null && _holder != who)
            {
                Refusals++;
                return false;
            }

            Sessions += _holder == null ? 1 : 0;
            _holder = who;
            return true;
        }

        /// <summary>A boot: nobody has it.</summary>
        public UpdateAgentOptions Boot(UpdateAgentOptions options)
        {
            _holder = null;
            return options;
        }

        public void Release(object who)
        {
            _holder = _holder == who ? null : _holder;
        }

        /// <summary>A source that needs the session while it is open.</summary>
        /// <param name="source">The source.</param>
        /// <param name="ignoresRanges">Whether its server sends every file from the start.</param>
        /// <param name="noTag">Whether its server has no ETags.</param>
        public IImageSource Over(IImageSource source, bool ignoresRanges = false, bool noTag = false)
        {
            return new Source(this, source, ignoresRanges, noTag);
        }

        private sealed class Source(OneSession memory, IImageSource source, bool ignoresRanges, bool noTag) : IImageSource
        {
            public int Length => source.Length;

            public int Offset => source.Offset;

            public uint Tag => noTag ? 0 : source.Tag;

            public int RetryAfter => source.RetryAfter;

            public ResultCode Open(string url, int offset, int count)
            {
                return memory.TryTake(this) ? source.Open(url, ignoresRanges ? 0 : offset, count) : ResultCode.Unreachable;
            }

            public ResultCode Read(byte[] buffer, int offset, int count, out int read)
            {
                return source.Read(buffer, offset, count, out read);
            }

            public void Close()
            {
                memory.Release(this);
                source.Close();
            }
        }
    }
}
