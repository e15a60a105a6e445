using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <content>Direct methods.</content>
    public sealed partial class IotHub
    {
        private const int DefaultResponseSeconds = 30;
        private const int MinResponseSeconds = 5;
        private const int MaxSeconds = 300;
        private const int MaxPayload = 128 * 1024;
        private static readonly TimeSpan _onlinePoll = TimeSpan.FromMilliseconds(50);
        private int _lastRid;

        /// <summary>Calls a direct method.</summary>
        /// <param name="id">The device.</param>
        /// <param name="body"><c>methodName</c>, <c>payload</c> and the two time-outs.</param>
        /// <param name="stop">Ends the wait.</param>
        /// <returns>The device's status and payload.</returns>
        /// <exception cref="HubError">The device is not online, does not answer in time, or the call is malformed.</exception>
        public async Task<JsonObject> CallMethodAsync(string id, JsonObject body, CancellationToken stop)
        {
            string name = HubText.Text(body, "methodName") ?? throw HubError.ArgumentNull("methodName");
            if (!body.ContainsKey("payload"))
            {
                throw HubError.ArgumentNull("payload must be there; null is fine.");
            }

            int response = HubText.Number(body, "responseTimeoutInSeconds") ?? DefaultResponseSeconds;
            int connect = HubText.Number(body, "connectTimeoutInSeconds") ?? 0;
            if (response is < MinResponseSeconds or > MaxSeconds || connect < 0 || connect > response)
            {
                throw HubError.Argument($"responseTimeoutInSeconds is {MinResponseSeconds} to {MaxSeconds}, and connectTimeoutInSeconds no more than it.");
            }

            string payload = body["payload"]?.ToJsonString(HubText.Options) ?? "null";
            if (payload.Length > MaxPayload)
            {
                throw new HubError(413, "MessageTooLarge", 413001, $"The payload has more than {MaxPayload} bytes.");
            }

            MethodCall call = await SendAsync(id, name, payload, TimeSpan.FromSeconds(connect), stop);
            try
            {
                (int status, byte[] answer) = await call.Answer.Task.WaitAsync(TimeSpan.FromSeconds(response), Clock.Provider, stop);
                return new JsonObject { ["status"] = status, ["payload"] = answer.Length == 0 ? null : HubText.Read(answer, "device's answer") };
            }
            catch (TimeoutException)
            {
                throw HubError.GatewayTimeout();
            }
        }

        // Sends the call as soon as the device can hear it.
        private async Task<MethodCall> SendAsync(string id, string name, string payload, TimeSpan patience, CancellationToken stop)
        {
            DateTime end = Clock.Real + patience;
            while (true)
            {
                lock (_lock)
                {
                    // As IoT Hub's own are: small numbers, in hexadecimal.
                    int number = _lastRid % 0x7FFF + 1;
                    var call = new MethodCall(number.ToString("x", System.Globalization.CultureInfo.InvariantCulture));
                    if (Device(id).Session is { } session && session.Send($"$iothub/methods/POST/{name}/?$rid={call.Rid}", payload))
                    {
                        _lastRid = number;
                        session.Device.Calls[number] = call;
                        return call;
                    }
                }

                if (Clock.Real >= end)
                {
                    throw HubError.NotOnline();
                }

                await Task.Delay(_onlinePoll, Clock.Provider, stop);
            }
        }
    }
}
