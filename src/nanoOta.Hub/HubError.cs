using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <summary>A request that the hub refuses, as a client sees it: status, <c>iothub-errorcode</c> and a message.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The name in the header <c>iothub-errorcode</c>.</param>
    /// <param name="number">The number in the body; 0: the body has none.</param>
    /// <param name="message">The sentence.</param>
    public sealed class HubError(int status, string code, int number, string message) : Exception(message)
    {
        /// <summary>The HTTP status.</summary>
        public int Status => status;

        /// <summary>The name in the header <c>iothub-errorcode</c>.</summary>
        public string Code => code;

        /// <summary>The number in the body; 0: it has none.</summary>
        public int Number => number;

        internal static HubError Argument(string message) => new(400, "ArgumentInvalid", 400004, message);

        internal static HubError ArgumentNull(string message) => new(400, "ArgumentNull", 400005, message);

        internal static HubError Format(string message) => new(400, "IotHubFormatError", 400006, message);

        internal static HubError Unauthorized() => new(401, "IotHubUnauthorizedAccess", 401002, "Unauthorized");

        internal static HubError DeviceNotFound(string id) => new(404, "DeviceNotFound", 404001, $"Device {id} not registered");

        internal static HubError NotOnline() => new(404, "DeviceNotOnline", 404103, "The operation failed because the requested device isn't online. To learn more, see https://aka.ms/iothub404103");

        internal static HubError GatewayTimeout() => new(504, "GatewayTimeout", 504101, "Timed out waiting for the response from device.");

        internal static HubError Precondition(string message) => new(412, "PreconditionFailed", 412001, message);

        internal static HubError Server() => new(500, "ServerError", 500001, "The local hub failed with this request, which is a defect of the hub.");

        internal static HubError Throttled(string operation) => new(429, "ThrottlingException", 429001, $"The request has been throttled. Wait 10 seconds and try again. Operation type: {operation}");

        /// <summary>The body. Errors of devices come as an object in a string, all others as code and sentence in one string.</summary>
        /// <param name="now">The time.</param>
        public string Body(DateTime now)
        {
            string tracking = $"{Guid.NewGuid():N}".ToUpperInvariant();
            if (code is "DeviceNotOnline" or "GatewayTimeout")
            {
                var inner = new JsonObject { ["errorCode"] = number, ["message"] = Message, ["trackingId"] = tracking, ["timestampUtc"] = HubClock.Text(now), ["info"] = null };
                return new JsonObject { ["Message"] = inner.ToJsonString(HubText.Options), ["ExceptionMessage"] = "" }.ToJsonString(HubText.Options);
            }

            return new JsonObject
            {
                ["Message"] = $"ErrorCode:{code};{Message}",
                ["ExceptionMessage"] = $"Tracking ID:{tracking}-G2:-TimeStamp:{HubClock.Text(now)}",
            }.ToJsonString(HubText.Options);
        }
    }
}
