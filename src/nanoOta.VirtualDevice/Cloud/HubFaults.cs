namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>What is wrong with a hub, or with the way to it.</summary>
    public sealed class HubFaults
    {
        /// <summary>Whether its name has no address.</summary>
        public bool NoName { get; set; }

        /// <summary>Whether no TLS session comes about.</summary>
        public bool Unreachable { get; set; }

        /// <summary>Whether it never answers CONNECT.</summary>
        public bool NoConnectAnswer { get; set; }

        /// <summary>What it refuses CONNECT with, 1 to 5; null when it does not.</summary>
        public byte? RefuseWith { get; set; }

        /// <summary>Whether it does not acknowledge what devices publish, nor take it.</summary>
        public bool NoAcknowledgement { get; set; }

        /// <summary>Whether it acknowledges, but answers nothing about twins.</summary>
        public bool NoTwinAnswer { get; set; }

        /// <summary>TLS sessions that the device has memory for; a session that is held in vain counts.</summary>
        public int MostSessions { get; set; } = int.MaxValue;

        /// <summary>Result codes for the next questions about twins, whatever they ask: 429, 412, 500, …</summary>
        public Queue<int> Codes { get; } = new();

        /// <summary>Answers a report in the hub's place, with a result code; null, as its result or altogether: the hub answers.</summary>
        public Func<int?>? OnReport { get; set; }
    }
}
