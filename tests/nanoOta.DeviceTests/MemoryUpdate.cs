// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Text;

namespace nanoOta.DeviceTests
{
    /// <summary>
    /// All that an agent works with, in memory: a channel with one update request, a source with its files, a journal, and one component.
    /// It outlives agents, as flash outlives a reboot.
    /// </summary>
    internal sealed class MemoryUpdate
    {
        internal const string Folder = "https://memory.example/";

        internal readonly byte[] Image = new byte[10000];
        internal readonly MemoryChannel Channel = new MemoryChannel();
        internal readonly MemorySource Source = new MemorySource();
        internal readonly MemoryJournal Journal = new MemoryJournal();
        internal readonly MemoryModule Module = new MemoryModule();
        internal readonly UpdateAgentOptions Options;
        internal UpdateAgent Agent;
        internal long Now;
        private readonly IUpdateChannel _channel;

        internal MemoryUpdate()
            : this(new UpdateAgentOptions(), null)
        {
            Channel.Request = new UpdateOffer { Version = SemanticVersion.Parse("1.1.0"), Url = Folder };
        }

        /// <summary>With a channel of another kind in place of the one in memory.</summary>
        internal MemoryUpdate(UpdateAgentOptions options, IUpdateChannel channel)
        {
            Options = options;
            _channel = channel == null ? Channel : channel;
            for (int i = 0; i < Image.Length; i++)
            {
                Image[i] = (byte)(i * 31 >> 3);
            }

            Options.ApplicationVersion = "1.0.0";
            Options.DeviceId = "washer";
            Options.Modules = new UpdateModule[] { Module };
            Options.Journal = Journal;
            Options.Hasher = new ManagedHasher();
            Options.CheckpointInterval = 4096;
            Options.Session.AllowsTwo = true;
            Source.Add(Folder + "v1_1_0.json", Manifest("1.1.0", Image, "v1_1_0.bin"), Folder + "v1_1_0.bin", Image);
            Boot();
        }

        /// <summary>What the status says of the last update.</summary>
        internal ResultCode Last => Agent.Status.LastCode;

        /// <summary>A manifest with one component.</summary>
        internal static string Manifest(string version, byte[] image, string url)
        {
            byte[] digest = Sha256.Of(new ManagedHasher(), image, 0, image.Length);
            return "{\"schema\":1,\"version\":\"" + version + "\",\"components\":[{\"id\":\"memory\",\"version\":\"" + version
                + "\",\"size\":" + image.Length.ToString() + ",\"sha256\":\"" + Hexadecimal.Text(digest) + "\",\"urls\":[\"" + url + "\"]}]}";
        }

        /// <summary>A new agent, which knows what the journal and the module know.</summary>
        internal void Boot()
        {
            Channel.Forget();
            Source.Close();
            Agent = new UpdateAgent(Options, _channel, Source);
        }

        /// <summary>Lets the agent work until nothing is left to do, or until the module has so many bytes.</summary>
        internal void Run(int bytes)
        {
            for (int i = 0; i < 2000 && !Agent.IsIdle && Module.Length < bytes; i++)
            {
                long due = Agent.Step(Now);
                Now = due > Now ? due : Now;
            }
        }

        /// <summary>Lets the agent go on for a time, in which it tells how it went.</summary>
        internal void Rest(int seconds)
        {
            for (long end = Now + seconds * 1000; Now < end;)
            {
                long due = Agent.Step(Now);
                Now = due > Now ? due : Now + 1;
            }
        }
    }

    /// <summary>A channel that has heard one update request.</summary>
    internal sealed class MemoryChannel : IUpdateChannel
    {
        internal UpdateOffer Request;
        private UpdateOffer _offer;
        private int _answers;

        public UpdateOffer Offer => _offer;

        public int Answers => _answers;

        public bool IsReported => true;

        public long Step(long now)
        {
            _offer = Request;
            _answers++;
            return now + 1000;
        }

        public void Report(UpdateStatus status)
        {
        }

        public void CheckNow()
        {
        }

        public void Pause()
        {
        }

        internal void Forget()
        {
            _offer = null;
            _answers = 0;
        }
    }
}
