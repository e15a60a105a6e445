using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>A device as the hub knows it: identity, keys and twin.</summary>
    internal sealed class DeviceRecord
    {
        public DeviceRecord(string id, DateTime now)
        {
            Id = id;
            CreatedAt = now;
            StatusTime = DateTime.MinValue;
            Desired = new TwinSection(now);
            Reported = new TwinSection(now);
        }

        private DeviceRecord(JsonObject saved)
        {
            Id = (string)saved["id"]!;
            CreatedAt = Time(saved["created"]);
            StatusTime = Time(saved["statusTime"]);
            LastActivity = Time(saved["activity"]);
            Generation = (string)saved["generation"]!;
            IdentityCounter = (long)saved["identity"]!;
            TwinCounter = (long)saved["twin"]!;
            Version = (long)saved["version"]!;
            IsEnabled = (bool)saved["enabled"]!;
            StatusReason = (string?)saved["reason"];
            AuthenticationType = (string)saved["auth"]!;
            PrimaryKey = (string?)saved["key1"];
            SecondaryKey = (string?)saved["key2"];
            PrimaryThumbprint = (string?)saved["thumb1"];
            SecondaryThumbprint = (string?)saved["thumb2"];
            Tags = (JsonObject)saved["tags"]!.DeepClone();
            Desired = TwinSection.Load((JsonObject)saved["desired"]!);
            Reported = TwinSection.Load((JsonObject)saved["reported"]!);
            foreach ((string name, JsonNode? status) in (JsonObject)saved["configurations"]!)
            {
                Configurations[name] = (string)status!;
            }
        }

        public string Id { get; }

        /// <summary>Differs from that of a device of the same name that was deleted before.</summary>
        public string Generation { get; } = DateTime.UtcNow.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture);

        public DateTime CreatedAt { get; }

        /// <summary>Until when queries still find it, after it was deleted.</summary>
        public DateTime GhostUntil { get; set; }

        public long IdentityCounter { get; set; } = Random.Shared.Next(100_000_000, 999_999_999);

        public long TwinCounter { get; set; } = 1;

        /// <summary>The twin's version; moves with every change.</summary>
        public long Version { get; set; } = 2;

        public bool IsEnabled { get; set; } = true;

        public string? StatusReason { get; set; }

        public DateTime StatusTime { get; set; }

        public DateTime LastActivity { get; set; }

        /// <summary>sas, selfSigned, certificateAuthority or none.</summary>
        public string AuthenticationType { get; set; } = "sas";

        public string? PrimaryKey { get; set; }

        public string? SecondaryKey { get; set; }

        public string? PrimaryThumbprint { get; set; }

        public string? SecondaryThumbprint { get; set; }

        public JsonObject Tags { get; set; } = [];

        public TwinSection Desired { get; private set; }

        public TwinSection Reported { get; private set; }

        /// <summary>What configurations made of it: Targeted or Applied.</summary>
        public SortedDictionary<string, string> Configurations { get; } = new(StringComparer.Ordinal);

        /// <summary>Its connection; null while it has none.</summary>
        public DeviceSession? Session { get; set; }

        /// <summary>The subscriptions of a device that keeps its session, whether it is connected or not; null: it does not keep it.</summary>
        public HashSet<string>? KeptFilters { get; set; }

        /// <summary>Direct methods under way, by request id; a connection that comes meanwhile may still answer them.</summary>
        public Dictionary<int, MethodCall> Calls { get; } = [];

        public string IdentityETag => ETags.OfCounter(IdentityCounter);

        public string TwinETag => ETags.OfTwin(TwinCounter);

        /// <summary>The device's keys.</summary>
        public string[] Keys => AuthenticationType == "sas" ? [PrimaryKey!, SecondaryKey!] : [];

        public static DeviceRecord Load(JsonObject saved) => new(saved);

        public JsonObject Save()
        {
            var configurations = new JsonObject();
            foreach ((string name, string status) in Configurations)
            {
                configurations[name] = status;
            }

            return new JsonObject
            {
                ["id"] = Id,
                ["created"] = CreatedAt.Ticks,
                ["statusTime"] = StatusTime.Ticks,
                ["activity"] = LastActivity.Ticks,
                ["generation"] = Generation,
                ["identity"] = IdentityCounter,
                ["twin"] = TwinCounter,
                ["version"] = Version,
                ["enabled"] = IsEnabled,
                ["reason"] = StatusReason,
                ["auth"] = AuthenticationType,
                ["key1"] = PrimaryKey,
                ["key2"] = SecondaryKey,
                ["thumb1"] = PrimaryThumbprint,
                ["thumb2"] = SecondaryThumbprint,
                ["tags"] = Tags.DeepClone(),
                ["desired"] = Desired.Save(),
                ["reported"] = Reported.Save(),
                ["configurations"] = configurations,
            };
        }

        private static DateTime Time(JsonNode? ticks) => new((long)ticks!, DateTimeKind.Utc);
    }
}
