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
        private const int MaxMethodName = 100;
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
            string name = MethodName(body);
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
            if (System.Text.Encoding.UTF8.GetByteCount(payload) > MaxPayload)
            {
                throw new HubError(413, "MessageTooLarge", 413001, $"The payload has more than {MaxPayload} bytes.");
            }

            (DeviceRecord device, MethodCall call) = await SendAsync(id, name, payload, TimeSpan.FromSeconds(connect), stop);
            try
            {
                (int status, byte[] answer) = await call.Answer.Task.WaitAsync(TimeSpan.FromSeconds(response), Clock.Provider, stop);
                return new JsonObject { ["status"] = status, ["payload"] = answer.Length == 0 ? null : HubText.Read(answer, "device's answer") };
            }
            catch (TimeoutException)
            {
                throw HubError.GatewayTimeout();
            }
            finally
            {
                lock (_lock)
                {
                    // Its number may be another call's by now.
                    if (device.Calls.GetValueOrDefault(call.Number) == call)
                    {
                        device.Calls.Remove(call.Number);
                    }
                }
            }
        }

        // It becomes a level of a topic.
        private static string MethodName(JsonObject body)
        {
            string name = HubText.Text(body, "methodName") ?? throw HubError.ArgumentNull("methodName");
            return name.Length is > 0 and <= MaxMethodName && !name.Any(c => c is <= ' ' or > '~' or '/' or '#' or '+' or '?' or '$') ? name
                : throw HubError.Argument($"methodName is 1 to {MaxMethodName} ASCII characters without spaces and / # + ? $.");
        }

        // Sends the call as soon as the device can hear it.
        private async Task<(DeviceRecord Device, MethodCall Call)> SendAsync(string id, string name, string payload, TimeSpan patience, CancellationToken stop)
        {
            DateTime end = Clock.Real + patience;
            while (true)
            {
                lock (_lock)
                {
                    // As IoT Hub's own are: small numbers, in hexadecimal.
                    int number = _lastRid % 0x7FFF + 1;
                    var call = new MethodCall(number);
                    if (Device(id).Session is { } session && session.Send($"$iothub/methods/POST/{name}/?$rid={call.Rid}", payload))
                    {
                        _lastRid = number;
                        session.Device.Calls[number] = call;
                        return (session.Device, call);
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
