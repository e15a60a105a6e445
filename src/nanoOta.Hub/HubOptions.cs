namespace nanoOta.Hub
{
    /// <summary>How a local hub behaves where IoT Hub's own behaviour is a matter of tier, time or evidence. The defaults are IoT Hub's.</summary>
    public sealed class HubOptions
    {
        /// <summary>The names that the hub answers to, without ports: those of the shared access signatures and of devices' user names. The first one stands in connection strings.</summary>
        public IReadOnlyList<string> HostNames { get; init; } = ["127.0.0.1", "localhost"];

        /// <summary>The file that keeps the state; null: the state is gone when the hub is disposed of.</summary>
        public string? StateFile { get; init; }

        /// <summary>The time.</summary>
        public TimeProvider Time { get; init; } = TimeProvider.System;

        /// <summary>How often target conditions are evaluated and metrics counted.</summary>
        public TimeSpan Evaluation { get; init; } = TimeSpan.FromMinutes(5);

        /// <summary>When a new configuration, or one with another condition, is evaluated first.</summary>
        public TimeSpan FirstEvaluation { get; init; } = TimeSpan.FromSeconds(2);

        /// <summary>How long a new device is missing in queries.</summary>
        public TimeSpan IndexLag { get; init; } = TimeSpan.FromSeconds(1.4);

        /// <summary>How long a deleted device is still found by queries ("ghosts"); IoT Hub has shown up to 25 minutes.</summary>
        public TimeSpan Ghosts { get; init; }

        /// <summary>Units of the hub: limits are those of tier S1 times this number. 0: no limits.</summary>
        public int Units { get; init; } = 1;

        /// <summary>How long a request beyond a limit waits for its turn at the most; one that would wait longer is refused with 429.</summary>
        public TimeSpan LongestQueue { get; init; } = TimeSpan.FromSeconds(10);

        /// <summary>How long a device's connection outlives its shared access signature.</summary>
        public TimeSpan TokenGrace { get; init; } = TimeSpan.FromMinutes(5);

        /// <summary>The CONNACK code for a disabled device, 3 or 5: which one IoT Hub sends is not evidenced.</summary>
        public byte DisabledDeviceCode { get; init; } = 5;

        /// <summary>What happens to a device that publishes to a topic of no meaning: the connection is closed (true) or the message dropped.</summary>
        public bool ClosesOnUnknownTopic { get; init; } = true;

        /// <summary>Whether a method's answer must repeat the request's id as text; otherwise its value counts.</summary>
        public bool ComparesMethodIdsAsText { get; init; }

        /// <summary>Whether a refused twin request of a device is answered with a body.</summary>
        public bool SendsErrorBodies { get; init; } = true;
    }
}
