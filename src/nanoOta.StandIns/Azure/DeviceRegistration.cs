namespace nanoFramework.Azure.Devices.Provisioning.Client
{
    /// <summary>What the provisioning service says of a device.</summary>
    public enum ProvisioningRegistrationStatusType
    {
        /// <summary>Nothing yet.</summary>
        Unassigned = 1,

        /// <summary>It is choosing a hub.</summary>
        Assigning = 2,

        /// <summary>It has chosen one.</summary>
        Assigned = 3,

        /// <summary>It chooses none.</summary>
        Failed = 4,

        /// <summary>The device is disabled.</summary>
        Disabled = 5,
    }

    /// <summary>How a device came to its hub.</summary>
    public enum ProvisioningRegistrationSubstatusType
    {
        /// <summary>For the first time.</summary>
        InitialAssignment = 1,

        /// <summary>From another hub, with its data.</summary>
        DeviceDataMigrated = 2,

        /// <summary>From another hub, with its first data.</summary>
        DeviceDataReset = 3,
    }

    /// <summary>What a device sends along.</summary>
    public class ProvisioningRegistrationAdditionalData
    {
        /// <summary>JSON text.</summary>
        public string? JsonData { get; set; }
    }

    /// <summary>The outcome of a registration.</summary>
    public class DeviceRegistrationResult
    {
        /// <summary>Makes one.</summary>
        public DeviceRegistrationResult(string? registrationId, DateTime createdDateTimeUtc, string? assignedHub, string? deviceId, ProvisioningRegistrationStatusType status, string? generationId, DateTime lastUpdatedDateTimeUtc, int errorCode, string? errorMessage, string? etag)
        {
            RegistrationId = registrationId;
            CreatedDateTimeUtc = createdDateTimeUtc;
            AssignedHub = assignedHub;
            DeviceId = deviceId;
            Status = status;
            GenerationId = generationId;
            LastUpdatedDateTimeUtc = lastUpdatedDateTimeUtc;
            ErrorCode = errorCode;
            ErrorMessage = errorMessage;
            Etag = etag;
        }

        /// <summary>The name to the service.</summary>
        public string? RegistrationId { get; protected set; }

        /// <summary>When it was registered first.</summary>
        public DateTime CreatedDateTimeUtc { get; protected set; }

        /// <summary>The hub's host name.</summary>
        public string? AssignedHub { get; protected set; }

        /// <summary>The device's id there.</summary>
        public string? DeviceId { get; protected set; }

        /// <summary>What the service says.</summary>
        public ProvisioningRegistrationStatusType Status { get; protected set; }

        /// <summary>How the device came to its hub; here, always for the first time.</summary>
        public ProvisioningRegistrationSubstatusType Substatus { get; protected set; } = ProvisioningRegistrationSubstatusType.InitialAssignment;

        /// <summary>Not filled by the device.</summary>
        public string? GenerationId { get; protected set; }

        /// <summary>When that changed.</summary>
        public DateTime LastUpdatedDateTimeUtc { get; protected set; }

        /// <summary>The service's error code; 0: none.</summary>
        public int ErrorCode { get; protected set; }

        /// <summary>The service's words for it.</summary>
        public string? ErrorMessage { get; protected set; }

        /// <summary>The registration's ETag.</summary>
        public string? Etag { get; protected set; }
    }
}
