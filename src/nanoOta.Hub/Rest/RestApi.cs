using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace nanoOta.Hub
{
    /// <summary>IoT Hub's service API over HTTP.</summary>
    internal sealed class RestApi(IotHub hub)
    {
        private const int LongestBody = 1024 * 1024;
        private const int DefaultPage = 100;
        private const int LargestPage = 1000;
        private static readonly string[] _versions = ["2018-06-30", "2020-05-31-preview", "2020-09-30", "2021-04-12", "2024-03-31"];

        private readonly Throttle _throttle = new(hub.Options.Units, hub.Options.LongestQueue, hub.Clock.Provider);

        /// <summary>Adds the API's paths.</summary>
        public void Map(IEndpointRouteBuilder routes)
        {
            Get(routes, "/twins/{id}", Right.ServiceConnect, Operation.TwinRead, call => call.Send(hub.GetTwin(call.Id)));
            Add(routes, "PATCH", "/twins/{id}", Right.ServiceConnect, Operation.TwinWrite, async call => await call.SendAsync(hub.PatchTwin(call.Id, await call.BodyAsync(), call.IfMatch)));
            Add(routes, "PUT", "/twins/{id}", Right.ServiceConnect, Operation.TwinWrite, async call => await call.SendAsync(hub.PutTwin(call.Id, await call.BodyAsync(), call.IfMatch)));
            Get(routes, "/twins/{id}/modules/{module}", Right.ServiceConnect, Operation.TwinRead, call => throw HubError.DeviceNotFound(call.Id));
            Add(routes, "POST", "/twins/{id}/methods", Right.ServiceConnect, Operation.Method, async call => await call.SendAsync(await hub.CallMethodAsync(call.Id, await call.BodyAsync(), call.Stop)));
            Add(routes, "POST", "/devices/query", Right.ServiceConnect, Operation.Query, QueryAsync);

            Get(routes, "/devices", Right.RegistryRead, Operation.RegistryRead, call => call.SendAsync(hub.ListDevices(call.Top)));
            Add(routes, "POST", "/devices", Right.RegistryWrite, Operation.RegistryWrite, BulkAsync);
            Get(routes, "/devices/{id}", Right.RegistryRead, Operation.RegistryRead, call => call.Send(hub.GetDevice(call.Id)));
            Add(routes, "PUT", "/devices/{id}", Right.RegistryWrite, Operation.RegistryWrite, async call => await call.SendAsync(hub.PutDevice(call.Id, await call.BodyAsync(), call.IfMatch)));
            Add(routes, "DELETE", "/devices/{id}", Right.RegistryWrite, Operation.RegistryWrite, call => call.Done(() => hub.DeleteDevice(call.Id, call.IfMatch)));
            Get(routes, "/statistics/devices", Right.RegistryRead, Operation.RegistryRead, call => call.SendAsync(hub.DeviceStatistics()));
            Get(routes, "/statistics/service", Right.RegistryRead, Operation.RegistryRead, call => call.SendAsync(hub.ServiceStatistics()));

            const Right Configurations = Right.ServiceConnect | Right.RegistryWrite;
            Get(routes, "/configurations", Configurations | Right.RegistryRead, Operation.ConfigurationRead, call => call.SendAsync(hub.ListConfigurations()));
            Get(routes, "/configurations/{id}", Configurations | Right.RegistryRead, Operation.ConfigurationRead, call => call.Send(hub.GetConfiguration(call.Id)));
            Add(routes, "PUT", "/configurations/{id}", Configurations, Operation.ConfigurationWrite, async call => await call.SendAsync(hub.PutConfiguration(call.Id, await call.BodyAsync(), call.IfMatch)));
            Add(routes, "DELETE", "/configurations/{id}", Configurations, Operation.ConfigurationWrite, call => call.Done(() => hub.DeleteConfiguration(call.Id, call.IfMatch)));
            Add(routes, "POST", "/configurations/testQueries", Configurations, Operation.ConfigurationRead, async call => await call.SendAsync(IotHub.TestQueries(await call.BodyAsync())));

            Add(routes, "PUT", "/jobs/v2/{id}", Right.ServiceConnect, Operation.Job, async call => await call.SendAsync(hub.PutJob(call.Id, await call.BodyAsync())));
            Get(routes, "/jobs/v2/query", Right.ServiceConnect, Operation.Job, call => call.SendAsync(hub.ListJobs(call.Query("jobType"), call.Query("jobStatus"))));
            Get(routes, "/jobs/v2/{id}", Right.ServiceConnect, Operation.Job, call => call.SendAsync(hub.GetJob(call.Id)));
            Add(routes, "POST", "/jobs/v2/{id}/cancel", Right.ServiceConnect, Operation.Job, call => call.SendAsync(hub.CancelJob(call.Id)));
        }

        private void Get(IEndpointRouteBuilder routes, string path, Right right, Operation operation, Func<RestCall, Task> work) => Add(routes, "GET", path, right, operation, work);

        private void Add(IEndpointRouteBuilder routes, string method, string path, Right right, Operation operation, Func<RestCall, Task> work)
        {
            routes.MapMethods(path, [method], (RequestDelegate)(context => AnswerAsync(context, right, operation, work)));
        }

        private async Task AnswerAsync(HttpContext context, Right right, Operation operation, Func<RestCall, Task> work)
        {
            HttpResponse response = context.Response;
            response.Headers["x-ms-request-id"] = Guid.NewGuid().ToString();
            if (Guid.TryParse(context.Request.Headers["x-ms-client-request-id"], out Guid id))
            {
                response.Headers["x-ms-client-request-id"] = id.ToString();
            }

            try
            {
                if ((hub.Rights(context.Request.Headers.Authorization) & right) == 0)
                {
                    throw HubError.Unauthorized();
                }

                if (!_versions.Contains(context.Request.Query["api-version"].ToString()))
                {
                    throw new HubError(400, "InvalidProtocolVersion", 400001, "The api-version is missing or not known.");
                }

                await _throttle.WaitAsync(operation, context.RequestAborted);
                await work(new RestCall(context, LongestBody, hub.Save));
            }
            catch (HubError error)
            {
                await FailAsync(response, error);
            }
            catch (OperationCanceledException)
            {
                // The client is gone.
            }
            catch (Exception e) when (e is not IOException)
            {
                hub.Note(e);
                if (!response.HasStarted)
                {
                    await FailAsync(response, HubError.Server());
                }
            }
        }

        private async Task FailAsync(HttpResponse response, HubError error)
        {
            response.StatusCode = error.Status;
            response.Headers["iothub-errorcode"] = error.Code;
            response.ContentType = "application/json; charset=utf-8";
            if (error.Status == 429)
            {
                response.Headers.Connection = "close";
            }

            await response.WriteAsync(error.Body(hub.Clock.UtcNow), Encoding.UTF8);
        }

        private async Task BulkAsync(RestCall call)
        {
            JsonObject result = hub.Bulk(await call.ReadAsync() as JsonArray ?? throw HubError.Argument("The body is not a JSON array."));
            call.Context.Response.StatusCode = (bool)result["isSuccessful"]! ? 200 : 400;
            await call.SendAsync(result);
        }

        private async Task QueryAsync(RestCall call)
        {
            string text = HubText.Text(await call.BodyAsync(), "query") ?? throw HubError.ArgumentNull("query");
            int most = DefaultPage;
            if (call.Header("x-ms-max-item-count") is { } header && (!int.TryParse(header, out most) || most is < 1 or > LargestPage))
            {
                throw HubError.Argument($"x-ms-max-item-count is 1 to {LargestPage}.");
            }

            QueryPage page = hub.Ask(text, Skipped(call.Header("x-ms-continuation")), most);
            call.Context.Response.Headers["x-ms-item-type"] = page.ItemType;
            if (page.HasMore)
            {
                call.Context.Response.Headers["x-ms-continuation"] = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Skipped(call.Header("x-ms-continuation")) + most}"));
            }

            await call.SendAsync(new JsonArray([.. page.Rows]));
        }

        private static int Skipped(string? continuation)
        {
            if (string.IsNullOrEmpty(continuation))
            {
                return 0;
            }

            var bytes = new byte[16];
            return Convert.TryFromBase64String(continuation, bytes, out int length) && int.TryParse(Encoding.ASCII.GetString(bytes, 0, length), out int skip) && skip >= 0
                ? skip
                : throw HubError.Argument("x-ms-continuation is not one of this hub's.");
        }
    }

    /// <summary>A request under way.</summary>
    internal sealed class RestCall(HttpContext context, int longestBody, Action save)
    {
        private const int MaxTop = 1000;

        public HttpContext Context => context;

        public CancellationToken Stop => context.RequestAborted;

        public string Id => (string)context.Request.RouteValues["id"]!;

        public string? IfMatch => Header("If-Match");

        public int Top => int.TryParse(Query("top"), out int top) ? Math.Clamp(top, 1, MaxTop) : MaxTop;

        public string? Header(string name) => context.Request.Headers[name] is { Count: > 0 } values && !StringValues.IsNullOrEmpty(values) ? values.ToString() : null;

        public string? Query(string name) => context.Request.Query[name] is { Count: > 0 } values ? values.ToString() : null;

        /// <exception cref="HubError">It is no object, or too long.</exception>
        public async Task<JsonObject> BodyAsync() => await ReadAsync() as JsonObject ?? throw HubError.Argument("The body is not a JSON object.");

        /// <exception cref="HubError">It is no JSON, or too long.</exception>
        public async Task<JsonNode?> ReadAsync()
        {
            using var body = new MemoryStream();
            var buffer = new byte[8192];
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, Stop)) > 0)
            {
                body.Write(buffer, 0, read);
                if (body.Length > longestBody)
                {
                    throw new HubError(413, "MessageTooLarge", 413001, $"The body has more than {longestBody} bytes.");
                }
            }

            return HubText.Read(body.GetBuffer().AsSpan(0, (int)body.Length), "body");
        }

        public Task Send(HubDocument document) => SendAsync(document);

        public Task SendAsync(HubDocument document)
        {
            context.Response.Headers.ETag = $"\"{document.ETag}\"";
            return SendAsync(document.Json);
        }

        public Task SendAsync(JsonNode json)
        {
            save();
            context.Response.ContentType = "application/json; charset=utf-8";
            return context.Response.WriteAsync(json.ToJsonString(HubText.Options), Encoding.UTF8, Stop);
        }

        public Task Done(Action work)
        {
            work();
            save();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }
    }
}
