using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using nanoOta.Tool.DeviceUpdates;

namespace nanoOta.Tests.Fleet
{
    /// <summary>
    /// As much of Device Update's data plane as the tool speaks with, with its traps: the import fails in its operation and not in its
    /// answer, locations are relative, a missing thing is a problem+json without "error", and deployments say how devices download.
    /// </summary>
    internal sealed partial class DeviceUpdateStandIn : IDisposable
    {
        public const string Token = "token-of-an-operator";

        private readonly WebApplication _server;
        private readonly HttpClient _fetch = new();
        private readonly ConcurrentDictionary<string, JsonObject> _operations = new();
        private readonly ConcurrentDictionary<string, string> _updates = new();

        // Files by the id that the service gives them.
        private readonly ConcurrentDictionary<string, JsonObject> _files = new();

        public DeviceUpdateStandIn()
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
            _server = builder.Build();
            _server.Run(AnswerAsync);
            _server.Start();
            Instance = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/fleet";
        }

        /// <summary>The instance's address.</summary>
        public string Instance { get; }

        /// <summary>Groups with their devices.</summary>
        public Dictionary<string, int> Groups { get; } = new() { ["field"] = 12 };

        /// <summary>Deployments by id, as they were put.</summary>
        public ConcurrentDictionary<string, JsonObject> Deployments { get; } = new();

        /// <summary>What every request is answered with; 0: as it should be.</summary>
        public Queue<int> Faults { get; } = new();

        /// <summary>Makes of an import's state what the service answers with.</summary>
        public Func<JsonObject, JsonObject> Operation { get; set; } = state => state;

        /// <summary>Methods, paths and versions that were asked for.</summary>
        public ConcurrentQueue<string> Requests { get; } = new();

        public void Dispose()
        {
            _server.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
            ((IDisposable)_server).Dispose();
            _fetch.Dispose();
        }

        private async Task AnswerAsync(HttpContext context)
        {
            HttpRequest request = context.Request;
            string path = request.Path.Value!["/deviceUpdate/fleet/".Length..];
            Requests.Enqueue($"{request.Method} {path}");
            int fault = Faults.TryDequeue(out int status) ? status : 0;
            if (fault > 0)
            {
                await SendAsync(context, fault, fault == 400 ? JsonNode.Parse("""{"error":{"code":"BadRequest","message":"no","innererror":{"code":"Outer","innerError":{"code":"Inner"}}}}""") : null);
            }
            else if (request.Headers.Authorization != $"Bearer {Token}")
            {
                await SendAsync(context, 401, null);
            }
            else if (request.Query["api-version"] is not [("2026-06-01" or "2022-10-01")])
            {
                await SendAsync(context, 400, JsonNode.Parse("""{"error":{"code":"UnsupportedApiVersion","message":"The api-version is not supported."}}"""));
            }
            else if (request.Method == "POST" && path == "updates:import")
            {
                string id = Guid.NewGuid().ToString("N");
                _operations[id] = new JsonObject { ["operationId"] = id, ["status"] = "Running", ["traceId"] = "trace-1" };
                JsonArray items = (await JsonNode.ParseAsync(request.Body))!.AsArray();
                _ = Task.Run(async () => _operations[id] = await ImportAsync(id, items));
                context.Response.Headers["Operation-Location"] = $"/deviceUpdate/fleet/updates/operations/{id}?api-version=2026-06-01";
                context.Response.StatusCode = 202;
            }
            else if (path.StartsWith("updates/operations/", StringComparison.Ordinal) && _operations.TryGetValue(path.Split('/')[^1], out JsonObject? operation))
            {
                await SendAsync(context, 200, Operation(operation.DeepClone().AsObject()));
            }
            else if (path.Split('/') is ["updates", "providers", var provider, "names", var name, "versions", var version] && _updates.ContainsKey($"{provider}/{name}/{version}"))
            {
                await SendAsync(context, 200, new JsonObject());
            }
            else if (path.Split('/') is ["management", "groups", var group] && Groups.TryGetValue(group, out int count))
            {
                await SendAsync(context, 200, new JsonObject { ["groupId"] = group, ["groupType"] = "IoTHubTag", ["deviceCount"] = count });
            }
            else if (request.Method == "PUT" && path.Split('/') is ["management", "groups", var of, "deployments", var deployment] && Groups.ContainsKey(of))
            {
                JsonObject body = (await JsonNode.ParseAsync(request.Body))!.AsObject();
                bool isRight = (string?)body["deploymentId"] == deployment && (string?)body["groupId"] == of && body["startDateTime"] != null && deployment == deployment.ToLowerInvariant() && deployment.Length <= 73;
                Deployments[deployment] = body;
                await SendAsync(context, isRight ? 200 : 400, body);
            }
            else if (path.Split('/') is ["updates", "providers", var by, "names", var called, "versions", var number, "files"] && _updates.ContainsKey($"{by}/{called}/{number}"))
            {
                await SendAsync(context, 200, new JsonObject { ["value"] = new JsonArray([.. _files.Where(file => file.Key.StartsWith($"{by}-{called}-{number}-", StringComparison.Ordinal)).Select(file => (JsonNode?)file.Key)]) });
            }
            else if (path.Split('/') is ["updates", "providers", _, "names", _, "versions", _, "files", var fileId] && _files.TryGetValue(fileId, out JsonObject? file))
            {
                await SendAsync(context, 200, file);
            }
            else if (AnswerDeployments(request, path) is { } answer)
            {
                await SendAsync(context, answer.Status, answer.Body);
            }
            else
            {
                await SendAsync(context, 404, JsonNode.Parse("""{"type":"https://tools.ietf.org/html/rfc7231#section-6.5.4","title":"Not Found","status":404,"traceId":"trace-2"}"""), "application/problem+json");
            }
        }

