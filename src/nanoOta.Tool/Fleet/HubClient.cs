using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace nanoOta.Tool.Fleet
{
    /// <summary>
    /// The service API of IoT Hub (version 2021-04-12) as far as the tool needs it. A throttled request waits and is sent again, and so
    /// is one whose connection broke off; a direct method is not, because it may have run.
    /// </summary>
    internal sealed class HubClient : IDisposable
    {
        private const string Version = "api-version=2021-04-12";
        private const int PageSize = 1000;
        private const int MostTries = 4;

        // What the hub asks for in its text when it throttles without Retry-After.
        private static readonly TimeSpan _throttleWait = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan _skew = TimeSpan.FromMinutes(5);

        private readonly HubAddress _address;
        private readonly HttpClient _http;
        private readonly WaitNotice _notice;

        /// <summary>Makes a client.</summary>
        /// <param name="address">The hub.</param>
        /// <param name="handler">Sends; null: as usual.</param>
        public HubClient(HubAddress address, HttpMessageHandler? handler = null)
        {
            _address = address;
            _notice = new WaitNotice(Name);
            _http = new HttpClient(handler ?? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) }) { BaseAddress = address.Root, Timeout = TimeSpan.FromSeconds(100) };
        }

        /// <summary>What the hub is called in messages.</summary>
        public string Name => _address.ToString();

        /// <summary>The time by which signatures are made.</summary>
        public TimeProvider Clock { get; init; } = TimeProvider.System;

        /// <summary>How long throttling is waited for in all.</summary>
        public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

        /// <summary>Waits.</summary>
        public Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;

        /// <summary>Takes a sentence when a request has to wait; null: nobody does.</summary>
        public Action<string>? Waits { get; init; }

        /// <inheritdoc/>
        public void Dispose() => _http.Dispose();

        /// <summary>Every configuration of the hub.</summary>
        public async Task<IReadOnlyList<DeviceConfiguration>> ConfigurationsAsync(CancellationToken stop)
        {
            HubAnswer answer = Require(await SendAsync(HttpMethod.Get, "configurations", null, null, stop).ConfigureAwait(false), "list the configurations");
            return [.. answer.Objects.Select(item => DeviceConfiguration.Read(item, null))];
        }

        /// <summary>A configuration; null when there is none.</summary>
        public async Task<DeviceConfiguration?> ConfigurationAsync(string id, CancellationToken stop)
        {
            HubAnswer answer = await SendAsync(HttpMethod.Get, "configurations/" + id, null, null, stop).ConfigureAwait(false);
            return answer.Status == 404 ? null : DeviceConfiguration.Read(Require(answer, $"read configuration {id}").Object, answer.ETag);
        }

        /// <summary>Makes a configuration.</summary>
        /// <returns>False when there is one of that id.</returns>
        public async Task<bool> CreateAsync(DeviceConfiguration configuration, CancellationToken stop)
        {
            // Without If-Match a PUT only creates.
            HubAnswer answer = await SendAsync(HttpMethod.Put, "configurations/" + configuration.Id, configuration.ToJson(), null, stop).ConfigureAwait(false);
            if (answer.Status == 409)
            {
                // The first try may have arrived, although its answer did not.
                return await ConfigurationAsync(configuration.Id, stop).ConfigureAwait(false) is { } there
                    && there.Labels.GetValueOrDefault(Rollout.OperationLabel) is { } operation && operation == configuration.Labels.GetValueOrDefault(Rollout.OperationLabel);
            }

            Require(answer, $"create configuration {configuration.Id}");
            return true;
        }

        /// <summary>Changes what can be changed of a configuration: labels, condition, priority, metrics.</summary>
        /// <param name="configuration">The configuration as it was read, with its ETag, and changed.</param>
        /// <param name="stop">Ends it.</param>
        /// <returns>False when it is another one by now.</returns>
        public async Task<bool> UpdateAsync(DeviceConfiguration configuration, CancellationToken stop)
        {
            HubAnswer answer = await SendAsync(HttpMethod.Put, "configurations/" + configuration.Id, configuration.ToJson(), configuration.ETag ?? "*", stop).ConfigureAwait(false);
            if (answer.Status is 412 or 404)
            {
                return false;
            }

            Require(answer, $"change configuration {configuration.Id}");
            return true;
        }

        /// <summary>Deletes a configuration. What it wrote stays in the twins.</summary>
        public async Task DeleteConfigurationAsync(string id, CancellationToken stop)
        {
            HubAnswer answer = await SendAsync(HttpMethod.Delete, "configurations/" + id, null, null, stop).ConfigureAwait(false);
            if (answer.Status != 404)
            {
                Require(answer, $"delete configuration {id}");
            }
        }

        /// <summary>A device's twin; null when there is no such device.</summary>
        public async Task<JsonObject?> TwinAsync(string deviceId, CancellationToken stop)
        {
            HubAnswer answer = await SendAsync(HttpMethod.Get, $"twins/{Uri.EscapeDataString(deviceId)}", null, null, stop).ConfigureAwait(false);
            return answer.Status == 404 ? null : Require(answer, $"read the twin of {deviceId}").Object;
        }

        /// <summary>Merges tags and desired properties into a device's twin.</summary>
        /// <param name="deviceId">The device.</param>
        /// <param name="tags">The tags; empty: they stay.</param>
        /// <param name="desired">The desired properties; null: they stay.</param>
        /// <param name="stop">Ends it.</param>
        public async Task PatchTwinAsync(string deviceId, JsonObject tags, JsonObject? desired, CancellationToken stop)
        {
            JsonObject body = [];
            if (tags.Count > 0)
            {
                body["tags"] = tags.DeepClone();
            }

            if (desired != null)
            {
                body["properties"] = new JsonObject { ["desired"] = desired.DeepClone() };
            }

            HubAnswer answer = await SendAsync(HttpMethod.Patch, $"twins/{Uri.EscapeDataString(deviceId)}", body, "*", stop).ConfigureAwait(false);
            Require(answer, $"change the twin of {deviceId}");
        }

        /// <summary>Calls a direct method.</summary>
        public Task<HubAnswer> CallAsync(string deviceId, string method, JsonObject payload, int connectSeconds, CancellationToken stop)
        {
            var body = new JsonObject { ["methodName"] = method, ["payload"] = payload.DeepClone(), ["responseTimeoutInSeconds"] = Math.Max(30, connectSeconds), ["connectTimeoutInSeconds"] = connectSeconds };
            return SendAsync(HttpMethod.Post, $"twins/{Uri.EscapeDataString(deviceId)}/methods", body, null, stop);
        }

        /// <summary>The rows of a query.</summary>
        /// <param name="query">The query.</param>
        /// <param name="most">No more rows than these.</param>
        /// <param name="stop">Ends it.</param>
        public async Task<IReadOnlyList<JsonObject>> QueryAsync(string query, int most, CancellationToken stop)
        {
            List<JsonObject> rows = [];
            string? continuation = null;
            do
            {
                HubAnswer answer = await SendAsync(HttpMethod.Post, "devices/query", new JsonObject { ["query"] = query }, null, stop, continuation ?? "").ConfigureAwait(false);
                rows.AddRange(Require(answer, "query the devices").Objects);
                continuation = answer.Continuation;
            }
            while (continuation != null && rows.Count < most);
            return rows;
        }

        /// <summary>Judges an answer.</summary>
        /// <exception cref="Failure">The request was not done.</exception>
        public HubAnswer Require(HubAnswer answer, string what)
        {
            if (answer.IsDone)
            {
                return answer;
            }

            string said = $"{answer.Status} {answer.Error}".TrimEnd();
            TimeSpan off = answer.Date is { } date ? (date - Clock.GetUtcNow()).Duration() : TimeSpan.Zero;
            if (answer.Status == 401 && off > _skew)
            {
                throw new Failure(ExitCode.ClockOff, $"{Name} refuses the signature, and this computer's clock differs from the hub's by {off.TotalMinutes:F0} minutes. Set the clock.");
            }

            throw answer.Status switch
            {
                401 => new Failure(ExitCode.Denied, $"{Name} does not let policy '{_address.Policy}' {what} ({said}). Check that the key is this hub's, and that the policy has 'service connect'."),
                403 when answer.Error == "IotHubQuotaExceeded" => new Failure(ExitCode.Throttled, $"{Name}: the day's messages are used up ({said}). Wait until midnight UTC, or add units."),
                403 => new Failure(ExitCode.Denied, $"{Name} does not allow to {what} ({said}): the Basic tier has no twins and no configurations."),
                404 => new Failure(ExitCode.NoTarget, $"{Name} cannot {what} ({said}): it is not there."),
                429 => new Failure(ExitCode.Throttled, $"{Name} throttled for {Patience.TotalMinutes:F0} minutes while the tool tried to {what}. Nothing is half done: run the command again later, or add units to the hub."),
                >= 500 => new Failure(ExitCode.Unreachable, $"{Name} failed to {what} ({said}). Run the command again."),
                _ => new Failure(ExitCode.Usage, $"{Name} refuses to {what} ({said}): {answer.Message}"),
            };
        }

        private async Task<HubAnswer> SendAsync(HttpMethod method, string path, JsonNode? body, string? ifMatch, CancellationToken stop, string? continuation = null)
        {
            bool mayHaveRun = path.EndsWith("/methods", StringComparison.Ordinal);
            TimeSpan waited = TimeSpan.Zero;
            for (int tries = 1; ; tries++)
            {
                stop.ThrowIfCancellationRequested();
                TimeSpan wait;
                int status = 0;
                try
                {
                    using HttpRequestMessage request = Request(method, path, body, ifMatch, continuation);
                    using HttpResponseMessage response = await _http.SendAsync(request, stop).ConfigureAwait(false);
                    string text = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
                    status = (int)response.StatusCode;
                    _notice.Answered(status);
                    if ((status != 429 || waited >= Patience) && (status < 500 || mayHaveRun || tries >= MostTries))
                    {
                        return new HubAnswer(status, text, Header(response, "iothub-errorcode"), response.Headers.ETag?.Tag, Header(response, "x-ms-continuation"), response.Headers.Date);
                    }

                    wait = RetryWait.Of(response, Clock.GetUtcNow(), status == 429 ? _throttleWait * (0.5 + Random.Shared.NextDouble()) : TimeSpan.FromSeconds(1 << tries));
                }
                catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !stop.IsCancellationRequested))
                {
                    if (mayHaveRun || tries >= MostTries)
                    {
                        throw new Failure(ExitCode.Unreachable, $"{Name} cannot be reached{Why(e)}. Check the network and HostName, then run the command again: it goes on where it was.");
                    }

                    wait = TimeSpan.FromSeconds(1 << (tries - 1));
                    status = 0;
                }

                _notice.Say(Waits, status, wait, status == 429 ? $"and so on for up to {Patience.TotalMinutes:F0} minutes" : "and so on");
                waited += wait;
                await Delay(wait, stop).ConfigureAwait(false);
            }
        }

        private HttpRequestMessage Request(HttpMethod method, string path, JsonNode? body, string? ifMatch, string? continuation)
        {
            var request = new HttpRequestMessage(method, $"{path}?{Version}");
            request.Headers.TryAddWithoutValidation("Authorization", _address.Authorize(Clock.GetUtcNow()));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.TryAddWithoutValidation("User-Agent", "nanoOta");
            request.Headers.TryAddWithoutValidation("x-ms-client-request-id", Guid.NewGuid().ToString());
            if (ifMatch != null)
            {
                // Always quoted: with an unquoted one, configurations are answered "exists already".
                request.Headers.TryAddWithoutValidation("If-Match", ifMatch is ['"', ..] ? ifMatch : $"\"{ifMatch}\"");
            }

            if (continuation != null)
            {
                request.Headers.TryAddWithoutValidation("x-ms-max-item-count", $"{PageSize}");
            }

            if (continuation is { Length: > 0 })
            {
                request.Headers.TryAddWithoutValidation("x-ms-continuation", continuation);
            }

            if (body != null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            }

            return request;
        }

        private static string? Header(HttpResponseMessage response, string name)
        {
            return response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
        }

        private static string Why(Exception e)
        {
            return e is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } ? ": there is no host of that name"
                : e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? ": its certificate is not accepted" : "";
        }
    }
}
