using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.VirtualDevice
{
    /// <summary>
    /// The device's reader of parts and patches by itself: it is read from block by block, as a download does, and may be made anew after each
    /// block, as after a reboot.
    /// </summary>
    /// <param name="old">What the active slot holds; behind it, the slot is blank.</param>
    /// <param name="component">The new image.</param>
    /// <param name="server">Where the image and its patches lie, beside each other.</param>
    public sealed class DeltaRun(byte[] old, ManifestComponent component, MemoryServer server)
    {
        /// <summary>Where relative URLs lead.</summary>
        public const string Container = "https://files.example/";

        private const int BlockLength = 4096;
        private readonly UpdateStatus _counts = new();

        /// <summary>Tells whether the device reboots behind a block, by the bytes that are written.</summary>
        public Func<int, bool> RebootsAt { get; init; } = _ => false;

        /// <summary>The most bytes that are asked for at a time.</summary>
        public int MaxRead { get; init; } = BlockLength;

        /// <summary>Bytes fetched, copied and patched.</summary>
        public (long Fetched, long Copied, long Patched) Counts => (_counts.BytesFetched, _counts.BytesCopied, _counts.BytesPatched);

        /// <summary>Bytes of memory that were allocated in all reads that brought something.</summary>
        public long Allocated { get; private set; }

        /// <summary>What the idle slot holds in the end.</summary>
        public byte[] Idle { get; private set; } = [];

        /// <summary>The code of each failure after which the reader went on, as the agent does.</summary>
        public List<ResultCode> Failures { get; } = [];

        /// <summary>Reads the image.</summary>
        /// <returns>What ended it; <see cref="ResultCode.None"/> when all of the image's length came, and <see cref="ResultCode.UpToDate"/> when there is nothing to gain.</returns>
        public ResultCode Run()
        {
            Idle = new byte[component.Size];
            var module = new Slots(old, Idle);
            byte[] buffer = new byte[BlockLength];
            byte[] state = [];
            int at = 0;
            do
            {
                AssemblyDelta delta = new();
                UpdateContext context = Context(delta);
                state.CopyTo(delta.State, 0);
                if (!(delta.IsOn = delta.Begin(context, component, module, at)))
                {
                    return ResultCode.UpToDate;
                }

                ResultCode code = Boot(delta, module, buffer, ref at);
                Add(context.Status);
                if (code != ResultCode.None)
                {
                    return code;
                }

                state = delta.State;
            }
            while (at < component.Size);
            return ResultCode.None;
        }

        // Until the reboot.
        private ResultCode Boot(AssemblyDelta delta, Slots module, byte[] buffer, ref int at)
        {
            int filled = 0;
            bool isOpen = false;
            for (int steps = 0; at < component.Size; steps++)
            {
                ResultCode code = isOpen ? ResultCode.None : delta.Open(Container + component.Urls[0], at + filled, 0);
                isOpen = code == ResultCode.None;
                int end = Math.Min(BlockLength, component.Size - at);
                int read = 0;
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                code = isOpen ? delta.Read(buffer, filled, Math.Min(MaxRead, end - filled), out read) : code;
                Allocated += read > 0 ? GC.GetAllocatedBytesForCurrentThread() - allocated : 0;
                if (code is not ResultCode.None and not ResultCode.Pending)
                {
                    if (!delta.IsOn || code >= ResultCode.PatchMalformed || steps > 100_000)
                    {
                        return code;
                    }

                    Failures.Add(code);
                    delta.Close();
                    isOpen = false;
                    continue;
                }

                if (steps > 1_000_000 || read > end - filled || (code == ResultCode.None && read == 0))
                {
                    return ResultCode.ConnectionLost;
                }

                filled += read;
                if (filled == end)
                {
                    module.Write(buffer, at, filled);
                    at += filled;
                    filled = 0;
                    delta.SaveState();
                    if (RebootsAt(at))
                    {
                        break;
                    }
                }
            }

            delta.Close();
            return ResultCode.None;
        }

        private UpdateContext Context(AssemblyDelta delta)
        {
            UpdateAgentOptions options = HostOptions.Create();
            options.Delta = delta;
            options.ApplicationVersion = "1.0.0";
            options.Journal = new NoJournal();
            return new UpdateContext(options, new DesiredChannel(() => "{}"), server.Connect()) { Offer = new UpdateOffer { Url = Container } };
        }

        private void Add(UpdateStatus status)
        {
            _counts.BytesFetched += status.BytesFetched;
            _counts.BytesCopied += status.BytesCopied;
            _counts.BytesPatched += status.BytesPatched;
        }

        private sealed class NoJournal : IRecordStore
        {
            public int Count => 0;

            public bool Read(int place, byte[] record)
            {
                return false;
            }

            public bool Write(int place, byte[] record)
            {
                return false;
            }
        }

        private sealed class Slots(byte[] active, byte[] idle) : UpdateModule
        {
            // What is behind it has not been written yet: nothing may be read from there.
            private int _written;

            public void Write(byte[] buffer, int at, int count)
            {
                buffer.AsSpan(0, count).CopyTo(idle.AsSpan(at));
                _written = at + count;
            }

            public override ResultCode Read(ManifestComponent component, int offset, byte[] buffer, int count)
            {
                if (offset < 0 || count <= 0 || offset + count > _written)
                {
                    throw new InvalidOperationException($"{count} bytes at {offset} of the idle slot, of which {_written} are written");
                }

                idle.AsSpan(offset, count).CopyTo(buffer);
                return ResultCode.None;
            }

            public override ResultCode ReadActive(ManifestComponent component, int offset, byte[] buffer, int count)
            {
                if (offset < 0 || count <= 0)
                {
                    throw new InvalidOperationException($"{count} bytes at {offset} of the active slot");
                }

                if (offset > active.Length + 65536 - count)
                {
                    return ResultCode.FlashFailed;
                }

                buffer.AsSpan(0, count).Fill(0xFF);
                active.AsSpan(Math.Min(offset, active.Length), Math.Max(0, Math.Min(count, active.Length - offset))).CopyTo(buffer);
                return ResultCode.None;
            }

            public override bool Handles(string id)
            {
                return true;
            }

            public override void GetStatus(ModuleStatus status)
            {
            }

            public override ResultCode Prepare(ManifestComponent component, int offset)
            {
                return ResultCode.None;
            }

            public override ResultCode Write(byte[] buffer, int count)
            {
                return ResultCode.None;
            }

            public override ResultCode Activate(UpdateManifest manifest, byte[] digest)
            {
                return ResultCode.None;
            }

            public override ResultCode Confirm()
            {
                return ResultCode.None;
            }

            public override ResultCode Revert(ResultCode reason)
            {
                return ResultCode.None;
            }
        }
    }
}
