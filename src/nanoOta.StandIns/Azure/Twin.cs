using System.Collections;
using nanoOta.StandIns;

namespace nanoFramework.Azure.Devices.Shared
{
    /// <summary>A device twin as the client hands it out.</summary>
    public class Twin
    {
        /// <summary>An empty twin.</summary>
        public Twin()
        {
            Properties = new TwinProperties();
        }

        /// <summary>An empty twin.</summary>
        public Twin(string deviceId)
            : this()
        {
            DeviceId = deviceId;
        }

        /// <summary>A twin of what the hub sent. What is not called desired or reported is not kept.</summary>
        /// <exception cref="Exception">Any, when the device's JSON library does not understand it.</exception>
        public Twin(string deviceId, string jsonTwin)
        {
            DeviceId = deviceId;
            Hashtable root = DeviceJson.ReadTable(jsonTwin);
            Properties = new TwinProperties((Hashtable?)root["desired"], (Hashtable?)root["reported"]);
        }

        /// <summary>A twin of these properties.</summary>
        public Twin(TwinProperties twinProperties)
        {
            Properties = twinProperties;
        }

        /// <summary>The device's id.</summary>
        public string? DeviceId { get; set; }

        /// <summary>Never filled.</summary>
        public string? ModelId { get; set; }

        /// <summary>Both collections.</summary>
        public TwinProperties Properties { get; set; }

        /// <summary>Never filled.</summary>
        public long Version { get; set; }
    }
}
