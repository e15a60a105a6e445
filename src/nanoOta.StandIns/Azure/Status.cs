namespace nanoFramework.Azure.Devices.Client
{
    /// <summary>What may happen to a client.</summary>
    public enum Status
    {
        /// <summary>Open has connected; raised within it.</summary>
        Connected = 0,

        /// <summary>The connection is gone.</summary>
        Disconnected = 1,

        /// <summary>A report was sent, not accepted.</summary>
        TwinUpdated = 2,

        /// <summary>400, 404 or 500, to whatever was asked.</summary>
        TwinUpdateError = 3,

        /// <summary>The twin came; the message is its raw text.</summary>
        TwinReceived = 4,

        /// <summary>A desired patch, or 204 for a report.</summary>
        TwinUpdateReceived = 5,

        /// <summary>A log message of the hub.</summary>
        IoTHubError = 6,

        /// <summary>A log message of the hub.</summary>
        IoTHubWarning = 7,

        /// <summary>A log message of the hub.</summary>
        IoTHubInformation = 8,

        /// <summary>A log message of the hub.</summary>
        IoTHubHighlightInformation = 9,

        /// <summary>An exception in the client or in a handler; the message is its text.</summary>
        InternalError = 10,

        /// <summary>A message to the device.</summary>
        MessageReceived = 11,

        /// <summary>A direct method; the message is name/?$rid=…/payload.</summary>
        DirectMethodCalled = 12,
    }

    /// <summary>A client's last status.</summary>
    public class IoTHubStatus
    {
        /// <summary>A status.</summary>
        public IoTHubStatus()
        {
        }

        internal IoTHubStatus(IoTHubStatus other)
        {
            Status = other.Status;
            Message = other.Message;
        }

        /// <summary>What happened.</summary>
        public Status Status { get; set; }

        /// <summary>More, if there is more.</summary>
        public string? Message { get; set; }
    }
}
