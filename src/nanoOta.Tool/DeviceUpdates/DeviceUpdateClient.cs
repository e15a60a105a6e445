using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Identity;

namespace nanoOta.Tool.DeviceUpdates
{
    /// <summary>
    /// The data plane of Device Update for IoT Hub, as far as the tool needs it. What is sent again is the same request: an import that
    /// arrived twice is answered by its operation, a deployment that arrived twice has the same id.
    /// </summary>
    internal sealed class DeviceUpdateClient : IDisposable
    {
        /// <summary>The API version: the first one in which a deployment says how devices download.</summary>
        public const string DefaultVersion = "2026-06-01";

        private const int MostTries = 5;
        private const int MostPages = 1000;
        private static readonly TimeSpan _longestImport = TimeSpan.FromHours(1);
        private static readonly TimeSpan _poll = TimeSpan.FromSeconds(2);
        private static readonly TimeSpan _wait = TimeSpan.FromSeconds(10);
        private static readonly string[] _scopes = ["https://api.adu.microsoft.com/.default"];

        private readonly HttpClient _http;
        private readonly WaitNotice _notice;
        private readonly Uri _root;
        private readonly string _version;
        private readonly Func<CancellationToken, Task<string>> _token;

        /// <summary>Makes a client.</summary>
        /// <param name="instance">ACCOUNT.api.adu.microsoft.com/INSTANCE, with or without a scheme.</param>
        /// <param name="version">The API version.</param>
        /// <param name="token">A token that somebody has got already; null: as Azure.Identity finds somebody signed in.</param>
        /// <exception cref="Failure">That is no instance.</exception>
        public DeviceUpdateClient(string instance, string version, string? token)
        {
            string url = instance.Contains("://", StringComparison.Ordinal) ? instance : "https://" + instance;
            string[] path = Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) ? parsed.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) : [];
            if (path.Length != 1 || parsed!.Query.Length > 0 || (parsed.Scheme != "https" && !parsed.IsLoopback))
            {
                throw new Failure(ExitCode.Usage, $"'{instance}' is no instance of Device Update: write ACCOUNT.api.adu.microsoft.com/INSTANCE.");
            }

