using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Tests.Azure
{
    /// <summary>The memory of a small board: one TLS session, with the hub or with the server of files. Whoever comes second is refused.</summary>
    internal sealed class HubMemory
    {
        private readonly LocalHub _hub;

        public HubMemory(LocalHub hub)
        {
            _hub = hub;
            hub.Faults.MostSessions = 1;
        }

        /// <summary>How often the server of files came second.</summary>
        public int Refusals { get; private set; }

        /// <summary>How often it was opened.</summary>
        public int Opened { get; private set; }

        public IImageSource Over(IImageSource source)
        {
            _hub.Faults.MostSessions = 1;
            return new Source(this, source);
        }

        private sealed class Source(HubMemory memory, IImageSource source) : IImageSource
        {
            public int Length => source.Length;

            public int Offset => source.Offset;

            public uint Tag => source.Tag;

            public int RetryAfter => source.RetryAfter;

            public ResultCode Open(string url, int offset, int count)
            {
                if (memory._hub.HeldSessions > 0)
                {
                    memory.Refusals++;
                    return ResultCode.Unreachable;
                }

                memory.Opened++;
                memory._hub.Faults.MostSessions = 0;
                return source.Open(url, offset, count);
            }

            public ResultCode Read(byte[] buffer, int offset, int count, out int read)
            {
                return source.Read(buffer, offset, count, out read);
            }

            public void Close()
            {
                memory._hub.Faults.MostSessions = 1;
                source.Close();
            }
        }
    }
}
