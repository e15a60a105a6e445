using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace nanoOta.Hub.Tests
{
    /// <summary>A client of the service API that sends exactly what a test says, and shows the answer as it came.</summary>
    internal sealed class HubClient : IDisposable
    {
        private readonly HttpClient _http = new();
        private readonly HubClock _clock;
        private readonly string _host;
        private readonly string _policy;
        private readonly string _key;

        public HubClient(string connectionString, HubClock clock)
        {
            Dictionary<string, string> fields = connectionString.Split(';').Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1]);
            _host = fields["HostName"];
            _policy = fields["SharedAccessKeyName"];
            _key = fields["SharedAccessKey"];
            _clock = clock;
            Expires = clock.Real.AddMinutes(20);
            Resource = _host;
        }

        public DateTime Expires { get; set; }

        public string Resource { get; set; }

        public string ApiVersion { get; set; } = "2021-04-12";

        public HubAnswer Get(string path) => Send("GET", path);

        public HubAnswer Put(string path, string body, string? ifMatch = null) => Send("PUT", path, body, ("If-Match", ifMatch));

        public HubAnswer Patch(string path, string body, string? ifMatch = null) => Send("PATCH", path, body, ("If-Match", ifMatch));

        public HubAnswer Delete(string path, string? ifMatch = null) => Send("DELETE", path, null, ("If-Match", ifMatch));

        public HubAnswer Post(string path, string body) => Send("POST", path, body);

        public HubAnswer Query(string query, params (string Name, string? Value)[] headers)
        {
            return Send("POST", "/devices/query", new JsonObject { ["query"] = query }.ToJsonString(), headers);
        }

        public HubAnswer Send(string method, string path, string? body = null, params (string Name, string? Value)[] headers)
        {
            return SendAsync(method, path, body, headers).GetAwaiter().GetResult();
        }

        public async Task<HubAnswer> SendAsync(string method, string path, string? body = null, params (string Name, string? Value)[] headers)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"http://{_host}{path}{(path.Contains('?') ? '&' : '?')}api-version={ApiVersion}");
            request.Headers.TryAddWithoutValidation("Authorization", SasToken.Sign(Resource, _key, Expires, _policy));
            foreach ((string name, string? value) in headers)
            {
                if (value != null)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }

            if (body != null)
            {
                request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            }

            using HttpResponseMessage response = await _http.SendAsync(request);
            return new HubAnswer((int)response.StatusCode, response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase), await response.Content.ReadAsStringAsync());
        }

        public void Dispose() => _http.Dispose();
    }

    /// <summary>An answer of the service API.</summary>
    internal sealed record HubAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
    {
        public JsonNode Json => JsonNode.Parse(Text)!;

        public string? ETag => Headers.GetValueOrDefault("ETag");

        public string? Error => Headers.GetValueOrDefault("iothub-errorcode");

        /// <summary>The ids of a query's rows.</summary>
        public string Ids => string.Join(' ', Json.AsArray().Select(row => (string)row!["deviceId"]!));
    }
}
