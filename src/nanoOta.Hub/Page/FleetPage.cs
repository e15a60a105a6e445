using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace nanoOta.Hub
{
    /// <summary>The page that shows a fleet live: three files, events as they happen, and a device's history. It asks nothing of any other host.</summary>
    public sealed class FleetPage(FleetBoard board)
    {
        /// <summary>What the paths of its parts begin with: no file of a served folder does.</summary>
        public const string Prefix = "/.page/";

        private const int MostWatchers = 32;
        private static readonly TimeSpan _sign = TimeSpan.FromSeconds(15);

        private static readonly Dictionary<string, string> _types = new()
        {
            ["page.html"] = "text/html; charset=utf-8",
            ["page.css"] = "text/css; charset=utf-8",
            ["page.js"] = "text/javascript; charset=utf-8",
        };

        private int _watchers;

        /// <summary>Answers a request for the page or a part of it.</summary>
        /// <returns>Whether it was one; if not, nothing was sent.</returns>
        public async Task<bool> TryAnswerAsync(HttpContext context)
        {
            string path = context.Request.Path.Value ?? "";
            string? part = path == "/" ? "page.html" : path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : null;
            if (part == null || context.Request.Method != "GET")
            {
                return false;
            }

            context.Response.Headers["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            context.Response.Headers["X-Content-Type-Options"] = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            context.Response.Headers.CacheControl = "no-store";
            if (_types.TryGetValue(part, out string? type))
            {
                await SendAsync(context, type, Resource(part));
            }
            else if (part == "history")
            {
                await SendAsync(context, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(History(context.Request.Query["device"].ToString())));
            }
            else if (part == "events")
            {
                await WatchAsync(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }

            return true;
        }

        private string History(string device)
        {
            return new JsonArray([.. board.History(device).Select(item => new JsonObject
            {
                ["time"] = item.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                ["text"] = item.Text,
                ["kind"] = item.Kind,
            })]).ToJsonString(HubText.Options);
        }

        private async Task WatchAsync(HttpContext context)
        {
            if (Interlocked.Increment(ref _watchers) > MostWatchers)
            {
                Interlocked.Decrement(ref _watchers);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            string all = board.Watch(out Channel<string> changes);
            try
            {
                context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
                context.Response.ContentType = "text/event-stream";
                await EventsAsync(context, all, changes);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The reader is gone.
            }
            finally
            {
                board.Leave(changes);
                Interlocked.Decrement(ref _watchers);
            }
        }

        private static async Task EventsAsync(HttpContext context, string all, Channel<string> changes)
        {
            await using Stream body = Packed(context, CompressionLevel.Fastest);
            await WriteAsync(body, $"retry: 2000\nevent: all\ndata: {all}\n\n", context.RequestAborted);
            Task<bool> next = changes.Reader.WaitToReadAsync(context.RequestAborted).AsTask();
            while (true)
            {
                // A sign of life now and then, or a reader that is gone is never noticed.
                if (await Task.WhenAny(next, Task.Delay(_sign, context.RequestAborted)) != next)
                {
                    await WriteAsync(body, ":\n\n", context.RequestAborted);
                    continue;
                }

                if (!await next)
                {
                    return;
                }

                while (changes.Reader.TryRead(out string? message))
                {
                    await WriteAsync(body, $"event: some\ndata: {message}\n\n", context.RequestAborted);
                }

                next = changes.Reader.WaitToReadAsync(context.RequestAborted).AsTask();
            }
        }

        private static async Task WriteAsync(Stream body, string text, CancellationToken stop)
        {
            await body.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
            await body.FlushAsync(stop);
        }

        private static async Task SendAsync(HttpContext context, string type, byte[] content)
        {
            context.Response.ContentType = type;
            await using Stream body = Packed(context, CompressionLevel.Optimal);
            await body.WriteAsync(content, context.RequestAborted);
        }

        private static Stream Packed(HttpContext context, CompressionLevel level)
        {
            if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return context.Response.BodyWriter.AsStream(leaveOpen: true);
            }

            context.Response.Headers.ContentEncoding = "gzip";
            return new GZipStream(context.Response.BodyWriter.AsStream(leaveOpen: true), level);
        }

        private static byte[] Resource(string name)
        {
            using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"nanoOta.Hub.Page.{name}")!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }
}