        private static Task SendAsync(HttpContext context, int status, JsonNode? body, string type = "application/json")
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return body == null ? Task.CompletedTask : context.Response.WriteAsync(body.ToJsonString());
        }

        // In the background, as the service does it: it fetches what the URLs name, and judges it.
        private async Task<JsonObject> ImportAsync(string id, JsonArray items)
        {
            JsonNode item = items.Single()!;
            byte[]? manifest = await FetchAsync((string)item["importManifest"]!["url"]!);
            if (manifest == null)
            {
                return Failed(id, "CannotProcessImportManifest", "CannotDownload");
            }

            if (manifest.Length != (int)item["importManifest"]!["sizeInBytes"]! || Convert.ToBase64String(SHA256.HashData(manifest)) != (string?)item["importManifest"]!["hashes"]!["sha256"])
            {
                return Failed(id, "CannotProcessImportManifest", "CannotParse");
            }

            JsonObject json = JsonNode.Parse(manifest)!.AsObject();
            if (ImportManifestCheck.Run(json, out _).Any())
            {
                return Failed(id, "CannotProcessImportManifest", "CannotParse");
            }

            foreach (JsonNode? file in json["files"]!.AsArray())
            {
                JsonNode? named = item["files"]!.AsArray().FirstOrDefault(other => (string?)other!["filename"] == (string?)file!["filename"]);
                byte[]? bytes = named == null ? null : await FetchAsync((string)named["url"]!);
                if (bytes == null || bytes.Length != (int)file!["sizeInBytes"]! || Convert.ToBase64String(SHA256.HashData(bytes)) != (string?)file["hashes"]!["sha256"])
                {
                    return Failed(id, "CannotProcessUpdateFile", "ContentFileCannotDownload");
                }
            }

            string compatibility = json["compatibility"]!.ToJsonString();
            string key = $"{json["updateId"]!["provider"]}/{json["updateId"]!["name"]}";
            if (_updates.Any(other => other.Value == compatibility && !other.Key.StartsWith(key + "/", StringComparison.Ordinal)))
            {
                return Failed(id, "UpdateLimitExceeded", "UpdateProviderNameVersionCompatibility");
            }

            foreach (JsonNode? file in json["files"]!.AsArray())
            {
                _files.TryAdd($"{key.Replace('/', '-')}-{json["updateId"]!["version"]}-{file!["filename"]}", new JsonObject { ["fileName"] = file["filename"]!.DeepClone(), ["hashes"] = file["hashes"]!.DeepClone() });
            }

            return _updates.TryAdd($"{key}/{json["updateId"]!["version"]}", compatibility) ? new JsonObject { ["operationId"] = id, ["status"] = "Succeeded" } : Failed(id, "UpdateAlreadyExists", null);
        }

        private async Task<byte[]?> FetchAsync(string url)
        {
            using HttpResponseMessage response = await _fetch.GetAsync(new Uri(url));
            return response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync() : null;
        }

        private static JsonObject Failed(string id, string code, string? inner)
        {
            var error = new JsonObject { ["code"] = code, ["message"] = "no" };
            if (inner != null)
            {
                error["innererror"] = new JsonObject { ["code"] = inner };
            }

            return new JsonObject { ["operationId"] = id, ["status"] = "Failed", ["error"] = error, ["traceId"] = "trace-1" };
        }
    }
}
