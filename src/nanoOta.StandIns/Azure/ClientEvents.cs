using System.Collections;
using System.Net;
using nanoFramework.Azure.Devices.Shared;

namespace nanoFramework.Azure.Devices.Shared
{
    /// <summary>A desired patch came.</summary>
    public delegate void TwinUpdated(object sender, TwinUpdateEventArgs e);

    /// <summary>A desired patch: only what changed, and $version.</summary>
    public class TwinUpdateEventArgs(TwinCollection twin) : EventArgs
    {
        /// <summary>The patch.</summary>
        public TwinCollection Twin { get; set; } = twin;
    }
}

namespace nanoFramework.Azure.Devices.Client
{
    /// <summary>Something happened to a client.</summary>
    public delegate void StatusUpdated(object sender, StatusUpdatedEventArgs e);

    /// <summary>A message to the device came.</summary>
    public delegate void CloudToDeviceMessage(object sender, CloudToDeviceMessageEventArgs e);

    /// <summary>A direct method was called; its C# name is the method's name.</summary>
    /// <param name="rid">The call.</param>
    /// <param name="payload">JSON text.</param>
    /// <returns>JSON text; the status is 200.</returns>
    public delegate string MethodCallback(int rid, string payload);

    /// <summary>What happened to a client.</summary>
    public class StatusUpdatedEventArgs(IoTHubStatus status) : EventArgs
    {
        /// <summary>A copy of the status.</summary>
        public IoTHubStatus IoTHubStatus { get; set; } = new(status);
    }

    /// <summary>A message to the device.</summary>
    public class CloudToDeviceMessageEventArgs : EventArgs
    {
        /// <summary>A message.</summary>
        /// <param name="message">The content.</param>
        /// <param name="properties">As a URL's query.</param>
        public CloudToDeviceMessageEventArgs(string message, string properties)
        {
            Message = message;
            string decoded = WebUtility.UrlDecode(properties);
            if (decoded.Length > 0)
            {
                foreach (string[] property in decoded.Split('&').Select(part => part.Split('=')))
                {
                    Properties.Add(property[0], property.Length > 1 ? property[1] : null);
                }
            }
        }

        /// <summary>The content.</summary>
        public string Message { get; set; }

        /// <summary>Properties of the message, $.mid and the like among them.</summary>
        public Hashtable Properties { get; set; } = [];
    }
}