            Name = $"{parsed.Authority}/{path[0]}";
            _notice = new WaitNotice(Name);
            _root = new Uri(parsed, $"/deviceUpdate/{path[0]}/");
            _version = version;
            _http = new HttpClient { Timeout = TimeSpan.FromSeconds(100) };
            TokenCredential? credential = token == null ? new DefaultAzureCredential() : null;
            _token = async stop => token ?? (await credential!.GetTokenAsync(new TokenRequestContext(_scopes), stop).ConfigureAwait(false)).Token;
        }

        /// <summary>What the instance is called in messages.</summary>
        public string Name { get; }

        /// <summary>Waits.</summary>
        public Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;

        /// <summary>Takes a sentence when a request has to wait; null: nobody does.</summary>
        public Action<string>? Waits { get; init; }

        /// <inheritdoc/>
        public void Dispose() => _http.Dispose();

        /// <summary>The SHA-256 of an update's files, in base64; null: there is no such update.</summary>
        public async Task<IReadOnlyList<string>?> HashesAsync(string provider, string name, string version, CancellationToken stop)
        {
            string path = $"updates/providers/{Escape(provider)}/names/{Escape(name)}/versions/{Escape(version)}";
            if (await GetAsync(path, "read the update", stop).ConfigureAwait(false) == null)
            {
                return null;
            }

            List<string> hashes = [];
            foreach (JsonNode id in await ListAsync(path + "/files", "list the update's files", stop).ConfigureAwait(false))
            {
                JsonObject? file = await GetAsync($"{path}/files/{Escape(JsonMember.Text(id) ?? "")}", "read the update's file", stop).ConfigureAwait(false);
                hashes.Add(JsonMember.Text(file, "hashes", "sha256") ?? "");
            }

            return hashes;
        }

        /// <summary>Imports an update, and waits until the service has taken it.</summary>
        /// <returns>False when it was there already.</returns>
        /// <exception cref="Failure">The service does not take it, or does not say within an hour whether it does.</exception>
        public async Task<bool> ImportAsync(JsonObject item, CancellationToken stop)
        {
            (int accepted, _, string? location) = await SendAsync(HttpMethod.Post, "updates:import", new JsonArray(item.DeepClone()), "import the update", stop).ConfigureAwait(false);
            if (location == null)
            {
                return accepted == 200 ? true : throw new Failure(ExitCode.Unreachable, $"{Name} does not say where the import can be followed ({accepted}). Run the command again: it goes on where it was.");
            }

            for (TimeSpan waited = TimeSpan.Zero; ; waited += _poll)
            {
                (int status, JsonObject? operation, _) = await SendAsync(HttpMethod.Get, location, null, "read the import", stop).ConfigureAwait(false);
                switch (JsonMember.Text(operation, "status"))
                {
                    case "Succeeded":
                        return true;
                    case "NotStarted" or "Running" when waited < _longestImport:
                        break;
                    case "NotStarted" or "Running":
                        throw new Failure(ExitCode.Unreachable, $"{Name} has worked at the import for {_longestImport.TotalHours:F0} hour and has not ended it. It goes on there: run the command again later.{DeviceUpdateFailure.Trace(operation)}");
                    case null:
                        throw new Failure(ExitCode.Unreachable, $"{Name} does not know the import any more ({status}).");
                    case { } ended:
                        return DeviceUpdateFailure.Codes(operation!["error"]).Any(code => code.Contains("UpdateAlreadyExists", StringComparison.Ordinal)) ? false : throw DeviceUpdateFailure.OfImport(Name, ended, operation);
                }

                await Delay(_poll, stop).ConfigureAwait(false);
            }
        }

        /// <summary>Makes a deployment to a group.</summary>
        public Task DeployAsync(string group, JsonObject deployment, CancellationToken stop)
        {
            return SendAsync(HttpMethod.Put, $"management/groups/{Escape(group)}/deployments/{Escape((string)deployment["deploymentId"]!)}", deployment, $"deploy to group {group}", stop, isNeeded: true);
        }

        /// <summary>The devices of a group; null: there is no such group.</summary>
        public async Task<int?> CountAsync(string group, CancellationToken stop)
        {
            JsonObject? answer = await GetAsync($"management/groups/{Escape(group)}", "read the group", stop).ConfigureAwait(false);
            return answer == null ? null : (int)Math.Clamp(JsonRules.WholeOf(answer["deviceCount"]) ?? 0, 0, int.MaxValue);
        }

        /// <summary>Reads something.</summary>
        /// <param name="path">The path below the instance.</param>
        /// <param name="what">What is done, for messages.</param>
        /// <param name="stop">Ends it.</param>
        /// <returns>Null: it is not there.</returns>
        public async Task<JsonObject?> GetAsync(string path, string what, CancellationToken stop)
        {
            (int status, JsonObject? answer, _) = await SendAsync(HttpMethod.Get, path, null, what, stop).ConfigureAwait(false);
            return status == 404 ? null : answer ?? [];
        }

        /// <summary>Reads a list, page after page; an empty one when it is not there.</summary>
        /// <inheritdoc cref="GetAsync"/>
        public async Task<IReadOnlyList<JsonNode>> ListAsync(string path, string what, CancellationToken stop)
        {
            List<JsonNode> items = [];
            int pages = 0;
            for (string? next = path; next != null;)
            {
                if (++pages > MostPages)
                {
                    throw new Failure(ExitCode.Unreachable, $"{Name} cannot {what}: the list has no end after {MostPages} pages.");
                }

                JsonObject? page = await GetAsync(next, what, stop).ConfigureAwait(false);
                items.AddRange((page?["value"] as JsonArray ?? []).OfType<JsonNode>());
                next = JsonMember.Text(page, "nextLink");
            }

            return items;
        }

        /// <summary>Does something that can be asked for twice.</summary>
        /// <inheritdoc cref="GetAsync"/>
        public Task DoAsync(HttpMethod method, string path, string what, CancellationToken stop)
        {
            return SendAsync(method, path, null, what, stop, isNeeded: method != HttpMethod.Delete);
        }

        /// <summary>A part of a path.</summary>
        public static string Escape(string text) => Uri.EscapeDataString(text);

        private async Task<(int Status, JsonObject? Body, string? Location)> SendAsync(HttpMethod method, string path, JsonNode? body, string what, CancellationToken stop, bool isNeeded = false)
        {
            for (int tries = 1; ; tries++)
            {
                TimeSpan wait = _wait;
                int status = 0;
                try
                {
                    using HttpRequestMessage request = await RequestAsync(method, path, body, stop).ConfigureAwait(false);
                    using HttpResponseMessage response = await _http.SendAsync(request, stop).ConfigureAwait(false);
                    status = (int)response.StatusCode;
                    _notice.Answered(status);
                    var answer = Parse(await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false)) as JsonObject;
                    if ((status != 429 && status < 500) || tries >= MostTries)
                    {
                        return response.IsSuccessStatusCode || (status == 404 && !isNeeded) ? (status, answer, response.Headers.TryGetValues("Operation-Location", out IEnumerable<string>? values) ? values.First() : null)
                            : throw DeviceUpdateFailure.For(Name, status, answer, what);
                    }

                    wait = RetryWait.Of(response, DateTimeOffset.UtcNow, wait);
                }
                catch (AuthenticationFailedException e)
                {
                    throw new Failure(ExitCode.Denied, $"no sign-in for {Name} ({e.Message.Split('\n')[0].TrimEnd('.', '\r')}). Sign in with 'az login'.");
                }
                catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !stop.IsCancellationRequested))
                {
                    if (tries >= MostTries)
                    {
                        throw new Failure(ExitCode.Unreachable, $"{Name} cannot be reached. Check the network and the name, then run the command again: it goes on where it was.");
                    }

                    status = 0;
                }

                _notice.Say(Waits, status, wait, $"{MostTries} times in all");
                await Delay(wait, stop).ConfigureAwait(false);
            }
        }

        private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
        {
            // An operation's location is relative to the host, and has its version; the colon of updates:import is no scheme.
            Uri url = path.StartsWith('/') || path.Contains("://", StringComparison.Ordinal) ? new Uri(_root, path) : new Uri($"{_root}{path}{(path.Contains('?') ? '&' : '?')}api-version={_version}");
            if (!url.Authority.Equals(_root.Authority, StringComparison.OrdinalIgnoreCase))
            {
                throw new Failure(ExitCode.Unreachable, $"{Name} refers to another host, {url.Authority}: the sign-in is not sent there.");
            }

            var request = new HttpRequestMessage(method, url);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _token(stop).ConfigureAwait(false));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.TryAddWithoutValidation("x-ms-client-request-id", Guid.NewGuid().ToString());
            request.Content = body == null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            return request;
        }

        private static JsonNode? Parse(string text)
        {
            try
            {
                return text.Length == 0 ? null : JsonNode.Parse(text, null, new JsonDocumentOptions { AllowDuplicateProperties = false });
            }
            catch (JsonException)
            {
                // Not every error has a body that is JSON.
                return null;
            }
        }
    }
}
