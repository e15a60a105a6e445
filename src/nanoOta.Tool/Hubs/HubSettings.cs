using nanoOta.Tool.Serving;

namespace nanoOta.Tool.Hubs
{
    /// <summary>How a local hub is to run.</summary>
    internal sealed class HubSettings
    {
        /// <summary>The TCP port of the service API; 0: any free one.</summary>
        public required int Port { get; init; }

        /// <summary>The TCP port of MQTT; 0: any free one, null: none.</summary>
        public required int? MqttPort { get; init; }

        /// <summary>The folder of its state.</summary>
        public required string Folder { get; init; }

        /// <summary>The folder of the test authority whose certificate the MQTT side shows.</summary>
        public string AuthorityFolder { get; init; } = LanServer.UserFolder;

        /// <summary>Devices to register, each ID or ID:PRODUCT:GROUP.</summary>
        public IReadOnlyList<string> Devices { get; init; } = [];

        /// <summary>Virtual devices in this process.</summary>
        public int Virtual { get; init; }

        /// <summary>The per cent of them on which a version fails its self-test.</summary>
        public double Failing { get; init; }

        /// <summary>Units; 0: no limits.</summary>
        public int Units { get; init; } = 1;

        /// <summary>The time between two evaluations.</summary>
        public TimeSpan Evaluation { get; init; } = TimeSpan.FromMinutes(5);
    }
}
