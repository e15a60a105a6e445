using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace nanoOta.VirtualDevice.Cloud
{
    /// <summary>
    /// An HTTP/1.1 server as devices need one: GET and HEAD, byte ranges, ETags, and their reports. The protocol is Kestrel's; the
    /// limits are ours, since a LAN has more on it than devices.
    /// </summary>
    public sealed class FileServer : IDisposable
    {
        /// <summary>Where reports go to.</summary>
        public const string ReportPath = "report";

        /// <summary>The longest report that is taken, in bytes.</summary>
        public const int MaxReport = 4096;

        private const int MaxHead = 8192;
        private const int MaxConnections = 256;
        private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

        private readonly WebApplication _server;
        private readonly Func<string, byte[]?> _find;

        /// <summary>Starts a server on the loopback address.</summary>
        /// <param name="find">The content of a path, which has no leading slash; null: there is none. Called by several threads.</param>
        /// <param name="port">The TCP port; 0: any free one.</param>
        /// <exception cref="IOException">The port is taken.</exception>
        public FileServer(Func<string, byte[]?> find, int port = 0)
            : this(find, new FileServerAddress(IPAddress.Loopback, port, null))
        {
        }

        /// <summary>Starts a server.</summary>
        /// <param name="find">The content of a path, which has no leading slash; null: there is none. Called by several threads.</param>
        /// <param name="address">Where it listens.</param>
        /// <exception cref="IOException">The port is taken.</exception>
        public FileServer(Func<string, byte[]?> find, FileServerAddress address)
        {
            _find = find;
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
            builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Configure(options, address));
            _server = builder.Build();
            _server.Run(AnswerAsync);
            _server.Start();
            Url = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/";
        }

        /// <summary>The server's root, with a trailing slash.</summary>
        public string Url { get; }

        /// <summary>How fast a body is sent at the most, in bytes a second; 0: as fast as it goes.</summary>
        public int BytesPerSecond { get; init; }

        /// <summary>Called with each answer before its body is sent.</summary>
        public Action<ServedRequest>? Served { get; init; }

        /// <summary>Takes reports, and says whether one was understood; null: none are asked for.</summary>
        public Func<ReceivedReport, bool>? Reported { get; init; }

        /// <summary>Answers a request in the server's place, and says whether it did; null: nobody does.</summary>
        public Func<HttpContext, Task<bool>>? Page { get; init; }

        /// <summary>
        /// The files of a folder and of those below it, for the constructor. Nothing outside of it is served, and nothing whose name,
        /// or whose folder's, begins with a dot.
        /// </summary>
        public static Func<string, byte[]?> Folder(string folder)
        {
            string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
            return path =>
            {
                string full = path.Contains('\0') ? "" : Path.GetFullPath(Path.Combine(root, path));
                if (!full.StartsWith(root, StringComparison.Ordinal) || full[(root.Length - 1)..].Contains($"{Path.DirectorySeparatorChar}."))
                {
                    return null;
                }

                try
                {
                    return File.Exists(full) ? File.ReadAllBytes(full) : null;
                }
                catch (Exception e) when (e is UnauthorizedAccessException or IOException)
                {
                    // Not for us to read, or being replaced at this moment: to the one who asks, it is not there.
                    return null;
                }
            };
        }

        /// <summary>Stops; answers under way are broken off.</summary>
        public void Dispose()
        {
            _server.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
            _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        private static void Configure(KestrelServerOptions options, FileServerAddress address)
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestHeadersTotalSize = MaxHead;
            options.Limits.MaxRequestLineSize = MaxHead / 2;
            options.Limits.MaxRequestBodySize = MaxReport;
            options.Limits.MaxConcurrentConnections = MaxConnections;
            options.Limits.RequestHeadersTimeout = _patience;
            options.Limits.KeepAliveTimeout = _patience;

            // A device that erases its flash does not read for a while.
            options.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(60));
            options.Listen(address.Address, address.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (address.Certificate != null)
                {
                    listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = address.Certificate, HandshakeTimeout = _patience });
                }
            });
        }

        private async Task AnswerAsync(HttpContext context)
        {
            if (Page != null && await Page(context))
            {
                return;
            }

            string path = context.Request.Path.Value is { Length: > 0 } text ? text[1..] : "";
            if (Reported != null)
            {
                context.Response.Headers["Nanoota-Report"] = "/" + ReportPath;
            }

            context.Response.OnStarting(() =>
            {
                Served?.Invoke(new ServedRequest(path, context.Response.StatusCode, FirstByte(context.Response), Device(context), Client(context)));
                return Task.CompletedTask;
            });
            if (Reported != null && path == ReportPath)
            {
                context.Response.StatusCode = await TakeReportAsync(context);
            }
            else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            }
            else if (_find(path) is { } file)
            {
                await SendAsync(context, path, file);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        }

        private async Task SendAsync(HttpContext context, string path, byte[] file)
        {
            if (BytesPerSecond > 0)
            {
                context.Response.Body = new SlowStream(context.Response.Body, BytesPerSecond);
            }

            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(file))[..16]}\"");
            DropRange(context.Request, tag);
            string type = path.EndsWith(".json", StringComparison.Ordinal) ? "application/json" : "application/octet-stream";
            await Results.Bytes(file, type, enableRangeProcessing: true, entityTag: tag).ExecuteAsync(context);
        }

        // RFC 9110, 14.2 and 13.1.5: of a unit that is not known, or for another state of the file, the range is passed over. There is no
        // Last-Modified, so that no date can be that of this state.
        private static void DropRange(HttpRequest request, EntityTagHeaderValue tag)
        {
            IHeaderDictionary headers = request.Headers;
            bool isOfBytes = headers.Range.ToString().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase);
            bool isOfThisState = headers.IfRange.Count == 0 || headers.IfRange.ToString() == tag.ToString();
            if (!isOfBytes || !isOfThisState || !HttpMethods.IsGet(request.Method))
            {
                headers.Remove(HeaderNames.Range);
            }
        }

        private async Task<int> TakeReportAsync(HttpContext context)
        {
            if (!HttpMethods.IsPost(context.Request.Method))
            {
                return StatusCodes.Status405MethodNotAllowed;
            }

            // Kestrel ends it when it is too long, or too slow.
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return Reported!(new ReceivedReport(Device(context), Client(context), body.ToArray()))
                ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest;
        }

        private static string? Device(HttpContext context)
        {
            return context.Request.Headers["Nanoota-Device"] is { Count: 1 } id && !string.IsNullOrWhiteSpace(id[0]) ? id[0] : null;
        }

        private static string Client(HttpContext context)
        {
            return context.Connection.RemoteIpAddress?.ToString() ?? "";
        }

        private static int FirstByte(HttpResponse response)
        {
            return (int)(response.GetTypedHeaders().ContentRange?.From ?? 0);
        }

        // Who makes the server ends it; the host's own lifetime would take Ctrl+C for itself.
        private sealed class OwnersLifetime : IHostLifetime
        {
            public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
    }
}
