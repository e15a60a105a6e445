// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta.DeviceTests
{
    /// <summary>A twin channel over the device's own client and a hub in memory, stepped as an agent would.</summary>
    internal sealed class MemoryTwin
    {
        internal const string Request = "\"updateVersion\":\"1.1.0\",\"updateUrl\":\"" + MemoryUpdate.Folder + "\"";

        internal readonly UpdateAgentOptions Options = new UpdateAgentOptions();
        internal readonly MemoryHub Hub = new MemoryHub();
        internal readonly HubConnection Connection;
        internal readonly TwinChannel Channel;
        private long _now;

        internal MemoryTwin(string desired)
        {
            Options.DeviceId = "washer";
            Hub.Desire(desired);
            Connection = new HubConnection(Options, Hub.NewClient);

            // Real time, in which nothing would come any more: all that the hub says comes at once.
            Connection.Timeout = 300;
            Channel = new TwinChannel(Options, Connection);
        }

        /// <summary>The version requested; null when there is none.</summary>
        internal string Version => Channel.Offer == null || Channel.Offer.Version == null ? null : Channel.Offer.Version.Text;

        /// <summary>What is wrong with the update request.</summary>
        internal int Code => (int)(Channel.Offer == null ? ResultCode.None : Channel.Offer.Code);

        /// <summary>Lets the channel work for a time, which passes at once.</summary>
        internal void Run(int seconds)
        {
            long end = _now + seconds * 1000;
            while (_now < end)
            {
                long due = Channel.Step(_now);
                due = due > _now ? due : _now + 1;
                _now = due < end ? due : end;
            }
        }

        /// <summary>What an agent would report.</summary>
        internal void Report(UpdateState state)
        {
            Channel.Report(new UpdateStatus { Current = "1.0.0", Target = "1.1.0", State = state, Slot = "memory" });
        }
    }
}
