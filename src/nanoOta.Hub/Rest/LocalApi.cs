using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace nanoOta.Hub
{
    /// <summary>What a local hub has and IoT Hub has not: its clock can be set forward. Needs the rights of the owner.</summary>
    internal static class LocalApi
    {
        private const Right Owner = Right.ServiceConnect | Right.RegistryWrite | Right.DeviceConnect;
        private const int MaxSeconds = 366 * 24 * 3600;

        public static void Map(IEndpointRouteBuilder routes, IotHub hub)
        {
            routes.MapMethods("/local/clock", ["GET"], (RequestDelegate)(context => AnswerAsync(context, hub)));
            routes.MapMethods("/local/clock", ["POST"], (RequestDelegate)(context => AnswerAsync(context, hub)));
        }

        private static Task AnswerAsync(HttpContext context, IotHub hub)
        {
            HttpResponse response = context.Response;
            try
            {
                if ((hub.Rights(context.Request.Headers.Authorization) & Owner) != Owner)
                {
                    throw HubError.Unauthorized();
                }

                if (context.Request.Method == "POST")
                {
                    hub.Advance(int.TryParse(context.Request.Query["advance"], out int seconds) && seconds is >= 0 and <= MaxSeconds ? TimeSpan.FromSeconds(seconds)
                        : throw HubError.Argument($"advance is 0 to {MaxSeconds} seconds."));
                }

                response.ContentType = "application/json; charset=utf-8";
                return response.WriteAsync(new JsonObject { ["utc"] = HubClock.Text(hub.Clock.UtcNow) }.ToJsonString(), Encoding.UTF8);
            }
            catch (HubError error)
            {
                response.StatusCode = error.Status;
                return response.WriteAsync(error.Body(hub.Clock.UtcNow), Encoding.UTF8);
            }
        }
    }
}
