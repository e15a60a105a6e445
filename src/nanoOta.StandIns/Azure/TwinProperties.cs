using System.Collections;

namespace nanoFramework.Azure.Devices.Shared
{
    /// <summary>What is requested and what was reported.</summary>
    public class TwinProperties
    {
        /// <summary>Nothing of either.</summary>
        public TwinProperties()
            : this(null, null)
        {
        }

        /// <summary>Tables of both; null is as good as empty.</summary>
        public TwinProperties(Hashtable? desired, Hashtable? reported)
        {
            Desired = new TwinCollection(desired);
            Reported = new TwinCollection(reported);
        }

        /// <summary>Desired properties.</summary>
        public TwinCollection Desired { get; set; }

        /// <summary>Reported properties.</summary>
        public TwinCollection Reported { get; set; }
    }
}
