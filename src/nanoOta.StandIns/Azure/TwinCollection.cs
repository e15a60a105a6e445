using System.Collections;
using nanoOta.StandIns;

namespace nanoFramework.Azure.Devices.Shared
{
    /// <summary>Properties of a twin; objects within it are plain tables, arrays are lists.</summary>
    public class TwinCollection : IEnumerable
    {
        private const string VersionName = "$version";

        private readonly Hashtable _properties;

        /// <summary>No properties.</summary>
        public TwinCollection()
            : this((Hashtable?)null)
        {
        }

        /// <summary>The properties of a table, which is not copied.</summary>
        public TwinCollection(Hashtable? twin)
        {
            _properties = twin ?? [];
        }

        /// <summary>The properties of a text; null or "" is as good as none.</summary>
        /// <exception cref="Exception">Any, when the device's JSON library does not understand it.</exception>
        public TwinCollection(string? twinJson)
        {
            _properties = string.IsNullOrEmpty(twinJson) ? [] : DeviceJson.ReadTable(twinJson);
        }

        /// <summary>Properties, $version not counted.</summary>
        public int Count => _properties.Count - (Contains(VersionName) ? 1 : 0);

        /// <summary>$version; 0 when there is none or none that fits an Int32.</summary>
        public long Version => _properties[VersionName] is int version ? version : 0;

        /// <summary>A value; null when there is none, and when it is null.</summary>
        public object? this[string propertyName]
        {
            get => _properties[propertyName];
            set => _properties[propertyName] = value;
        }

        /// <summary>Adds a property.</summary>
        /// <exception cref="ArgumentException">It is there already.</exception>
        public void Add(string property, object? value) => _properties.Add(property, value);

        /// <summary>Whether a property is there, be it null.</summary>
        public bool Contains(string propertyName) => propertyName is not null && _properties.Contains(propertyName);

        /// <summary>Entries, $version among them.</summary>
        public IEnumerator GetEnumerator() => _properties.GetEnumerator();

        /// <summary>JSON text.</summary>
        public string ToJson() => ToString();

        /// <summary>JSON text.</summary>
        public override string ToString() => DeviceJsonWriter.Write(_properties);
    }
}
